import Foundation

/// A program to be run by a test, as a person or a script would run it.
package struct TestProgram: Sendable {
    /// Its absolute path.
    package let path: String

    /// Names a program by its absolute path.
    package init(path: String) {
        self.path = path
    }

    /// The `coverdesk` that was built together with the tests.
    package static var coverdesk: TestProgram {
        get throws { try built("coverdesk") }
    }

    /// An executable of this package, which lies beside the program that runs the tests.
    ///
    /// - Parameter name: The executable product.
    /// - Returns: The one of the same build, debug or release.
    /// - Throws: ``ProgramFault`` if it is not there.
    package static func built(_ name: String) throws(ProgramFault) -> TestProgram {
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let path = tests.deletingLastPathComponent().appendingPathComponent(name).path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw ProgramFault("there is no \(path): build all products together with the tests, as 'swift test' does")
        }
        return TestProgram(path: path)
    }

    /// Runs the program to its end.
    ///
    /// - Parameters:
    ///   - arguments: What follows the program's name.
    ///   - environment: Variables set over those of the tests, of which the project's own and libpq's are left out.
    ///   - input: What it reads on standard input.
    ///   - folder: The folder that it works in; nil for that of the tests.
    ///   - limit: When to give up on it and kill it; long, for a slow machine is no fault.
    /// - Returns: How it ended and what it printed.
    /// - Throws: ``ProgramFault`` if it could not be started, or did not end in time.
    package func run(
        _ arguments: [String] = [], environment: [String: String] = [:], input: String = "", in folder: String? = nil,
        within limit: Duration = .seconds(300)
    ) async throws -> ProgramOutcome {
        try await withRunning(arguments, environment: environment, input: input, in: folder) { program in
            try await program.end(within: limit)
        }
    }

    /// Starts the program and lends it while it runs; kills it afterwards if it has not ended.
    ///
    /// - Parameters:
    ///   - arguments: What follows the program's name.
    ///   - environment: Variables set over those of the tests, of which the project's own and libpq's are left out.
    ///   - input: What it reads on standard input.
    ///   - folder: The folder that it works in; nil for that of the tests.
    ///   - body: What to do while it runs.
    /// - Returns: What the body returns.
    /// - Throws: What the body throws; ``ProgramFault`` if the program could not be started.
    package func withRunning<Result>(
        _ arguments: [String] = [], environment: [String: String] = [:], input: String = "", in folder: String? = nil,
        _ body: (RunningProgram) async throws -> Result
    ) async throws -> Result {
        let program = RunningProgram(
            path: path, arguments: arguments, environment: Self.merged(environment), folder: folder)
        try program.start(input: input)
        defer { program.kill() }
        return try await body(program)
    }

    private static func merged(_ environment: [String: String]) -> [String: String] {
        ProcessInfo.processInfo.environment
            .filter { !$0.key.hasPrefix("COVERDESK_") && !$0.key.hasPrefix("PG") }
            .merging(environment) { $1 }
    }
}

/// Why a test could not do with a program what it wanted.
package struct ProgramFault: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

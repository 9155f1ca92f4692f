import Foundation
import Synchronization
import TestSupport

/// A `coverdesk serve` of a storm that is killed now and then, and started again.
final class StormNode: Sendable {
    private struct State {
        var program: RunningProgram?
        var port: Int?
        var kills = 0
        var isOver = false
        var errors: [String] = []
    }

    private let state = Mutex(State())

    /// Where it listens; nil while it is down.
    var port: Int? { state.withLock { $0.port } }
    var killCount: Int { state.withLock { $0.kills } }

    /// Lines of its log that no storm should bring about.
    var errors: [String] { state.withLock { $0.errors } }

    /// Runs the service again and again until ``end()``.
    func run(environment: [String: String]) async throws {
        while !state.withLock({ $0.isOver }) {
            try await TestProgram.coverdesk.withRunning(["serve", "--port", "0"], environment: environment) { program in
                do {
                    try await program.waitUntilPrinted("\"message\":\"listening\"", within: .seconds(60))
                } catch is ProgramFault where program.standardError.contains("connect") {
                    // It does not start without a database, which may be down at this moment.
                    return
                }
                state.withLock { state in
                    state.program = program
                    state.port = program.loggedPort
                }
                let outcome = try await program.end(within: .seconds(3600))
                let errors = outcome.standardError.split(separator: "\n").filter { $0.contains("\"level\":\"error\"") }
                state.withLock { state in
                    state.program = nil
                    state.port = nil
                    state.errors += errors.map(String.init)
                }
            }
        }
    }

    /// Kills the process with SIGKILL.
    func kill() {
        let program = state.withLock { state in
            if state.program != nil { state.kills += 1 }
            state.port = nil
            return state.program
        }
        program?.kill()
    }

    /// Lets it not be started again, and stops it.
    func end() {
        let program = state.withLock { state in
            state.isOver = true
            return state.program
        }
        program?.send(SIGTERM)
    }
}

extension RunningProgram {
    /// The port that the log tells.
    package var loggedPort: Int? {
        for line in standardError.split(separator: "\n") where line.contains("\"message\":\"listening\"") {
            let log = try? JSONDecoder().decode([String: String].self, from: Data(line.utf8))
            return log?["serve.port"].flatMap { Int($0) }
        }
        return nil
    }
}

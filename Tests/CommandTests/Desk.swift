import Foundation
import StorageTestSupport
import TestSupport

/// The command line on a database of its own, as one test uses it.
struct Desk: Sendable {
    let database: TestDatabase
    let folder: TemporaryFolder

    /// Runs a command on the database.
    func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> ProgramOutcome {
        try await TestProgram.coverdesk.run(
            arguments, environment: settings.merging(environment) { $1 }, in: folder.path)
    }

    /// Runs a command, which is expected to succeed, and reads the JSON that it prints.
    func json(_ arguments: String...) async throws -> [String: Any] {
        let outcome = try await TestProgram.coverdesk.run(
            arguments + ["--json"], environment: settings, in: folder.path)
        let value = try JSONSerialization.jsonObject(with: Data(outcome.standardOutput.utf8))
        guard outcome.exitCode == 0, let object = value as? [String: Any] else { throw UnexpectedOutcome(outcome) }
        return object
    }

    /// The variables that name the database.
    var settings: [String: String] {
        ["COVERDESK_DATABASE_URL": database.connectionString, "COVERDESK_ACTOR": "ada"]
    }
}

/// A command did not end as the test needs it to.
struct UnexpectedOutcome: Error, CustomStringConvertible {
    let description: String

    init(_ outcome: ProgramOutcome) {
        description = outcome.description
    }
}

/// Lends the command line on a database with the service's schema.
func withDesk(on template: DatabaseTemplate = .service, _ body: (Desk) async throws -> Void) async throws {
    try await withDatabase(from: template) { database in
        try await withTemporaryFolder { folder in
            try await body(Desk(database: database, folder: folder))
        }
    }
}

/// The example bundles of the project.
enum Example {
    /// A few libraries, planned in a moment.
    static let small = folder("small")

    /// The same under a rule that the bound leaves out: no search proves its plan to be the cheapest, and ends of itself.
    ///
    /// - Parameter parent: Where it is written.
    /// - Returns: The bundle's folder.
    /// - Throws: What the file system refuses.
    static func unproven(in parent: TemporaryFolder) throws -> String {
        let path = parent.path(of: "unproven")
        try FileManager.default.copyItem(atPath: small, toPath: path)
        let settings = path + "/consortium.yaml"
        let rule = "  - {id: max_late_shifts_per_week, class: red, shifts: 1, after_hour: 12}\n"
        try (String(contentsOfFile: settings, encoding: .utf8) + rule).write(
            toFile: settings, atomically: false, encoding: .utf8)
        return path
    }

    private static func folder(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Examples").appendingPathComponent(name).path
    }
}

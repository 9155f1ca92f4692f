import ServiceSchema
import ArgumentParser
import PostgresClient
import Storage

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the database's schema up to this program's version.",
        discussion: """
            Applies the numbered migrations that are missing, in order, under a lock. Safe to run at any time and from
            several places at once. A database that is newer than the program, or was made with other migrations, is
            refused and left as it is.

              coverdesk migrate --database-url postgresql:///coverdesk
            """)

    @OptionGroup var options: SharedOptions

    func run() async throws {
        try await reportingFailures {
            let context = try await CommandContext(options)
            let migrator = SchemaMigrator()
            let applied = try await context.withDatabase(checkingSchema: false) { pool in
                try await pool.withConnection { try await migrator.migrate($0) }
            }
            if context.printsJSON {
                let report = Report(version: migrator.latestVersion, applied: applied.map(\.version))
                context.terminal.say(try JSONText.encode(report))
                return
            }
            for migration in applied {
                context.terminal.say("applied V\(migration.version) \(migration.name)")
            }
            context.terminal.say("the schema is at version \(migrator.latestVersion)")
        }
    }

    private struct Report: Encodable {
        let version: Int
        let applied: [Int]
    }
}

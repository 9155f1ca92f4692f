import ArgumentParser
import Coverage
import Foundation
import Planning
import PostgresClient
import PrivateCluster
import Scheduling
import Storage

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "The whole way on an example: a private PostgreSQL, a bundle, a plan, a published month.",
        discussion: """
            Starts a PostgreSQL server of its own that listens on a unix socket and on no network address, applies the
            migrations, imports the bundle, plans its weeks, tells what is covered and what is not, and publishes.
            The server is left running, so that the other commands can be tried on it; --stop ends it and keeps its
            data. Run again it does the same on the data that are there.

              coverdesk demo
              coverdesk demo --reset     begin with an empty database
              coverdesk demo --stop      end the server
            """)

    @OptionGroup var options: SharedOptions

    @Flag(help: "End after publishing (so does every run today; made for the day when the demo goes on to serve).")
    var once = false

    @Flag(help: "Begin with an empty database.")
    var reset = false

    @Flag(help: "End the server that an earlier run left running, and do nothing else.")
    var stop = false

    @Option(help: "The bundle to plan.", completion: .directory)
    var bundle = "Examples/statewide"

    @Option(help: "Where the server keeps its data (default: .coverdesk here, or a folder of the system's).")
    var folder: String?

    @Option(help: "Seconds to search for a plan (default: 8).")
    var seconds: Int?

    func run() async throws {
        try await reportingFailures {
            let context = try await CommandContext(options, flags: ["plan.seconds": seconds])
            do {
                let path =
                    try folder
                    ?? PostgresCluster.defaultFolder(
                        project: FileManager.default.currentDirectoryPath)
                let cluster = try await PostgresCluster(.persistent(folder: path))
                if stop {
                    try await cluster.stop()
                    context.terminal.say("stopped; the data stay in \(path)")
                } else {
                    try await demonstrate(on: cluster, context)
                }
            } catch let error as ClusterError {
                throw CommandFailure.database(error.description)
            }
        }
    }

    private func demonstrate(on cluster: PostgresCluster, _ context: CommandContext) async throws {
        let terminal = context.terminal
        // First of all, so that a bundle with faults ends the demo before anything is started.
        let work = try BundleWork(folder: bundle, in: context)
        terminal.progress("starting PostgreSQL …")
        let url = try await preparedDatabase(on: cluster)
        terminal.endProgress()
        step("PostgreSQL", "runs in \(cluster.folder), on a unix socket alone", terminal)
        let context = context.with(databaseURL: url)
        try await context.withDatabase(checkingSchema: false) { pool in
            let applied = try await pool.withConnection { try await SchemaMigrator().migrate($0) }
            step("Migrations", applied.isEmpty ? "none missing" : "\(applied.count) applied", terminal)
            let consortium = try await context.consortium(in: pool)
            step("Import", bundle, terminal)
            try await work.run(into: consortium, in: pool, context: context)
            step("Plan", "\(work.bundle.consortium.weeks) weeks, \(context.settings.planSeconds) s to search", terminal)
            let report = try await PlanSearching(settings: context.settings, terminal: terminal)
                .makeDraft(PlanRequest(selection: .whole), of: consortium, in: pool, at: context.now)
            try report.show(in: context)
            try report.endIfInterrupted(in: context)
            let outcome = try await PlanPublication(consortium: consortium).run(
                plan: report.plan, in: pool, actor: context.settings.actor, message: "Made by the demo",
                at: context.now)
            step("Publish", "", terminal)
            try PublishCommand.show(outcome, in: context)
        }
        showTheWay(url: url, work.bundle, context)
    }

    /// Starts the server and sees to it that the database is there; with --reset, that it is empty.
    private func preparedDatabase(on cluster: PostgresCluster) async throws -> String {
        try await cluster.start()
        let name = "coverdesk"
        if reset { try await cluster.dropDatabase(name) }
        let found = try await cluster.execute("SELECT count(*) FROM pg_database WHERE datname = '\(name)'")
        if found != "1" { try await cluster.createDatabase(name) }
        return cluster.connectionString(database: name)
    }

    private func step(_ name: String, _ text: String, _ terminal: Terminal) {
        guard !options.json else { return }
        terminal.say()
        terminal.say(terminal.styled("▸ \(name)", .bold) + (text.isEmpty ? "" : "  \(text)"))
    }

    /// What to type next, as it works in this folder.
    private func showTheWay(url: String, _ bundle: ConsortiumBundle, _ context: CommandContext) {
        guard !context.printsJSON else { return }
        let terminal = context.terminal
        let program = CommandLine.arguments.first ?? "coverdesk"
        let library = bundle.libraries.first?.id.rawValue ?? "LIBRARY"
        let person = bundle.operators.first?.id.rawValue ?? "OPERATOR"
        step("Look further", "the server goes on running; in this shell:", terminal)
        let ways = [
            ("gaps --critical", "each gap below the minimum, with its reason"),
            ("schedule --library \(library)", "a library's weeks"),
            ("schedule --operator \(person)", "one person's"),
            ("plan --week \(bundle.consortium.startsOn) --seconds 30", "a better first week, as a draft"),
            ("status", "what the database holds"),
            ("export backup", "all of it as a bundle again"),
            ("demo --stop", "end the server"),
        ]
        let width = ways.map(\.0.count).max() ?? 0
        terminal.say()
        terminal.say("  export COVERDESK_DATABASE_URL='\(url)'")
        terminal.say("  alias coverdesk='\(program)'")
        terminal.say()
        for (command, result) in ways {
            let padding = String(repeating: " ", count: width - command.count)
            terminal.say("  coverdesk \(command)\(padding)   \(result)")
        }
    }
}

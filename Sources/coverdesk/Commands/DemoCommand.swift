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
        abstract: "The whole way on an example: a private PostgreSQL, a plan, a published month, a day at the desk.",
        discussion: """
            Starts a PostgreSQL server of its own that listens on a unix socket and on no network address, applies the
            migrations, imports the bundle, plans its weeks, tells what is covered and what is not, and publishes.
            Then it starts `coverdesk serve` and plays a day at the desk against it, as `coverdesk chat-sim` does: on
            that day, by a clock of the service's own, and faster than the world. Ctrl-C ends the day before its time.
            PostgreSQL and the service, then at the usual pace, are left running, so that the other commands and the
            API can be tried on them; --stop ends both and keeps the data. Run again it does the same on the data that
            are there, with the plan's next day.

              coverdesk demo
              coverdesk demo --once      half an hour of a day, and no service left running
              coverdesk demo --reset     begin with an empty database
              coverdesk demo --stop      end the servers
            """)

    @OptionGroup var options: SharedOptions

    @Flag(help: "Play no more than half an hour of the day, and end the service after it.")
    var once = false

    @Flag(help: "End after publishing: start no service.")
    var noService = false

    @Flag(help: "Begin with an empty database.")
    var reset = false

    @Flag(help: "End the servers that an earlier run left running, and do nothing else.")
    var stop = false

    @Option(help: "The bundle to plan.", completion: .directory)
    var bundle = "Examples/statewide"

    @Option(help: "Where the server keeps its data (default: .coverdesk here, or a folder of the system's).")
    var folder: String?

    @Option(help: "Seconds to search for a plan (default: 8).")
    var seconds: Int?

    @Option(help: "How many seconds of the day pass in one, 1 to 600.")
    var speed = 60

    @Option(help: "Port of the service (default: 8080, or whichever is free where that is taken).")
    var port: Int?

    func run() async throws {
        try await reportingFailures {
            let context = try await CommandContext(options, flags: ["plan.seconds": seconds, "serve.port": port])
            guard (1...600).contains(speed) else {
                throw CommandFailure.badInput("--speed must be a whole number from 1 to 600")
            }
            do {
                let path =
                    try folder
                    ?? PostgresCluster.defaultFolder(
                        project: FileManager.default.currentDirectoryPath)
                let cluster = try await PostgresCluster(.persistent(folder: path))
                if stop {
                    DemoService.program(in: cluster.folder).stop()
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
        // Of an earlier run: it is started anew, with the program and the data of this one.
        DemoService.program(in: cluster.folder).stop()
        // First of all, so that a bundle with faults ends the demo before anything is started.
        let work = try BundleWork(folder: bundle, in: context)
        terminal.progress("starting PostgreSQL …")
        let url = try await preparedDatabase(on: cluster)
        terminal.endProgress()
        step("PostgreSQL", "runs in \(cluster.folder), on a unix socket alone", terminal)
        let context = context.with(databaseURL: url)
        let (day, accounts) = try await context.withDatabase(checkingSchema: false) { pool in
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
            let service = DemoService(folder: cluster.folder, databaseURL: url)
            return try await lead(work, on: service, for: consortium, in: pool, context)
        }
        showTheWay(url: url, work.bundle, day, context)
        if !context.printsJSON { showAccounts(accounts, day, terminal) }
        guard day?.hasDifferences != true else { throw ExitCode(1) }
        if let signal = day?.signal { throw ExitCode(128 + signal) }
    }

    /// Plays the day, unless there is to be none, and makes the accounts that are told at the end.
    private func lead(
        _ work: BundleWork, on service: DemoService, for consortium: Consortium.ID, in pool: PostgresPool,
        _ context: CommandContext
    ) async throws -> (DemoDay.Result?, [DemoAccounts.Ready]) {
        var day: DemoDay.Result?
        if !noService {
            day = try await DemoDay(
                service: service, bundle: work.bundle, history: work.history, context: context, speed: speed,
                isShort: once, port: port
            ).run(for: consortium, in: pool) { step($0, $1, context.terminal) }
        }
        // Passwords that nobody is told would only lock out who was told the last ones.
        guard !context.printsJSON else { return (day, []) }
        let accounts = DemoAccounts(bundle: work.bundle)
        return (day, try await accounts.make(for: consortium, in: pool, context))
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
    private func showTheWay(
        url: String, _ bundle: ConsortiumBundle, _ day: DemoDay.Result?, _ context: CommandContext
    ) {
        guard !context.printsJSON else { return }
        let terminal = context.terminal
        let program = CommandLine.arguments.first ?? "coverdesk"
        let library = bundle.libraries.first?.id.rawValue ?? "LIBRARY"
        let person = bundle.operators.first?.id.rawValue ?? "OPERATOR"
        let runs = day == nil || once ? "PostgreSQL goes on running" : "PostgreSQL and the service go on running"
        step("Look further", "\(runs); in this shell:", terminal)
        let ways = [
            ("gaps --critical", "each gap below the minimum, with its reason"),
            ("schedule --library \(library)", "a library's weeks"),
            ("schedule --operator \(person)", "one person's"),
            ("plan --week \(bundle.consortium.startsOn) --seconds 30", "a better first week, as a draft"),
            ("status", "what the database holds"),
            ("export backup", "all of it as a bundle again"),
            (stopCommand, "end the servers"),
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
        if let day, !once { showTheAPI(day, terminal) }
    }

    /// Who may sign in, last of all, where it is found again.
    private func showAccounts(_ accounts: [DemoAccounts.Ready], _ day: DemoDay.Result?, _ terminal: Terminal) {
        let place = day.flatMap { once ? nil : "at \($0.url)/sign-in" } ?? "to the pages of `coverdesk serve`"
        step("Sign in", "\(place), with passwords that are told only now:", terminal)
        terminal.say()
        let width = accounts.map(\.email.count).max() ?? 0
        for account in accounts {
            let padding = String(repeating: " ", count: width - account.email.count)
            terminal.say("  \(account.email)\(padding)   \(account.password)   \(account.role)")
        }
    }

    private var stopCommand: String { folder.map { "demo --stop --folder \($0.shellQuoted)" } ?? "demo --stop" }

    /// Requests to paste, about somebody who is on shift by the service's clock.
    private func showTheAPI(_ day: DemoDay.Result, _ terminal: Terminal) {
        let (person, queue) = (day.shift.operator, day.shift.queue)
        step("Ask the service", "at \(day.url), where it is \(day.serviceTime) now", terminal)
        let session = #"{"id":"room-1","queue":"\#(queue)","channel":"chat"}"#
        terminal.say()
        for line in [
            "export B=\(day.url) T='\(day.token)'",
            #"alias ask='curl -sS -H "Authorization: Bearer $T" -H "Content-Type: application/json"'"#,
            "curl -sS $B/v1/public/queues/\(queue)/presence",
            #"ask -X PUT $B/v1/presence/\#(person) -d '{"availability":"available","lease_seconds":600}'"#,
            "ask -X POST $B/v1/sessions -d '\(session)'",
            "ask -N $B/v1/events?after=0",
        ] { terminal.say("  \(line)") }
    }
}

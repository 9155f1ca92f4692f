import ArgumentParser
import BenchmarkSupport
import Coverage
import PrivateCluster
import ServiceLoad
import TestSupport

/// Compares decisions through HTTP with pgbench's transactions, on one durable server, in turns.
struct ServiceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service",
        abstract: "Measure decisions through HTTP, by one coverdesk serve, against pgbench on a private server.",
        discussion: """
            As `desk`, but each chat server has a connection to a real `coverdesk serve` and asks over HTTP.
            """)

    @Option(help: "How many seconds each measurement lasts.")
    var seconds = 5

    @Option(help: "How often each is measured.")
    var rounds = 3

    @Option(help: "How many clients, with commas between.")
    var clients = "1,16,64,256"

    @Option(help: "How many operators are present.")
    var operators = 2000

    @Option(help: "How many sessions have ended before.")
    var past = 0

    func validate() throws {
        guard seconds >= 1, rounds >= 1, operators >= 1, past >= 0 else {
            throw ValidationError("--seconds, --rounds and --operators are whole numbers from 1 up, --past from 0")
        }
        guard ClientCounts.read(clients, most: 2000) != nil else {
            throw ValidationError("--clients \(clients): write numbers from 1 to 2000 with commas between, 1,16,64")
        }
    }

    func run() async throws {
        try await MeasuredServer.lend(settings: Stage.settings, durable: true) { cluster in
            try await MeasuredService.lend(Stage(operators: operators, past: past), on: cluster) { service in
                try await compare(service, PgBench(cluster: cluster, seconds: seconds))
            }
            print("broken promises found by the database: \(try await Stage.faultCount(on: cluster))")
        }
    }

    private func compare(_ service: MeasuredService, _ pgbench: PgBench) async throws {
        print("through HTTP; operators present: \(operators), sessions of the past: \(past)")
        print(Comparison.head)
        for count in ClientCounts.read(clients, most: 2000) ?? [] {
            var line = Comparison(clients: count)
            for round in 0..<rounds {
                let theirs = try await pgbench.run(Stage.update, clients: count)
                let scripts = (0..<count).map { client in
                    SessionScript(
                        name: "\(count) \(round) \(client)", queue: "ask", library: Stage.library(client).rawValue,
                        token: service.token)
                }
                let ours = try await ScriptLoad.run(scripts, port: service.port, seconds: seconds)
                line.add(theirs, Latencies(microseconds: ours.microseconds, seconds: ours.seconds))
            }
            print(line.text)
        }
    }
}

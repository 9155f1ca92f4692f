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

    @OptionGroup var load: LoadOptions

    func run() async throws {
        try await MeasuredServer.lend(settings: Stage.settings, durable: true) { cluster in
            try await MeasuredService.lend(load.stage, on: cluster) { service in
                try await compare(service, PgBench(cluster: cluster, seconds: load.round.seconds))
            }
            print("broken promises found by the database: \(try await Stage.faultCount(on: cluster))")
        }
    }

    private func compare(_ service: MeasuredService, _ pgbench: PgBench) async throws {
        print("through HTTP; operators present: \(load.operators), sessions of the past: \(load.past)")
        print(Comparison.head)
        for count in load.counts {
            var line = Comparison(clients: count)
            for round in 0..<load.round.rounds {
                let theirs = try await pgbench.run(Stage.update, clients: count)
                let scripts = (0..<count).map { client in
                    SessionScript(
                        name: "\(count) \(round) \(client)", queue: "ask", library: Stage.library(client).rawValue,
                        token: service.token)
                }
                let ours = try await ScriptLoad.run(scripts, port: service.port, seconds: load.round.seconds)
                line.add(theirs, Latencies(microseconds: ours.microseconds, seconds: ours.seconds))
            }
            print(line.text)
        }
    }
}

import ArgumentParser
import BenchmarkSupport
import Coverage
import Foundation
import PrivateCluster
import ServiceLoad

/// Compares how long decisions and pgbench's transactions take at half of what each can do.
struct HalfCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "half",
        abstract: "Measure how long decisions through HTTP take at half of saturation, against pgbench.",
        discussion: """
            First each does as much as it can with the same number of clients; then each is asked half as much a \
            second, evenly, and what is told is how long one took from the moment at which it was due.
            """)

    @OptionGroup var load: LoadOptions

    func run() async throws {
        try await MeasuredServer.lend(settings: Stage.settings, durable: true) { cluster in
            try await MeasuredService.lend(load.stage, on: cluster) { service in
                print("clients  pgbench/s  p50 ms  p99 ms  decisions/s  p50 ms  p99 ms  p99 ratio")
                for count in load.counts {
                    try await compare(service, PgBench(cluster: cluster, seconds: load.round.seconds), count)
                }
            }
        }
    }

    private func compare(_ service: MeasuredService, _ pgbench: PgBench, _ count: Int) async throws {
        var lines: [(ratio: Double, text: String)] = []
        for number in 0..<load.round.rounds {
            let theirMost = try await pgbench.run(Stage.update, clients: count).perSecond
            let theirs = try await pgbench.run(Stage.update, clients: count, perSecond: theirMost / 2)
            let ourMost = try await ask(service, count, "\(number) most", perSecond: nil).perSecond
            let ours = try await ask(service, count, "\(number) half", perSecond: ourMost / 2)
            let ratio = ours.milliseconds(at: 0.99) / theirs.milliseconds(at: 0.99)
            lines.append(
                (
                    ratio,
                    String(
                        format: "%7d  %9.0f  %6.2f  %6.2f  %11.0f  %6.2f  %6.2f  %9.2f", count, theirs.perSecond,
                        theirs.milliseconds(at: 0.5), theirs.milliseconds(at: 0.99), ours.perSecond,
                        ours.milliseconds(at: 0.5), ours.milliseconds(at: 0.99), ratio)
                ))
        }
        lines.sort { $0.ratio < $1.ratio }
        print(lines[lines.count / 2].text)
    }

    private func ask(
        _ service: MeasuredService, _ count: Int, _ name: String, perSecond: Double?
    ) async throws -> Latencies {
        let scripts = (0..<count).map { client in
            SessionScript(
                name: "\(count) \(name) \(client)", queue: "ask", library: Stage.library(client).rawValue,
                token: service.token)
        }
        let outcome = try await ScriptLoad.run(
            scripts, port: service.port, seconds: load.round.seconds, perSecond: perSecond)
        return Latencies(microseconds: outcome.microseconds, seconds: outcome.seconds)
    }
}

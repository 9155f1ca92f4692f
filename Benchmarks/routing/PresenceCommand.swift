import ArgumentParser
import BenchmarkSupport
import Foundation
import PrivateCluster
import ServiceLoad
import TestSupport

/// Compares what widgets read with a constant page of a plain Hummingbird server, in turns.
struct PresenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "presence",
        abstract: "Measure the public read of presence beside a constant page, and what it costs the database.",
        discussion: """
            Widgets read /v1/public/queues/ask/presence of a real `coverdesk serve` as fast as they are answered, in \
            turns with as many clients of a plain Hummingbird server that has a constant page. Then as many widgets \
            as --widgets says do so on connections of their own, and the database's transactions meanwhile are told \
            beside those of as long a time without any.
            """)

    @OptionGroup var round: RoundOptions

    @Option(help: "How many clients are compared with the constant page's.")
    var clients = 64

    @Option(help: "How many widgets read at once while the database is watched.")
    var widgets = 5000

    @Option(help: "How many operators are present.")
    var operators = 2000

    func validate() throws {
        guard clients >= 1, operators >= 1, (1...15_000).contains(widgets) else {
            throw ValidationError("all options are whole numbers from 1 up, --widgets to 15000")
        }
    }

    private static let path = "/v1/public/queues/ask/presence"

    func run() async throws {
        try await MeasuredServer.lend(settings: Stage.settings, durable: true) { cluster in
            try await MeasuredService.lend(Stage(operators: operators, past: 0), on: cluster) { service in
                try await TestProgram.built("benchmark-routing").withRunning(["constant-page"]) { program in
                    try await program.waitUntilPrinted("\n")
                    let text = program.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
                    guard let port = Int(text) else {
                        throw MeasuredService.Failed(description: "constant page: \(text)")
                    }
                    try await compare(service, constantPage: port)
                }
                try await watchDatabase(service)
            }
        }
    }

    private func compare(_ service: MeasuredService, constantPage port: Int) async throws {
        var ratios: [(Double, String)] = []
        for _ in 0..<round.rounds {
            let theirs = try await read("/", port: port, clients)
            let ours = try await read(Self.path, port: service.port, clients)
            let ratio = ours.perSecond / theirs.perSecond
            ratios.append(
                (
                    ratio,
                    String(
                        format: "%7d  %10.0f  %6.2f  %6.2f  %9.0f  %6.2f  %6.2f  %5.2f", clients, theirs.perSecond,
                        theirs.milliseconds(at: 0.5), theirs.milliseconds(at: 0.99), ours.perSecond,
                        ours.milliseconds(at: 0.5), ours.milliseconds(at: 0.99), ratio)
                ))
        }
        ratios.sort { $0.0 < $1.0 }
        print("clients  constant/s  p50 ms  p99 ms  presence/s  p50 ms  p99 ms  ratio")
        print(ratios[ratios.count / 2].1)
    }

    private func watchDatabase(_ service: MeasuredService) async throws {
        let start = try await service.transactions()
        try await Task.sleep(for: .seconds(round.seconds))
        let idle = try await service.transactions()
        let reads = try await read(Self.path, port: service.port, widgets)
        let busy = try await service.transactions()
        print(
            String(
                format: "%d widgets: %.0f reads/s, p99 %.0f ms; the database's transactions meanwhile: %d, without: %d",
                widgets, reads.perSecond, reads.milliseconds(at: 0.99), busy - idle, idle - start))
    }

    private func read(_ path: String, port: Int, _ clients: Int) async throws -> Latencies {
        let scripts = (0..<clients).map { _ in PageScript(path: path) }
        let outcome = try await ScriptLoad.run(scripts, port: port, seconds: round.seconds)
        return Latencies(microseconds: outcome.microseconds, seconds: outcome.seconds)
    }
}

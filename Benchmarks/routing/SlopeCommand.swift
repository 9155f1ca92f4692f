import ArgumentParser
import BenchmarkSupport
import Coverage
import Foundation
import PrivateCluster
import ServiceLoad

/// Compares decisions with few and with many of something there, of two services beside each other, in turns.
struct SlopeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "slope",
        abstract: "Measure whether decisions take longer with many operators, or a long past.",
        discussion: """
            Two private servers, each with a real `coverdesk serve`, that differ in one thing alone: how many \
            operators are present, then how many sessions there have been. The same clients ask one and the other in \
            turns, so that what else the machine does falls on both. A row of the past is a session, its key and four \
            events; the tables are filled in SQL first.
            """)

    @OptionGroup var round: RoundOptions

    @Option(help: "How many clients there are; no more than fit the seats of --few-operators, four each.")
    var clients = 16

    @Option(help: "How many operators are few.")
    var fewOperators = 10

    @Option(help: "How many operators are many; 0 leaves this comparison out.")
    var manyOperators = 20_000

    @Option(help: "How many operators are present while the past is compared.")
    var operators = 2000

    @Option(help: "How many sessions are a long past; 0 leaves this comparison out.")
    var longPast = 5_000_000

    func validate() throws {
        guard (1...4 * fewOperators).contains(clients), operators >= 1, manyOperators >= 0, longPast >= 0 else {
            throw ValidationError("--clients goes from 1 to four times --few-operators, --operators from 1 up")
        }
    }

    func run() async throws {
        print("clients: \(clients); median of a decision in milliseconds, and the spread of the rounds")
        if manyOperators > 0 {
            try await compare(
                "operators \(fewOperators) → \(manyOperators)", Stage(operators: fewOperators, past: 0),
                Stage(operators: manyOperators, past: 0))
        }
        if longPast > 0 {
            try await compare(
                "past sessions 0 → \(longPast)", Stage(operators: operators, past: 0),
                Stage(operators: operators, past: longPast))
        }
    }

    private func compare(_ what: String, _ little: Stage, _ much: Stage) async throws {
        try await lend(little) { left in
            try await lend(much) { right in
                var medians: (little: [Double], much: [Double]) = ([], [])
                for number in 0..<round.rounds {
                    medians.little.append(try await median(of: left, number))
                    medians.much.append(try await median(of: right, number))
                }
                tell(what, medians.little.sorted(), medians.much.sorted())
            }
        }
    }

    private func lend(_ stage: Stage, _ body: (MeasuredService) async throws -> Void) async throws {
        // What fills the tables need not go into the log, which is written for the disk and for standbys.
        let settings = Stage.settings.merging(["wal_level": "minimal", "max_wal_senders": "0"]) { $1 }
        try await MeasuredServer.lend(settings: settings, durable: true) { cluster in
            try await MeasuredService.lend(stage, on: cluster, body)
        }
    }

    private func median(of service: MeasuredService, _ number: Int) async throws -> Double {
        let scripts = (0..<clients).map { client in
            SessionScript(
                name: "\(number) \(client)", queue: "ask", library: Stage.library(client).rawValue,
                token: service.token)
        }
        let outcome = try await ScriptLoad.run(scripts, port: service.port, seconds: round.seconds)
        return Latencies(microseconds: outcome.microseconds, seconds: outcome.seconds).milliseconds(at: 0.5)
    }

    private func tell(_ what: String, _ little: [Double], _ much: [Double]) {
        let (before, after) = (little[little.count / 2], much[much.count / 2])
        print(
            String(
                format: "%@: %.2f (%.2f to %.2f) → %.2f (%.2f to %.2f), %+.0f %%", what, before, little.first ?? 0,
                little.last ?? 0, after, much.first ?? 0, much.last ?? 0, (after / before - 1) * 100))
    }
}

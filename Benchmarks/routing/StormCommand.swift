import ArgumentParser
import Foundation
import PrivateCluster
import ServiceLoad
import TestSupport

/// Lets a storm blow over several nodes and one database, and checks afterwards.
struct StormCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storm",
        abstract: "Several coverdesk serve over one PostgreSQL, with nodes and the database killed under load.",
        discussion: """
            Chat servers create, accept, decline, hand on, renew and end, often the same at once on two nodes. \
            Meanwhile nodes are killed with SIGKILL and started again, and so is the database. Then \
            `coverdesk check-log` looks through the event log, and every session that is left is ended. What clients \
            ask is drawn from the seed; what meets what is the machine's doing. Exit code 1 if anything is wrong; the \
            file of acknowledgements is kept then.
            """)

    @Option(help: "How many seconds each storm lasts.")
    var seconds = 60

    @Option(help: "How many nodes there are.")
    var nodes = 3

    @Option(help: "How many clients ask at once.")
    var clients = 32

    @Option(help: "What the first storm's random numbers are drawn from.")
    var seed: UInt64 = 1

    @Option(help: "How many storms there are, each with the next seed.")
    var storms = 1

    @Option(help: "About how many seconds lie between two kills.")
    var pause = 2.0

    func validate() throws {
        guard seconds >= 1, (1...20).contains(nodes), (1...1000).contains(clients), storms >= 1, pause >= 0.1 else {
            throw ValidationError("--nodes goes from 1 to 20, --clients to 1000, --pause from 0.1 up, others from 1")
        }
    }

    func run() async throws {
        var isClean = true
        for number in 0..<storms {
            isClean = try await blow(seed + UInt64(number)) && isClean
        }
        if !isClean { throw ExitCode(1) }
    }

    private func blow(_ seed: UInt64) async throws -> Bool {
        var storm = Storm()
        (storm.seconds, storm.nodes, storm.clients, storm.seed, storm.pause) = (seconds, nodes, clients, seed, pause)
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("coverdesk-storm-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let outcome = try await withTemporaryCluster(settings: ["synchronous_commit": "on", "fsync": "on"]) { cluster in
            try await storm.run(on: cluster, in: folder.path) { line in
                FileHandle.standardError.write(Data("\(line)\n".utf8))
            }
        }
        tell(outcome, seed, folder.path)
        if outcome.isClean { try? FileManager.default.removeItem(at: folder) }
        return outcome.isClean
    }

    private func tell(_ outcome: Storm.Outcome, _ seed: UInt64, _ folder: String) {
        print(
            "seed \(seed): \(outcome.told.count) requests; nodes were killed \(outcome.nodeKills) times, the database "
                + "\(outcome.databaseKills) times")
        for (what, count) in outcome.told.tally.sorted(by: { $0.key < $1.key }) { print("  \(what): \(count)") }
        for check in outcome.checks { print(check.exitCode == 0 ? check.standardOutput : "\(check)") }
        for line in outcome.stuck + outcome.errors.prefix(20) { print(line) }
        print(outcome.isClean ? "nothing is wrong" : "something is wrong; what was told is in \(folder)/told.ndjson")
    }
}

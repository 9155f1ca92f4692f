import Answering
import ArgumentParser
import BenchmarkSupport
import Coverage
import Foundation
import PostgresClient
import PrivateCluster

/// Compares decisions with pgbench's transactions, on one durable server, in turns.
struct DeskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "desk",
        abstract: "Measure decisions of the desk, without HTTP, against pgbench on a private, durable server.",
        discussion: """
            Chat servers create a session, have it accepted and end it, over and over: three decisions, each stored \
            before it is answered. pgbench updates one row in each transaction, with as many clients. Both in turns, \
            for each number of clients; the median of the rounds is shown.
            """)

    @OptionGroup var load: LoadOptions

    func run() async throws {
        try await MeasuredServer.lend(settings: Stage.settings, durable: true) { try await measure(on: $0) }
    }

    private func measure(on cluster: PostgresCluster) async throws {
        let pool = PostgresPool(
            configuration: try PostgresConfiguration(connectionString: cluster.connectionString()),
            maximumConnections: 8, runsBesideSocket: true)
        let stage = load.stage
        try await stage.set(on: cluster)
        let desks = Desks(pool: pool, clock: { Instant(secondsSince1970: Int64(Date().timeIntervalSince1970)) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await desks.run() }
            let desk = try await desks.desk(of: Stage.consortium)
            try await stage.bringOperators(to: desk)
            try await compare(desk, PgBench(cluster: cluster, seconds: load.round.seconds))
            group.cancelAll()
        }
        print("broken promises found by the database: \(try await Stage.faultCount(on: cluster))")
        await pool.close()
    }

    private func compare(_ desk: Desk, _ pgbench: PgBench) async throws {
        print("operators present: \(load.operators), sessions of the past: \(load.past)")
        print(Comparison.head)
        for clients in load.counts {
            var line = Comparison(clients: clients)
            for _ in 0..<load.round.rounds {
                let theirs = try await pgbench.run(Stage.update, clients: clients)
                line.add(theirs, try await ChatServers(desk: desk, seconds: load.round.seconds).run(clients: clients))
            }
            print(line.text)
        }
    }
}

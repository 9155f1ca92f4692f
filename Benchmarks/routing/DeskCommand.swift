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
        try await MeasuredServer.lend(settings: Stage.settings, durable: true) { try await measure(on: $0) }
    }

    private func measure(on cluster: PostgresCluster) async throws {
        let pool = PostgresPool(
            configuration: try PostgresConfiguration(connectionString: cluster.connectionString()),
            maximumConnections: 8, runsBesideSocket: true)
        let stage = Stage(operators: operators, past: past)
        try await stage.set(on: cluster)
        let desks = Desks(pool: pool, clock: { Instant(secondsSince1970: Int64(Date().timeIntervalSince1970)) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await desks.run() }
            let desk = try await desks.desk(of: Stage.consortium)
            try await stage.bringOperators(to: desk)
            try await compare(desk, PgBench(cluster: cluster, seconds: seconds))
            group.cancelAll()
        }
        print("broken promises found by the database: \(try await Stage.faultCount(on: cluster))")
        await pool.close()
    }

    private func compare(_ desk: Desk, _ pgbench: PgBench) async throws {
        print("operators present: \(operators), sessions of the past: \(past)")
        print(Comparison.head)
        for clients in ClientCounts.read(clients, most: 2000) ?? [] {
            var line = Comparison(clients: clients)
            for _ in 0..<rounds {
                let theirs = try await pgbench.run(Stage.update, clients: clients)
                line.add(theirs, try await ChatServers(desk: desk, seconds: seconds).run(clients: clients))
            }
            print(line.text)
        }
    }
}

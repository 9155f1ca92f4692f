import Answering
import ArgumentParser
import Coverage
import Foundation
import PostgresClient
import PrivateCluster
import ServiceSchema
import Storage

/// Compares decisions with pgbench's transactions, on one durable server, in turns.
@main
struct BenchmarkRouting: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark-routing",
        abstract: "Measure decisions of the desk against pgbench on a private, durable server.",
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
        guard !clientCounts.isEmpty, clientCounts.count == clients.split(separator: ",").count else {
            throw ValidationError("--clients \(clients): write numbers from 1 to 2000 with commas between, 1,16,64")
        }
    }

    private var clientCounts: [Int] {
        clients.split(separator: ",").compactMap { Int($0) }.filter { (1...2000).contains($0) }
    }

    func run() async throws {
        let settings = [
            "shared_buffers": "512MB", "autovacuum": "on", "synchronous_commit": "on", "max_wal_size": "4GB",
            "fsync": "on", "full_page_writes": "on", "max_connections": "300",
        ]
        let cluster = try await PostgresCluster(.temporary(), settings: settings)
        do {
            try await cluster.start()
            try await measure(on: cluster)
        } catch {
            try? await cluster.remove()
            throw error
        }
        try await cluster.remove()
    }

    private func measure(on cluster: PostgresCluster) async throws {
        let pool = PostgresPool(
            configuration: try PostgresConfiguration(connectionString: cluster.connectionString()),
            maximumConnections: 8, runsBesideSocket: true)
        try await pool.withConnection { _ = try await SchemaMigrator().migrate($0) }
        let stage = Stage(operators: operators, past: past)
        try await pool.withConnection { try await $0.executeScript(stage.sql) }
        try await cluster.execute("VACUUM ANALYZE")
        let desks = Desks(pool: pool, clock: { Instant(secondsSince1970: Int64(Date().timeIntervalSince1970)) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await desks.run() }
            let desk = try await desks.desk(of: Stage.consortium)
            try await stage.bringOperators(to: desk)
            try await compare(desk, PgBench(cluster: cluster, seconds: seconds))
            group.cancelAll()
        }
        let faults = try await pool.withConnection {
            try await $0.query("SELECT count(*) FROM routing_fault").single().decode(Int.self)
        }
        print("broken promises found by the database: \(faults)")
        await pool.close()
    }

    private func compare(_ desk: Desk, _ pgbench: PgBench) async throws {
        print("operators present: \(operators), sessions of the past: \(past)")
        print("clients  pgbench/s  p50 ms  p99 ms  decisions/s  p50 ms  p99 ms  ratio")
        for clients in clientCounts {
            var line: [(theirs: Latencies, ours: Latencies)] = []
            for _ in 0..<rounds {
                let theirs = try await pgbench.run(clients: clients)
                let ours = try await ChatServers(desk: desk, seconds: seconds).run(clients: clients)
                line.append((theirs, ours))
            }
            line.sort { $0.ours.perSecond / $0.theirs.perSecond < $1.ours.perSecond / $1.theirs.perSecond }
            let (theirs, ours) = line[line.count / 2]
            print(
                String(
                    format: "%7d  %9.0f  %6.2f  %6.2f  %11.0f  %6.2f  %6.2f  %5.2f", clients, theirs.perSecond,
                    theirs.milliseconds(at: 0.5), theirs.milliseconds(at: 0.99), ours.perSecond,
                    ours.milliseconds(at: 0.5), ours.milliseconds(at: 0.99), ours.perSecond / theirs.perSecond))
        }
    }
}

/// How long each of many things took.
struct Latencies {
    let perSecond: Double
    private let sorted: [Int64]

    /// - Parameters:
    ///   - microseconds: How long each took, in any order.
    ///   - seconds: How long all of it took.
    init(microseconds: [Int64], seconds: Double) {
        perSecond = Double(microseconds.count) / seconds
        sorted = microseconds.sorted()
    }

    func milliseconds(at share: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        return Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]) / 1000
    }
}

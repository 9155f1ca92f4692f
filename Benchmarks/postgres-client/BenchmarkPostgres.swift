import ArgumentParser
import BenchmarkSupport
import PostgresClient
import PrivateCluster

/// Compares the client's throughput with pgbench's, on one server, in turns.
@main
struct BenchmarkPostgres: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark-postgres",
        abstract: "Measure PostgresClient against pgbench on a private server.",
        discussion: """
            Both run the same prepared statement on the same table of 100,000 rows, in turns, for each number of \
            clients. The table printed has the median of the rounds in statements per second, and the client's share \
            of pgbench's: for statements sent one at a time, by tasks on Swift's threads and by tasks beside the \
            sockets; for batches, of which all are sent before the first \
            answer is read and each is a transaction of its own, as pgbench's are; and for pipelines, each of which is \
            one transaction.
            """)

    @Option(help: "How many seconds each measurement lasts.")
    var seconds = 5

    @Option(help: "How often each is measured; the median is shown.")
    var rounds = 3

    @Option(help: "How many clients, with commas between.")
    var clients = "1,8,64"

    @Option(help: "How many statements are in a batch or a pipeline.")
    var depth = 32

    @Flag(help: "Have the server wait for the disk at each commit, as one in use does.")
    var durable = false

    func validate() throws {
        guard seconds >= 1, rounds >= 1, depth >= 1 else {
            throw ValidationError("--seconds, --rounds and --depth are whole numbers from 1 up")
        }
        guard ClientCounts.read(clients, most: 150) != nil else {
            throw ValidationError("--clients \(clients): write numbers from 1 to 150 with commas between, 1,8,64")
        }
    }

    func run() async throws {
        let settings = ["shared_buffers": "128MB", "max_wal_size": "1GB"]
        try await MeasuredServer.lend(settings: settings, durable: durable) { try await measure(on: $0) }
    }

    private func measure(on cluster: PostgresCluster) async throws {
        try await cluster.execute(Workload.preparation)
        try await cluster.execute("VACUUM measured")
        let ours = try OurClient(
            configuration: PostgresConfiguration(connectionString: cluster.connectionString()), seconds: seconds)
        let pgbench = PgBench(cluster: cluster, seconds: seconds)
        print(Line.head(depth: depth))
        for workload in Workload.allCases {
            for clients in ClientCounts.read(clients, most: 150) ?? [] {
                var line = Line(workload: workload, clients: clients)
                for _ in 0..<rounds {
                    // In turns, so that what else the machine does meanwhile meets all of them.
                    let theirs = try await pgbench.run(workload.script, clients: clients, timesEach: false)
                    line.pgbench.append(theirs.perSecond)
                    line.single.append(try await ours.run(workload, clients: clients, .single))
                    line.beside.append(
                        try await ours.run(workload, clients: clients, .single, runsBesideSocket: true))
                    line.batches.append(try await ours.run(workload, clients: clients, .batch(of: depth)))
                    line.pipelines.append(try await ours.run(workload, clients: clients, .pipeline(of: depth)))
                    try await cluster.execute("VACUUM measured")
                }
                print(line.text)
            }
        }
    }
}

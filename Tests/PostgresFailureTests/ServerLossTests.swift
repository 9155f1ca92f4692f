import Foundation
import PostgresClient
import PrivateCluster
import TestSupport
import Testing

@Suite("When the server goes away")
struct ServerLossTests {
    /// What is under way when it goes; each is seen at the server by the words "under way".
    enum Work: CaseIterable {
        case query, transaction, pipeline, rowStream, copyIn, copyOut

        func run(on pool: PostgresPool) async throws {
            try await pool.withConnection { connection in
                switch self {
                case .query:
                    try await connection.execute("SELECT pg_sleep(600) /* under way */")
                case .transaction:
                    try await connection.withTransaction { transaction in
                        try await transaction.execute("INSERT INTO loan VALUES (1)")
                        try await transaction.execute("SELECT pg_sleep(600) /* under way */")
                    }
                case .pipeline:
                    try await connection.withPipeline { pipeline in
                        pipeline.query("INSERT INTO loan VALUES (1)")
                        pipeline.query("SELECT pg_sleep(600) /* under way */")
                        _ = try await pipeline.query("SELECT 1").rows
                    }
                case .rowStream:
                    try await connection.stream("SELECT generate_series(1, 1000000000) /* under way */") { rows in
                        for try await _ in rows {}
                    }
                case .copyIn:
                    try await connection.copyIn("COPY loan FROM STDIN /* under way */") { writer in
                        while true { try await writer.writeRow(1) }
                    }
                case .copyOut:
                    try await connection.copyOut(
                        "COPY (SELECT generate_series(1, 1000000000)) TO STDOUT /* under way */"
                    ) { rows in
                        for try await _ in rows {}
                    }
                }
            }
        }
    }

    @Test(
        "work under way ends with a clear error, is undone, and the pool works after the restart",
        arguments: Work.allCases)
    func killed(during work: Work) async throws {
        try await withTemporaryCluster(settings: ["synchronous_commit": "on"]) { cluster in
            try await withPool(at: cluster.configuration()) { pool in
                try await pool.execute("CREATE TABLE loan (id bigint)")
                let task = Task { try await work.run(on: pool) }
                try await pool.waitUntilRunning("under way")
                try await cluster.kill()
                let error = await #expect(throws: PostgresError.self) { try await task.value }
                #expect(error?.isConnectionLoss == true)
                #expect(error?.message.contains("connection") == true)
                try await cluster.start()
                #expect(try await pool.value("SELECT count(*) FROM loan", as: Int.self) == 0)
            }
        }
    }

    @Test("a statement behind the one that was being run is told of the loss too")
    func behindAnother() async throws {
        try await withTemporaryCluster { cluster in
            try await withPool(at: cluster.configuration()) { pool in
                let task = Task {
                    try await pool.withConnection { connection in
                        // The first time prepares both, so that the second time they are sent together.
                        for seconds in [0.0, 600.0] {
                            try await connection.withPipeline { pipeline in
                                pipeline.query("SELECT pg_sleep(\(seconds)) /* under way */")
                                _ = try await pipeline.query("SELECT 1").rows
                            }
                        }
                    }
                }
                try await pool.waitUntilRunning("under way")
                try await cluster.kill()
                let error = await #expect(throws: PostgresError.self) { try await task.value }
                #expect(error?.isConnectionLoss == true, "\(String(describing: error))")
            }
        }
    }

    // The limit is only against waiting for ever.
    @Test("a pipeline of which the connection breaks before its end can be sent fails", .timeLimit(.minutes(10)))
    func brokenBeforeEnd() async throws {
        try await withTemporaryCluster { cluster in
            // On the thread that reads the socket, so that the loss is first noticed by sending the end.
            let pool = PostgresPool(configuration: try cluster.configuration(), runsBesideSocket: true)
            let error = await #expect(throws: PostgresError.self) {
                try await pool.withConnection { connection in
                    try await connection.withPipeline { pipeline in
                        _ = try await pipeline.query("SELECT length(\("short"))").rows
                        killProcess(connection.processID)
                        // Longer than libpq gathers before it writes. The first write that fails libpq keeps to itself;
                        // it tells of it at the next, which is the end.
                        pipeline.query("SELECT length(\(String(repeating: "x", count: 12_000)))")
                    }
                }
            }
            #expect(error?.isConnectionLoss == true)
            await pool.close()
        }
    }

    @Test("while it is away each request is told so, and idle connections are not lent again")
    func restarted() async throws {
        try await withTemporaryCluster { cluster in
            try await withPool(at: cluster.configuration()) { pool in
                try await pool.withConnection { _ in try await pool.execute("SELECT 1") }
                #expect(pool.statistics.idle == 2)
                try await cluster.stop()
                try await eventually("the pool has noticed") { pool.statistics.idle == 0 }
                let error = await #expect(throws: PostgresError.self) { try await pool.execute("SELECT 1") }
                #expect(error?.code == .connectionFailed)
                #expect(error?.isConnectionLoss == true)
                try await cluster.start()
                #expect(try await pool.value("SELECT 1", as: Int.self) == 1)
            }
        }
    }

    @Test("a session that an administrator ends fails with the server's own words")
    func terminated() async throws {
        try await withPool { pool in
            let task = Task { try await pool.execute("SELECT pg_sleep(600) /* to be ended */") }
            try await pool.waitUntilRunning("to be ended")
            try await pool.execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE strpos(query, 'to be ended') > 0 AND pid <> pg_backend_pid()
                """)
            let error = await #expect(throws: PostgresError.self) { try await task.value }
            #expect(error?.code == .adminShutdown)
            #expect(error?.message == "terminating connection due to administrator command")
        }
    }

    @Test("a connection lost during COMMIT leaves the outcome open, and the error says so")
    func commit() async throws {
        try await withPool { pool in
            try await pool.withConnection { connection in
                try await connection.executeScript(
                    """
                    CREATE TABLE loan (id bigint);
                    CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
                    CREATE CONSTRAINT TRIGGER hang_up AFTER INSERT ON loan DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION hang_up();
                    """)
            }
            let error = await #expect(throws: PostgresError.self) {
                try await pool.withTransaction { try await $0.execute("INSERT INTO loan VALUES (1)") }
            }
            #expect(error?.code == .commitOutcomeUnknown)
            #expect(error?.hint == "look before doing the same again")
            #expect(try await pool.value("SELECT count(*) FROM loan", as: Int.self) == 0)
        }
    }
}

/// Kills one of the server's processes, and holds up the thread until it is gone.
///
/// One that is told to end says so first, which is still read where the end of the pipeline is sent; from one that is
/// killed nothing comes, and sending fails.
private func killProcess(_ id: Int32) {
    kill(id, SIGKILL)
    while kill(id, 0) == 0 { usleep(1000) }
}

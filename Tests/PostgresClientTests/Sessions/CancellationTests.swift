import PostgresClient
import TestSupport
import Testing

@Suite("Cancelling a task")
struct CancellationTests {
    @Test("cancels its statement at the server, and the connection lives on")
    func cancelsStatement() async throws {
        try await withPool { pool in
            try await pool.withConnection { connection in
                let task = Task { try await connection.execute("SELECT pg_sleep(600)") }
                try await eventually("the server sleeps") { try await pool.isSleeping }
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
                #expect(try await !pool.isSleeping)
                #expect(try await connection.value("SELECT 1") == 1)
            }
        }
    }

    @Test("rolls its transaction back and gives the connection back")
    func cancelsTransaction() async throws {
        try await withPool(connections: 2) { pool in
            try await pool.withConnection { try await $0.executeScript("CREATE TABLE t (n int)") }
            let task = Task {
                try await pool.withTransaction { transaction in
                    try await transaction.execute("INSERT INTO t VALUES (1)")
                    try await transaction.execute("SELECT pg_sleep(600)")
                }
            }
            try await eventually("the server sleeps") { try await pool.isSleeping }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(pool.statistics.inUse == 0)
            #expect(try await pool.value("SELECT count(*) FROM t") == 0)
        }
    }

    @Test("ends a stream, a COPY out and a script", arguments: ["stream", "copyOut", "script"])
    func cancelsOthers(kind: String) async throws {
        try await withPool { pool in
            let task = Task {
                try await pool.withConnection { connection in
                    switch kind {
                    case "stream":
                        try await connection.stream("SELECT pg_sleep(600)") { for try await _ in $0 {} }
                    case "copyOut":
                        try await connection.copyOut("COPY (SELECT pg_sleep(600)) TO STDOUT") {
                            for try await _ in $0 {}
                        }
                    default:
                        try await connection.executeScript("SELECT 1; SELECT pg_sleep(600)")
                    }
                }
            }
            try await eventually("the server sleeps") { try await pool.isSleeping }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await !pool.isSleeping)
        }
    }

    @Test("that waits behind another one's statement leaves that one alone")
    func leavesOthersAlone() async throws {
        try await withPool { pool in
            try await pool.withConnection { connection in
                let first = Task { try await connection.value("SELECT 7 FROM pg_sleep(0.3)", as: Int.self) }
                try await eventually("the server sleeps") { try await pool.isSleeping }
                let second = Task { try await connection.value("SELECT 8 FROM pg_sleep(600)", as: Int.self) }
                second.cancel()
                await #expect(throws: CancellationError.self) { _ = try await second.value }
                #expect(try await first.value == 7)
                #expect(try await connection.value("SELECT 9") == 9)
            }
        }
    }

    @Test("that is cancelled before it asks asks nothing")
    func asksNothing() async throws {
        try await withPool { pool in
            let task = Task {
                unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                try await pool.withConnection { try await $0.executeScript("CREATE TABLE t (n int)") }
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            let isMissing = try await pool.value("SELECT to_regclass('t') IS NULL", as: Bool.self)
            #expect(isMissing)
        }
    }

    @Test("over and over leaves no connection behind")
    func manyTimes() async throws {
        try await withPool(connections: 4) { pool in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let task = Task {
                            try await pool.withTransaction { transaction in
                                try await transaction.execute("SELECT \(number), pg_sleep(0.001)")
                            }
                        }
                        if number.isMultiple(of: 2) { task.cancel() }
                        _ = try? await task.value
                    }
                }
            }
            #expect(pool.statistics.inUse == 0)
            let one = try await pool.value("SELECT 1", as: Int.self)
            #expect(one == 1)
        }
    }
}

extension PostgresPool {
    /// Whether some session of the database sleeps.
    fileprivate var isSleeping: Bool {
        get async throws {
            try await withConnection { connection in
                try await connection.value(
                    """
                    SELECT EXISTS (SELECT FROM pg_stat_activity
                        WHERE wait_event = 'PgSleep' AND datname = current_database())
                    """)
            }
        }
    }
}

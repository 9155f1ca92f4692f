import PostgresClient
import TestSupport
import Testing

@Suite("The pool")
struct PostgresPoolTests {
    @Test("who waits in vain is told how many connections are in use")
    func exhausted() async throws {
        try await withPool(maximumConnections: 2, waitingDeadline: .milliseconds(50)) { pool in
            let error = try await pool.withConnection { _ in
                try await pool.withConnection { _ in
                    await #expect(throws: PostgresError.self) { try await pool.withConnection { _ in } }
                }
            }
            #expect(error?.code == .poolExhausted)
            #expect(error?.message.hasSuffix("2 of 2 in use, 1 waiting") == true)
            #expect(error?.hint == "allow more connections, or hold each for less time")
            #expect(try await pool.value("SELECT 1", as: Int.self) == 1)
        }
    }

    @Test("those who wait are served in the order in which they came")
    func order() async throws {
        try await withPool(maximumConnections: 1) { pool in
            let (served, record) = AsyncStream<Int>.makeStream()
            let (isHeld, mayEnd) = (Gate(), Gate())
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await pool.withConnection { _ in
                        isHeld.open()
                        await mayEnd.waitUntilOpen()
                    }
                }
                await isHeld.waitUntilOpen()
                for number in 1...8 {
                    group.addTask {
                        try await pool.withConnection { _ in _ = record.yield(number) }
                    }
                    try await eventually("number \(number) waits") { pool.statistics.waiting == number }
                }
                mayEnd.open()
                try await group.waitForAll()
            }
            record.finish()
            #expect(await served.reduce(into: []) { $0.append($1) } == Array(1...8))
        }
    }

    @Test("a task that is cancelled while it waits leaves the line")
    func cancelledWaiter() async throws {
        try await withPool(maximumConnections: 1) { pool in
            try await pool.withConnection { _ in
                let waiter = Task { try await pool.withConnection { _ in } }
                try await eventually("it waits") { pool.statistics.waiting == 1 }
                waiter.cancel()
                await #expect(throws: CancellationError.self) { try await waiter.value }
                #expect(pool.statistics.waiting == 0)
            }
            #expect(try await pool.value("SELECT 1", as: Int.self) == 1)
        }
    }

    @Test("connections are opened as they are needed, and used again")
    func reuse() async throws {
        try await withPool { pool in
            let first = try await pool.value("SELECT pg_backend_pid()", as: Int.self)
            let second = try await pool.value("SELECT pg_backend_pid()", as: Int.self)
            #expect(first == second)
            #expect(pool.statistics.idle == 1)
        }
    }

    @Test("a transaction that was left open goes to nobody else")
    func openTransaction() async throws {
        try await withPool { pool in
            let first = try await pool.withConnection { connection in
                try await connection.execute("BEGIN")
                return connection.processID
            }
            #expect(try await pool.withConnection(\.processID) != first)
        }
    }

    @Test("a connection that the server ended while it was idle is replaced")
    func endedWhileIdle() async throws {
        try await withPool { pool in
            let first = try await pool.withConnection(\.processID)
            try await pool.withConnection { _ async throws in
                #expect(try await pool.value("SELECT pg_terminate_backend(\(first))", as: Bool.self))
            }
            try await eventually("the pool has noticed") { pool.statistics.inUse + pool.statistics.idle <= 1 }
            #expect(try await pool.withConnection(\.processID) != first)
        }
    }

    @Test("a connection that nobody needs is closed after a while")
    func idleTime() async throws {
        try await withDatabase(from: .empty) { database in
            let pool = PostgresPool(
                configuration: try PostgresConfiguration(connectionString: database.connectionString),
                maximumIdleTime: .milliseconds(20))
            try await pool.execute("SELECT 1")
            try await eventually("it is closed") { pool.statistics.idle == 0 }
            try await eventually("the server has noticed") { try await database.sessionCount() == 0 }
            await pool.close()
        }
    }

    @Test("closing waits for those who have a connection, and refuses all others")
    func closing() async throws {
        try await withPool { pool in
            let (isBusy, mayEnd) = (Gate(), Gate())
            let work = Task {
                try await pool.withConnection { connection in
                    isBusy.open()
                    await mayEnd.waitUntilOpen()
                    return try await connection.value("SELECT 1", as: Int.self)
                }
            }
            await isBusy.waitUntilOpen()
            let closing = Task { await pool.close() }
            try await eventually("others are refused") {
                do {
                    try await pool.withConnection { _ in }
                    return false
                } catch let error as PostgresError {
                    return error.code == .poolClosed
                }
            }
            mayEnd.open()
            await closing.value
            #expect(try await work.value == 1)
            #expect(pool.statistics.inUse == 0)
        }
    }

    @Test("a pool that was forgotten without being closed leaves no session at the server")
    func forgotten() async throws {
        try await withDatabase(from: .empty) { database in
            do {
                let pool = PostgresPool(
                    configuration: try PostgresConfiguration(connectionString: database.connectionString))
                try await pool.execute("SELECT 1")
            }
            try await eventually("no session is left") { try await database.sessionCount() == 0 }
        }
    }

    @Test("where no server answers, everybody is told why")
    func noServer() async throws {
        try await withTemporaryFolder { folder in
            let configuration = try PostgresConfiguration(connectionString: "host=\(folder.path) user=desk dbname=desk")
            try await withPool(at: configuration, maximumConnections: 2) { pool in
                await withTaskGroup { group in
                    for _ in 0..<6 {
                        group.addTask {
                            let error = await #expect(throws: PostgresError.self) {
                                try await pool.withConnection { _ in }
                            }
                            #expect(error?.code == .connectionFailed)
                            #expect(error?.message.contains(folder.path) == true)
                        }
                    }
                }
            }
        }
    }

    @Test("10,000 queries over 8 connections are all answered, each with its own answer", arguments: [false, true])
    func manyQueries(besideSocket: Bool) async throws {
        try await withPool(maximumConnections: 8, runsBesideSocket: besideSocket) { pool in
            let sum = try await withThrowingTaskGroup { group in
                for worker in 0..<100 {
                    group.addTask {
                        var sum = 0
                        for query in 0..<100 {
                            sum += try await pool.value("SELECT \(worker * 100 + query)::bigint", as: Int.self)
                        }
                        return sum
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(sum == 49_995_000)
            #expect((1...8).contains(pool.statistics.idle))
            #expect(pool.statistics.inUse == 0)
        }
    }
}

extension TestDatabase {
    /// How many sessions there are beside the one that asks.
    fileprivate func sessionCount() async throws -> Int? {
        Int(
            try await execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"))
    }
}

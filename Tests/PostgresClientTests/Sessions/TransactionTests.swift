import PostgresClient
import TestSupport
import Testing

@Suite("Transactions")
struct TransactionTests {
    struct Refusal: Error {}

    @Test("what returns is committed, what throws is rolled back")
    func commitsOrRollsBack() async throws {
        try await withPool { pool in
            try await pool.withConnection { try await $0.executeScript("CREATE TABLE t (n int)") }
            try await pool.withTransaction { try await $0.execute("INSERT INTO t VALUES (1)") }
            await #expect(throws: Refusal.self) {
                try await pool.withTransaction { transaction in
                    try await transaction.execute("INSERT INTO t VALUES (2)")
                    throw Refusal()
                }
            }
            let stored = try await pool.withConnection { try await $0.query("SELECT n FROM t").decode(Int.self) }
            #expect(stored == [1])
        }
    }

    @Test("a savepoint is undone alone, and savepoints nest")
    func savepoints() async throws {
        try await withPool { pool in
            try await pool.withTransaction { transaction in
                try await transaction.executeScript("CREATE TABLE t (n int PRIMARY KEY); INSERT INTO t VALUES (1)")
                await #expect(throws: Refusal.self) {
                    try await transaction.withSavepoint {
                        try await transaction.execute("INSERT INTO t VALUES (2)")
                        try await transaction.withSavepoint {
                            try await transaction.execute("INSERT INTO t VALUES (3)")
                        }
                        throw Refusal()
                    }
                }
                let duplicate = try await failure {
                    try await transaction.withSavepoint { try await transaction.execute("INSERT INTO t VALUES (1)") }
                }
                #expect(duplicate.code == .uniqueViolation)
                try await transaction.withSavepoint { try await transaction.execute("INSERT INTO t VALUES (4)") }
                return
            }
            let stored = try await pool.withConnection { connection in
                try await connection.query("SELECT n FROM t ORDER BY n").decode(Int.self)
            }
            #expect(stored == [1, 4])
        }
    }

    @Test("a failure that was swallowed is told at the end, not committed as nothing")
    func tellsOfSwallowedFailure() async throws {
        try await withPool { pool in
            let error = try await failure {
                try await pool.withTransaction { transaction in
                    try await transaction.execute("CREATE TABLE t (n int)")
                    _ = try? await transaction.execute("SELECT 1/0")
                }
            }
            #expect(error.code == .transactionAborted)
        }
    }

    @Test("isolation and access are the transaction's")
    func options() async throws {
        try await withPool { pool in
            let settings = try await pool.withTransaction(isolation: .serializable, access: .readOnly) { transaction in
                [
                    try await transaction.value("SELECT current_setting('transaction_isolation')", as: String.self),
                    try await transaction.value("SELECT current_setting('transaction_read_only')"),
                ]
            }
            #expect(settings == ["serializable", "on"])
            let error = try await failure {
                try await pool.withTransaction(access: .readOnly) { try await $0.execute("CREATE TABLE t (n int)") }
            }
            #expect(error.code == .readOnlyTransaction)
        }
    }

    @Test("of two that cannot both be true, the second runs again and sees the first")
    func retriesSerializationFailure() async throws {
        try await withPool { pool in
            try await pool.withConnection { connection in
                try await connection.executeScript("CREATE TABLE t (n int); INSERT INTO t VALUES (0)")
            }
            let attempts = Counter()
            let meeting = Meeting(of: 2)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        try await pool.withTransaction(isolation: .serializable) { transaction in
                            let n = try await transaction.value("SELECT n FROM t", as: Int.self)
                            // In their first attempts both have read before either writes.
                            if attempts.next() <= 2 { await meeting.arrive() }
                            try await transaction.execute("UPDATE t SET n = \(n + 1)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(attempts.value == 3)
            #expect(try await pool.value("SELECT n FROM t") == 2)
        }
    }

    @Test("of two that wait for each other, one runs again")
    func retriesDeadlock() async throws {
        try await withPool { pool in
            try await pool.withConnection { connection in
                try await connection.executeScript(
                    """
                    CREATE TABLE t (id int, n int); INSERT INTO t VALUES (1, 0), (2, 0);
                    DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''10ms''', current_database());
                    END $$
                    """)
            }
            let attempts = Counter()
            let meeting = Meeting(of: 2)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (first, second) in [(1, 2), (2, 1)] {
                    group.addTask {
                        try await pool.withTransaction { transaction in
                            try await transaction.execute("UPDATE t SET n = n + 1 WHERE id = \(first)")
                            if attempts.next() <= 2 { await meeting.arrive() }
                            try await transaction.execute("UPDATE t SET n = n + 1 WHERE id = \(second)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            // Three, unless whoever runs again takes the row before the one that waited for it wakes.
            #expect(attempts.value >= 3)
            #expect(try await pool.value("SELECT sum(n) FROM t") == 4)
        }
    }

    @Test("a collision that comes again and again is given up")
    func givesUp() async throws {
        try await withDatabase(from: .empty) { database in
            let pool = PostgresPool(
                configuration: try PostgresConfiguration(connectionString: database.connectionString),
                retries: PostgresRetries(maximumAttempts: 3, firstPause: .zero))
            let attempts = Counter()
            let error = try await failure {
                try await pool.withTransaction { transaction in
                    _ = attempts.next()
                    try await transaction.executeScript(
                        "DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$")
                }
            }
            #expect(error.code == .serializationFailure)
            #expect(attempts.value == 3)
            await pool.close()
        }
    }

    @Test("is over when its closure has returned")
    func isOver() async throws {
        try await withPool { pool in
            let escaped = try await pool.withTransaction { $0 }
            let error = try await failure { try await escaped.execute("SELECT 1") }
            #expect(error.code == .misuse)
        }
    }
}

import PostgresClient
import Synchronization
import TestSupport
import Testing

@Suite("Transactions")
struct TransactionTests {
    private struct Unwanted: Error {}

    /// Lends a pool on a database with one account that holds 100.
    private func withAccount(
        retries: PostgresRetries = PostgresRetries(firstPause: .zero), _ body: (PostgresPool) async throws -> Void
    ) async throws {
        try await withPool(retries: retries) { pool in
            try await pool.withConnection { connection in
                try await connection.executeScript(
                    "CREATE TABLE account (id bigint, amount bigint); INSERT INTO account VALUES (1, 100)")
            }
            try await body(pool)
        }
    }

    @Test("that return are committed")
    func commits() async throws {
        try await withAccount { pool in
            try await pool.withTransaction { try await $0.execute("UPDATE account SET amount = 7") }
            #expect(try await pool.value("SELECT amount FROM account", as: Int.self) == 7)
        }
    }

    @Test("that throw are rolled back, and the error is thrown on")
    func rollsBack() async throws {
        try await withAccount { pool async throws in
            await #expect(throws: Unwanted.self) {
                try await pool.withTransaction { transaction in
                    try await transaction.execute("UPDATE account SET amount = 7")
                    throw Unwanted()
                }
            }
            #expect(try await pool.value("SELECT amount FROM account", as: Int.self) == 100)
        }
    }

    @Test("in which a failed statement was swallowed are not taken for committed")
    func swallowed() async throws {
        try await withAccount { pool async throws in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.withTransaction { transaction in
                    try await transaction.execute("UPDATE account SET amount = 7")
                    _ = try? await transaction.execute("SELECT 1 / 0")
                }
            }
            #expect(error?.code == .transactionAborted)
            #expect(try await pool.value("SELECT amount FROM account", as: Int.self) == 100)
        }
    }

    @Test("that collide are run again, and both are done")
    func retried() async throws {
        try await withAccount { pool in
            let attempts = Atomic(0)
            try await pool.withTransaction(isolation: .repeatableRead) { transaction in
                let amount = try await transaction.value("SELECT amount FROM account", as: Int.self)
                if attempts.add(1, ordering: .relaxed).newValue == 1 {
                    try await pool.withTransaction { try await $0.execute("UPDATE account SET amount = amount + 10") }
                }
                try await transaction.execute("UPDATE account SET amount = \(amount * 2)")
            }
            #expect(attempts.load(ordering: .relaxed) == 2)
            #expect(try await pool.value("SELECT amount FROM account", as: Int.self) == 220)
        }
    }

    @Test("that write skewed are found by the server at COMMIT and run again")
    func writeSkew() async throws {
        try await withAccount { pool in
            let attempts = Atomic(0)
            try await pool.withTransaction(isolation: .serializable) { transaction in
                let count = try await transaction.value("SELECT count(*) FROM account", as: Int.self)
                try await transaction.execute("INSERT INTO account VALUES (\(10 + count), 0)")
                guard attempts.add(1, ordering: .relaxed).newValue == 1 else { return }
                try await pool.withTransaction(isolation: .serializable) { other in
                    let count = try await other.value("SELECT count(*) FROM account", as: Int.self)
                    try await other.execute("INSERT INTO account VALUES (\(10 + count), 0)")
                }
            }
            #expect(attempts.load(ordering: .relaxed) == 2)
            #expect(
                try await pool.withConnection { try await $0.query("SELECT id FROM account ORDER BY id") }
                    .decode(Int.self) == [1, 11, 12])
        }
    }

    @Test("that collide each time are given up after as many attempts as allowed")
    func limited() async throws {
        try await withAccount(retries: PostgresRetries(maximumAttempts: 3, firstPause: .zero)) { pool async throws in
            let attempts = Atomic(0)
            let error = await #expect(throws: PostgresError.self) {
                try await pool.withTransaction(isolation: .repeatableRead) { transaction in
                    attempts.add(1, ordering: .relaxed)
                    _ = try await transaction.query("SELECT amount FROM account")
                    try await pool.withTransaction { try await $0.execute("UPDATE account SET amount = amount + 1") }
                    try await transaction.execute("UPDATE account SET amount = 0")
                }
            }
            #expect(error?.code == .serializationFailure)
            #expect(attempts.load(ordering: .relaxed) == 3)
            #expect(try await pool.value("SELECT amount FROM account", as: Int.self) == 103)
        }
    }

    @Test("that lock in opposite orders end the deadlock by running one again")
    func deadlock() async throws {
        try await withAccount { pool in
            try await pool.execute("INSERT INTO account VALUES (2, 100)")
            let (firstLocked, secondLocked) = (Gate(), Gate())
            let move = { @Sendable (from: Int, to: Int, locked: Gate, otherLocked: Gate) in
                try await pool.withTransaction { transaction in
                    try await transaction.execute("SET LOCAL deadlock_timeout = '10ms'")
                    try await transaction.execute("UPDATE account SET amount = amount - 1 WHERE id = \(from)")
                    locked.open()
                    await otherLocked.waitUntilOpen()
                    try await transaction.execute("UPDATE account SET amount = amount + 1 WHERE id = \(to)")
                }
            }
            async let first: Void = move(1, 2, firstLocked, secondLocked)
            async let second: Void = move(2, 1, secondLocked, firstLocked)
            _ = try await (first, second)
            let amounts = try await pool.withConnection { try await $0.query("SELECT amount FROM account") }
            #expect(try amounts.decode(Int.self) == [100, 100])
        }
    }

    @Test("that only read may not write")
    func readOnly() async throws {
        try await withAccount { pool in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.withTransaction(access: .readOnly) { try await $0.execute("DELETE FROM account") }
            }
            #expect(error?.code == .readOnlyTransaction)
        }
    }

    @Test("undo a savepoint alone")
    func savepoint() async throws {
        try await withAccount { pool in
            try await pool.withTransaction { transaction in
                try await transaction.execute("UPDATE account SET amount = 1")
                await #expect(throws: PostgresError.self) {
                    try await transaction.withSavepoint {
                        try await transaction.execute("UPDATE account SET amount = 2")
                        try await transaction.execute("SELECT 1 / 0")
                    }
                }
                #expect(try await transaction.value("SELECT amount FROM account", as: Int.self) == 1)
            }
            #expect(try await pool.value("SELECT amount FROM account", as: Int.self) == 1)
        }
    }

    @Test("undo an outer savepoint with the inner ones that were kept")
    func nested() async throws {
        try await withAccount { pool in
            try await pool.withTransaction { transaction in
                await #expect(throws: Unwanted.self) {
                    try await transaction.withSavepoint {
                        try await transaction.withSavepoint {
                            try await transaction.execute("UPDATE account SET amount = 2")
                        }
                        throw Unwanted()
                    }
                }
            }
            #expect(try await pool.value("SELECT amount FROM account", as: Int.self) == 100)
        }
    }

    @Test("are over when their closure returns")
    func over() async throws {
        try await withAccount { pool in
            let kept = try await pool.withTransaction { $0 }
            let error = await #expect(throws: PostgresError.self) { try await kept.execute("DELETE FROM account") }
            #expect(error?.code == .misuse)
        }
    }

    @Test("in which nothing was asked for do not begin")
    func empty() async throws {
        try await withAccount { pool in
            try await pool.withTransaction { _ in }
            #expect(pool.statistics.idle == 1)
        }
    }
}

import TestSupport
import Testing

import PostgresClient

@Suite("Statements that are sent together")
struct BatchTests {
    @Test("in a batch of statements that stand alone, one that fails hits only itself")
    func each() async throws {
        try await withConnection { connection in
            try await connection.execute("CREATE TABLE loan (id bigint PRIMARY KEY)")
            let outcomes = try await connection.queryEach(
                [1, 2, 2, 3].map { "INSERT INTO loan VALUES (\($0)) RETURNING id" })
            #expect(outcomes.map { try? $0.get().decode(Int.self) } == [[1], [2], nil, [3]])
            #expect(throws: PostgresError.self) { try outcomes[2].get() }
            #expect(try await connection.value("SELECT count(*) FROM loan", as: Int.self) == 3)
        }
    }

    @Test("a statement in the batch that cannot be read hits only itself, too")
    func eachUnreadable() async throws {
        try await withConnection { connection in
            let outcomes = try await connection.queryEach(["SELECT 1", "SELEKT 2", "SELECT 3", "SELECT \("\0")"])
            #expect(outcomes.map { try? $0.get().decode(Int.self) } == [[1], nil, [3], nil])
        }
    }

    @Test("a batch of statements is run in its order")
    func eachInOrder() async throws {
        try await withConnection { connection in
            try await connection.execute("CREATE TABLE step (number serial, id bigint)")
            _ = try await connection.queryEach((0..<300).map { "INSERT INTO step (id) VALUES (\($0))" })
            let ids = try await connection.query("SELECT id FROM step ORDER BY number").decode(Int.self)
            #expect(ids == Array(0..<300))
        }
    }

    @Test("a pipeline larger than all buffers gets through")
    func large() async throws {
        try await withConnection { connection in
            let text = String(repeating: "x", count: 100_000)
            let rows = try await connection.queryPipelined((0..<200).map { _ in "SELECT length(\(text))" })
            #expect(try rows.map { try $0.decode(Int.self) } == Array(repeating: [100_000], count: 200))
        }
    }

    @Test("statements of many tasks go out over one connection without waiting for each other's answers")
    func manyTasks() async throws {
        try await withPool { pool in
            try await pool.withConnection { holder in
                try await holder.execute("SELECT pg_advisory_lock(1)")
                try await pool.withConnection { connection in
                    // Prepared beforehand, as nothing is sent while a statement is being prepared.
                    #expect(try await connection.value("SELECT \(0)", as: Int.self) == 0)
                    _ = try await connection.query("SELECT pg_advisory_lock(\(2))::text")
                    try await withThrowingTaskGroup { group in
                        group.addTask { _ = try await connection.query("SELECT pg_advisory_lock(\(1))::text") }
                        try await pool.waitUntilRunning("pg_advisory_lock")
                        for number in 1...50 {
                            group.addTask { () async throws in
                                #expect(try await connection.value("SELECT \(number)", as: Int.self) == number)
                            }
                        }
                        // An answer and the end of its group for each.
                        try await eventually("all are sent") { connection.expectedAnswerCount == 102 }
                        try await holder.execute("SELECT pg_advisory_unlock(1)")
                        try await group.waitForAll()
                    }
                }
            }
        }
    }
}

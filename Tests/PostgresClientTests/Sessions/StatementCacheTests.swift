import PostgresClient
import TestSupport
import Testing

@Suite("Prepared statements")
struct StatementCacheTests {
    @Test("are as many at the server as allowed, however many are run")
    func staysBounded() async throws {
        try await withLimitedConnection { connection in
            for number in 0..<40 {
                let query = PostgresQuery(unescaped: "SELECT \(number)")
                #expect(try await connection.value(query) == number)
            }
            let held = try await connection.value("SELECT count(*) FROM pg_prepared_statements", as: Int.self)
            #expect(connection.preparedStatementCount == 4)
            // One more may wait to be dropped with the next preparation.
            #expect((4...6).contains(held))
        }
    }

    @Test("survive a change of their table")
    func survivesAlter() async throws {
        try await withConnection { connection in
            try await connection.executeScript("CREATE TABLE t (n int); INSERT INTO t VALUES (1)")
            let query: PostgresQuery = "SELECT * FROM t WHERE n = \(1)"
            #expect(try await connection.query(query).columnNames == ["n"])
            try await connection.executeScript("ALTER TABLE t ADD word text")
            #expect(try await connection.query(query).columnNames == ["n", "word"])
        }
    }

    @Test("survive being forgotten by the server", arguments: ["DISCARD ALL", "DEALLOCATE ALL"])
    func survivesDiscard(sql: String) async throws {
        try await withConnection { connection in
            let query: PostgresQuery = "SELECT \(5)"
            #expect(try await connection.value(query) == 5)
            try await connection.executeScript(sql)
            #expect(try await connection.value(query) == 5)
        }
    }

    @Test("a transaction whose statement no longer fits its table is run again")
    func retriesTransaction() async throws {
        try await withPool { pool in
            try await pool.withConnection { connection in
                try await connection.executeScript("CREATE TABLE t (n int); INSERT INTO t VALUES (1)")
                let query: PostgresQuery = "SELECT * FROM t"
                _ = try await connection.query(query)
                try await connection.executeScript("ALTER TABLE t ADD word text")
                let names = try await connection.withTransaction { try await $0.query(query).columnNames }
                #expect(names == ["n", "word"])
            }
        }
    }

    private func withLimitedConnection(_ body: (PostgresConnection) async throws -> Void) async throws {
        try await withDatabase(from: .empty) { database in
            var configuration = try PostgresConfiguration(connectionString: database.connectionString)
            configuration.preparedStatementLimit = 4
            try await PostgresConnection.withConnection(configuration, body)
        }
    }
}

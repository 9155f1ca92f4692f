import PostgresClient
import TestSupport
import Testing

@Suite("Prepared statements")
struct PreparedStatementTests {
    @Test("are prepared once and used again")
    func reuse() async throws {
        try await withConnection { connection async throws in
            for number in 0..<5 { #expect(try await connection.value("SELECT \(number)", as: Int.self) == number) }
            #expect(connection.preparedStatementCount == 1)
            #expect(try await connection.serverCount() == 2)
        }
    }

    @Test("the one not used for longest makes room, also at the server")
    func eviction() async throws {
        try await withConnection {
            $0.preparedStatementLimit = 4
        } _: { connection in
            for number in 0..<30 {
                let query = PostgresQuery(unescaped: "SELECT \(number)")
                #expect(try await connection.value(query, as: Int.self) == number)
                #expect(try await connection.value("SELECT -1", as: Int.self) == -1)
            }
            #expect(connection.preparedStatementCount == 4)
            #expect(try await connection.serverCount() <= 6)
            let kept = try await connection.value(
                "SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT -1'", as: Int.self)
            #expect(kept == 1)
        }
    }

    @Test("many tasks at a time stay within the limit and get their own answers")
    func evictionAmongTasks() async throws {
        try await withConnection {
            $0.preparedStatementLimit = 3
        } _: { connection in
            try await withThrowingTaskGroup { group in
                for number in 0..<200 {
                    group.addTask { () async throws in
                        let query = PostgresQuery(unescaped: "SELECT \(number % 17)")
                        #expect(try await connection.value(query, as: Int.self) == number % 17)
                    }
                }
                try await group.waitForAll()
            }
            #expect(connection.preparedStatementCount <= 3)
        }
    }

    /// The ways in which a statement can be run outside a transaction.
    enum Way: CaseIterable {
        case query, pipeline, batch, stream

        func run(_ query: PostgresQuery, on connection: PostgresConnection) async throws -> [String] {
            switch self {
            case .query: try await connection.query(query).columnNames
            case .pipeline: try await connection.queryPipelined([query, query])[1].columnNames
            case .batch: try await connection.queryEach([query, query])[1].get().columnNames
            case .stream:
                try await connection.stream(query) { rows in
                    for try await row in rows { return row.columnNames }
                    return []
                }
            }
        }
    }

    @Test("that no longer fit a changed table are prepared anew", arguments: [Way.query, .pipeline, .batch])
    func alteredTable(way: Way) async throws {
        try await withConnection { connection in
            try await connection.executeScript("CREATE TABLE book (id int); INSERT INTO book VALUES (1)")
            #expect(try await way.run("SELECT * FROM book", on: connection) == ["id"])
            try await connection.execute("ALTER TABLE book ADD COLUMN title text")
            #expect(try await way.run("SELECT * FROM book", on: connection) == ["id", "title"])
        }
    }

    @Test("that no longer fit fail once where they cannot be run again unseen, as in a stream")
    func alteredTableInStream() async throws {
        try await withConnection { connection in
            try await connection.executeScript("CREATE TABLE book (id int); INSERT INTO book VALUES (1)")
            #expect(try await Way.stream.run("SELECT * FROM book", on: connection) == ["id"])
            try await connection.execute("ALTER TABLE book ADD COLUMN title text")
            let error = await #expect(throws: PostgresError.self) {
                try await Way.stream.run("SELECT * FROM book", on: connection)
            }
            #expect(error?.code == .staleStatement)
            #expect(error?.message == "cached plan must not change result type")
            #expect(try await Way.stream.run("SELECT * FROM book", on: connection) == ["id", "title"])
        }
    }

    @Test("that no longer fit run the whole transaction anew")
    func alteredTableInTransaction() async throws {
        try await withPool { pool in
            try await pool.withConnection { try await $0.execute("CREATE TABLE book (id int)") }
            try await pool.withConnection { connection in
                _ = try await connection.query("SELECT * FROM book")
                try await connection.execute("ALTER TABLE book ADD COLUMN title text")
                var attempts = 0
                let names = try await connection.withTransaction { transaction in
                    attempts += 1
                    return try await transaction.query("SELECT * FROM book").columnNames
                }
                #expect(names == ["id", "title"])
                #expect(attempts == 2)
            }
        }
    }

    @Test(
        "that the server was told to forget are prepared anew", arguments: Way.allCases,
        ["DISCARD ALL", "DEALLOCATE ALL"])
    func discarded(way: Way, how: String) async throws {
        try await withConnection { connection in
            #expect(try await way.run("SELECT 1 AS one", on: connection) == ["one"])
            try await connection.execute(PostgresQuery(unescaped: how))
            #expect(try await way.run("SELECT 1 AS one", on: connection) == ["one"])
            try await connection.executeScript(how)
            #expect(try await way.run("SELECT 1 AS one", on: connection) == ["one"])
        }
    }

    @Test("that the server forgot unseen are prepared anew, also while old ones are dropped", arguments: [1, 256])
    func forgottenUnseen(limit: Int) async throws {
        try await withConnection {
            $0.preparedStatementLimit = limit
        } _: { connection in
            for number in 0..<3 {
                #expect(
                    try await connection.value(PostgresQuery(unescaped: "SELECT \(number)"), as: Int.self) == number)
            }
            try await connection.execute("DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$")
            for number in 0..<5 {
                #expect(
                    try await connection.value(PostgresQuery(unescaped: "SELECT \(number)"), as: Int.self) == number)
            }
        }
    }

    @Test("that cannot be prepared leave nothing behind")
    func unpreparable() async throws {
        try await withConnection {
            $0.preparedStatementLimit = 2
        } _: { connection async throws in
            for number in 0..<10 {
                _ = try? await connection.query(PostgresQuery(unescaped: "SELEKT \(number)"))
                #expect(
                    try await connection.value(PostgresQuery(unescaped: "SELECT \(number)"), as: Int.self) == number)
            }
            #expect(connection.preparedStatementCount == 2)
            #expect(try await connection.serverCount() <= 5)
        }
    }

    @Test("with the same text and values of other types are different")
    func typesDiffer() async throws {
        try await withConnection { connection async throws in
            #expect(try await connection.value("SELECT pg_typeof(\(1))::text", as: String.self) == "bigint")
            #expect(try await connection.value("SELECT pg_typeof(\("1"))::text", as: String.self) == "text")
            #expect(connection.preparedStatementCount == 2)
        }
    }
}

extension PostgresConnection {
    /// How many statements the server holds for this connection, this one among them.
    fileprivate func serverCount() async throws -> Int {
        try await value("SELECT count(*) FROM pg_prepared_statements", as: Int.self)
    }
}

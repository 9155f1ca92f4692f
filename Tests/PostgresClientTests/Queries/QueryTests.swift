import PostgresClient
import Testing

@Suite("Queries")
struct QueryTests {
    @Test("a value is a parameter, never SQL")
    func bindsValues() async throws {
        let hostile = "'; DROP TABLE library; --"
        let query: PostgresQuery = "SELECT \(hostile), \(7), \(nil as String?)"
        #expect(query.sql == "SELECT $1, $2, $3")
        #expect(query.types == [.text, .int8, .text])
        try await withConnection { connection in
            let row = try #require(try await connection.query(query).first)
            let (text, number, nothing) = try row.decode((String, Int, String?).self)
            #expect(text == hostile)
            #expect(number == 7)
            #expect(nothing == nil)
        }
    }

    @Test("a name is quoted, whatever is in it")
    func quotesNames() async throws {
        try await withConnection { connection in
            let name = "reference \"desk\"; DROP"
            try await connection.execute("CREATE TABLE \(identifier: name) (\(identifier: "the id") int)")
            try await connection.execute("INSERT INTO \(identifier: name) VALUES (\(1))")
            #expect(try await connection.value("SELECT \(identifier: "the id") FROM \(identifier: name)") == 1)
        }
    }

    @Test("rows are read by column, in order and by name")
    func readsRows() async throws {
        try await withConnection { connection in
            let rows = try await connection.query("SELECT n, n * n AS square FROM generate_series(1, 3) AS n")
            #expect(rows.columnNames == ["n", "square"])
            #expect(try rows.map { try $0.decode(column: "square", as: Int.self) } == [1, 4, 9])
            #expect(try rows.decode((Int, Int).self).map(\.1) == [1, 4, 9])
            #expect(rows.count == 3)
        }
    }

    @Test("how many rows a statement changed is told")
    func countsRows() async throws {
        try await withConnection { connection in
            try await connection.executeScript("CREATE TABLE t (n int); INSERT INTO t SELECT generate_series(1, 9)")
            #expect(try await connection.execute("UPDATE t SET n = n + 1 WHERE n > \(4)") == 5)
            #expect(try await connection.execute("DELETE FROM t WHERE n = \(0)") == 0)
        }
    }

    @Test(
        "a value that is not what was asked for is refused by the column's name",
        arguments: [
            ("SELECT NULL::int AS hours", "it is NULL"), ("SELECT 'x'::text AS hours", "do not fit"),
            ("SELECT 9000000000 AS hours", "too large"), ("SELECT 1 AS hours, 2", "of the 2 that came"),
        ])
    func refuses(sql: String, because reason: String) async throws {
        try await withConnection { connection in
            let row = try #require(try await connection.query(PostgresQuery(unescaped: sql)).first)
            let error = try await failure { _ = try row.decode(Int32.self) }
            #expect(error.code == .decoding)
            #expect(error.description.contains(reason))
            #expect(sql.contains(", 2") || error.description.contains("column hours"))
        }
    }

    @Test("columns of types that are not read in binary come as text")
    func readsOtherTypes() async throws {
        try await withConnection { connection in
            let row = try #require(
                try await connection.query("SELECT interval '90 minutes', inet '10.0.0.1', 5, true, now()").first)
            let (time, address, number, flag, _) = try row.decode(
                (String, String, Int, Bool, PostgresTimestamp).self)
            #expect(time == "01:30:00")
            #expect(address == "10.0.0.1")
            #expect(number == 5)
            #expect(flag)
        }
    }

    @Test("a script's failure names the statement's own error and leaves the session usable")
    func failsScript() async throws {
        try await withConnection { connection in
            let error = try await failure {
                try await connection.executeScript("CREATE TABLE t (n int); SELECT 1/0; CREATE TABLE u (n int)")
            }
            #expect(error.code == .divisionByZero)
            #expect(try await connection.value("SELECT to_regclass('t') IS NULL"))
        }
    }

    @Test("COPY in a script or a query is refused, and does not hang")
    func refusesCopy() async throws {
        try await withConnection { connection in
            try await connection.executeScript("CREATE TABLE t (n int)")
            let inScript = try await failure { try await connection.executeScript("COPY t FROM STDIN") }
            #expect(inScript.code == .misuse)
            #expect(try await connection.value("SELECT 1") == 1)
            let asQuery = try await failure { try await connection.execute("COPY t TO STDOUT") }
            #expect(asQuery.code == .misuse)
        }
    }

    @Test("U+0000 in a statement's text is refused, not taken for its end", arguments: [false, true])
    func refusesNulInStatement(isScript: Bool) async throws {
        try await withConnection { connection in
            let error = try await failure {
                if isScript {
                    try await connection.executeScript("SELECT 1; \0 SELECT 2")
                } else {
                    try await connection.execute("SELECT 1 \0 + 1")
                }
            }
            #expect(error.code == .misuse)
            #expect(error.message == "the statement's text holds U+0000, which no statement can")
            #expect(try await connection.value("SELECT 1") == 1)
        }
    }

    @Test("notices reach whoever asked for them")
    func tellsNotices() async throws {
        let (notices, continuation) = AsyncStream<PostgresNotice>.makeStream()
        try await withConnection { configuration in
            configuration.noticeHandler = PostgresNoticeHandler { continuation.yield($0) }
        } _: { connection in
            _ = try await connection.execute("DROP TABLE IF EXISTS nowhere")
        }
        var iterator = notices.makeAsyncIterator()
        let notice = await iterator.next()
        #expect(notice?.severity == "NOTICE")
        #expect(notice?.message == "table \"nowhere\" does not exist, skipping")
    }
}

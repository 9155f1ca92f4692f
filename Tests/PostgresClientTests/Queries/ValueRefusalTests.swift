import PostgresClient
import TestSupport
import Testing

@Suite("Values that do not fit")
struct ValueRefusalTests {
    private func refusal(of query: PostgresQuery) async throws -> PostgresError {
        try await withConnection { connection in
            let error = await #expect(throws: PostgresError.self) { try await connection.query(query) }
            #expect(try await connection.value("SELECT 1", as: Int.self) == 1)
            return try #require(error)
        }
    }

    @Test("a text with U+0000 is refused before it is sent", arguments: ["\0", "a\0b", "ends\0"])
    func nul(text: String) async throws {
        for query in ["SELECT \(text)", "SELECT \([text])", "SELECT \(text as String?)"] as [PostgresQuery] {
            let error = try await refusal(of: query)
            #expect(error.code == .encoding)
            #expect(error.message == "a text holds U+0000, which PostgreSQL cannot store")
        }
    }

    @Test(
        "a moment before the server's first is refused",
        arguments: [.min, .min + 946_684_800_000_000, -300_000_000_000_000_000])
    func moment(microseconds: Int64) async throws {
        let error = try await refusal(of: "SELECT \(PostgresTimestamp(microsecondsSince1970: microseconds))")
        #expect(error.message.contains("out of range"))
    }

    @Test("a date before the server's first is refused", arguments: [.min, .min + 10_956, .min + 10_957, -3_000_000])
    func date(days: Int32) async throws {
        let error = try await refusal(of: "SELECT \(PostgresDate(daysSince1970: days))")
        #expect(error.message.contains("out of range"))
    }

    @Test("infinity is no moment, in binary and as text", arguments: ["", ", '1 day'::interval"])
    func infinity(others: String) async throws {
        try await withConnection { connection in
            let row = try #require(
                try await connection.query("SELECT 'infinity'::timestamptz AS due\(unescaped: others)").first)
            let error = #expect(throws: PostgresError.self) {
                try row.decode(column: "due", as: PostgresTimestamp.self)
            }
            #expect(error?.code == .decoding)
            #expect(error?.message.hasPrefix("column due (timestamptz) cannot be read as PostgresTimestamp") == true)
        }
    }

    @Test("a moment beyond this side's last is told, in binary and as text", arguments: ["", ", '1 day'::interval"])
    func tooFar(others: String) async throws {
        try await withConnection { connection in
            let row = try #require(
                try await connection.query("SELECT '294276-12-31 23:59:59+00'::timestamptz AS due\(unescaped: others)")
                    .first)
            let error = #expect(throws: PostgresError.self) {
                try row.decode(column: "due", as: PostgresTimestamp.self)
            }
            #expect(error?.message.hasSuffix("it is too far in the future") == true)
        }
    }

    @Test("NULL where a value was asked for names the column and what to ask for")
    func null() async throws {
        try await withConnection { connection in
            let rows = try await connection.query("SELECT NULL::bigint AS shelf")
            let error = #expect(throws: PostgresError.self) { try rows.decode(Int.self) }
            #expect(error?.message == "column shelf (bigint) cannot be read as Int: it is NULL: ask for Int?")
        }
    }

    @Test("a number too large for the type asked for is not cut")
    func tooLarge() async throws {
        try await withConnection { connection in
            let rows = try await connection.query("SELECT 70000 AS pages")
            let error = #expect(throws: PostgresError.self) { try rows.decode(Int16.self) }
            #expect(error?.message == "column pages (integer) cannot be read as Int16: the number is too large for it")
        }
    }

    @Test("another number of columns than asked for is told")
    func columnCount() async throws {
        try await withConnection { connection in
            let row = try #require(try await connection.query("SELECT 1, 2").first)
            let few = #expect(throws: PostgresError.self) { try row.decode(Int.self) }
            #expect(few?.message == "1 columns were asked for of the 2 that came")
            let many = #expect(throws: PostgresError.self) { try row.decode((Int, Int, Int).self) }
            #expect(many?.message == "more columns were asked for than the 2 that there are")
        }
    }

    @Test("an array of two dimensions is told, in binary and as text", arguments: ["", ", '1 day'::interval"])
    func dimensions(others: String) async throws {
        try await withConnection { connection in
            let row = try #require(
                try await connection.query("SELECT '{{1,2},{3,4}}'::bigint[] AS grid\(unescaped: others)").first)
            let error = #expect(throws: PostgresError.self) { try row.decode(column: "grid", as: [Int].self) }
            #expect(error?.message.contains("dimension") == true)
        }
    }
}

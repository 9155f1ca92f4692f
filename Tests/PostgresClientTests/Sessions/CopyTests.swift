import PostgresClient
import TestSupport
import Testing

@Suite("COPY")
struct CopyTests {
    private struct Unwanted: Error {}

    private func withBooks(_ body: (PostgresConnection) async throws -> Void) async throws {
        try await withConnection { connection in
            try await connection.execute("CREATE TABLE book (id bigint PRIMARY KEY, title text, pages integer)")
            try await body(connection)
        }
    }

    @Test("brings rows in, whatever their texts hold, and out again", arguments: ["", " WITH (FORMAT binary)"])
    func roundTrip(format: String) async throws {
        let titles: [String?] = [
            "plain", "", nil, "tab\tand\nline\r\nend", "back\\slash", "\\N", "quote'\"", "日本 🦉", "\\.",
        ]
        try await withBooks { connection in
            let count = try await connection.copyIn("COPY book FROM STDIN\(format)") { writer in
                for (index, title) in titles.enumerated() { try await writer.writeRow(index, title, Int32(index)) }
                #expect(writer.rowCount == titles.count)
            }
            #expect(count == titles.count)
            let stored = try await connection.query("SELECT title FROM book ORDER BY id").decode(String?.self)
            #expect(stored == titles)
            let copied = try await connection.copyOut("COPY (SELECT id, title FROM book ORDER BY id) TO STDOUT") {
                rows in
                var copied: [String?] = []
                for try await row in rows { copied.append(try row.decode((Int, String?).self).1) }
                return copied
            }
            #expect(copied == titles)
        }
    }

    @Test("takes lines of CSV cut anywhere")
    func csv() async throws {
        try await withBooks { connection in
            let count = try await connection.copyIn("COPY book FROM STDIN WITH (FORMAT csv)") { writer in
                for byte in "1,\"a, b\",3\n2,c,4\n".utf8 { try await writer.write([byte]) }
            }
            #expect(count == 2)
            #expect(try await connection.value("SELECT title FROM book WHERE id = 1", as: String.self) == "a, b")
        }
    }

    @Test("with a row in the middle that the server refuses keeps none, and says which line it was")
    func refusedRow() async throws {
        try await withBooks { connection async throws in
            let error = await #expect(throws: PostgresError.self) {
                try await connection.copyIn("COPY book FROM STDIN") { writer in
                    for id in 0..<20_000 { try await writer.writeRow(id == 10_000 ? 1 : id, "title", 1) }
                }
            }
            #expect(error?.code == .uniqueViolation)
            #expect(error?.context?.contains("COPY book, line 10001") == true)
            #expect(try await connection.value("SELECT count(*) FROM book", as: Int.self) == 0)
        }
    }

    @Test("whose writer throws keeps nothing, and that error is thrown on")
    func writerThrows() async throws {
        try await withBooks { connection async throws in
            await #expect(throws: Unwanted.self) {
                try await connection.copyIn("COPY book FROM STDIN") { writer in
                    for id in 0..<5_000 { try await writer.writeRow(id, "title", 1) }
                    throw Unwanted()
                }
            }
            #expect(try await connection.value("SELECT count(*) FROM book", as: Int.self) == 0)
        }
    }

    @Test("in a transaction ends with it")
    func inTransaction() async throws {
        try await withBooks { connection async throws in
            await #expect(throws: Unwanted.self) {
                try await connection.withTransaction { transaction in
                    try await transaction.copyIn("COPY book FROM STDIN") { try await $0.writeRow(1, "title", 1) }
                    #expect(try await transaction.value("SELECT count(*) FROM book", as: Int.self) == 1)
                    throw Unwanted()
                }
            }
            #expect(try await connection.value("SELECT count(*) FROM book", as: Int.self) == 0)
        }
    }

    @Test("of a statement that is none is refused with what is expected")
    func noCopy() async throws {
        try await withBooks { connection async throws in
            let into = await #expect(throws: PostgresError.self) {
                try await connection.copyIn("SELECT 1") { _ in }
            }
            #expect(into?.message == "the statement is no COPY … FROM STDIN")
            let out = await #expect(throws: PostgresError.self) {
                try await connection.copyOut("SELECT 1") { rows in
                    for try await _ in rows {}
                }
            }
            #expect(out?.message == "the statement is no COPY … TO STDOUT")
            #expect(try await connection.value("SELECT 1", as: Int.self) == 1)
        }
    }

    @Test("with U+0000 in a text is refused here, and the row is not sent")
    func nul() async throws {
        try await withBooks { connection async throws in
            let error = await #expect(throws: PostgresError.self) {
                try await connection.copyIn("COPY book FROM STDIN") { try await $0.writeRow(1, "a\0b", 1) }
            }
            #expect(error?.code == .encoding)
            #expect(try await connection.value("SELECT count(*) FROM book", as: Int.self) == 0)
        }
    }

    @Test("out that is left early leaves the connection usable")
    func leftEarly() async throws {
        try await withBooks { connection in
            let first = try await connection.copyOut("COPY (SELECT generate_series(1, 100000000)) TO STDOUT") { rows in
                for try await row in rows { return row.text }
                return ""
            }
            #expect(first == "1\n")
            #expect(try await connection.value("SELECT 1", as: Int.self) == 1)
        }
    }

    @Test("keeps the connection to itself while it lasts, and says so")
    func occupied() async throws {
        try await withBooks { connection in
            _ = try await connection.copyIn("COPY book FROM STDIN") { writer in
                let error = await #expect(throws: PostgresError.self) { try await connection.execute("SELECT 1") }
                #expect(error?.code == .misuse)
                try await writer.writeRow(1, "title", 1)
            }
            #expect(try await connection.value("SELECT count(*) FROM book", as: Int.self) == 1)
        }
    }
}

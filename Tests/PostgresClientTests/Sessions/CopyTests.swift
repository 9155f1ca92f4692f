import PostgresClient
import Testing

@Suite("COPY")
struct CopyTests {
    @Test("carries many rows in and out")
    func carriesMany() async throws {
        try await withConnection { connection in
            try await connection.executeScript("CREATE TABLE t (n int, word text)")
            let count = try await connection.copyIn("COPY t FROM STDIN") { writer in
                for n in 0..<50_000 { try await writer.writeRow(n, "word \(n)") }
                #expect(writer.rowCount == 50_000)
            }
            #expect(count == 50_000)
            let sum = try await connection.copyOut("COPY t TO STDOUT") { rows in
                try await rows.reduce(0) { $0 + (try $1.decode((Int, String).self).0) }
            }
            #expect(sum == 50_000 * 49_999 / 2)
        }
    }

    @Test("takes bytes in whatever format")
    func takesBytes() async throws {
        try await withConnection { connection in
            try await connection.executeScript("CREATE TABLE t (n int, word text)")
            try await connection.copyIn("COPY t FROM STDIN (FORMAT csv)") { writer in
                try await writer.write("1,\"a,b\"\n2".utf8)
                try await writer.write(",c\n".utf8)
            }
            let lines = try await connection.copyOut("COPY t TO STDOUT (FORMAT csv)") { rows in
                try await rows.reduce(into: [String]()) { $0.append($1.text) }
            }
            #expect(lines == ["1,\"a,b\"\n", "2,c\n"])
        }
    }

    @Test("nothing is kept if the writer throws, and its error is the one thrown")
    func writerThrows() async throws {
        struct Refusal: Error {}
        try await withConnection { connection in
            try await connection.executeScript("CREATE TABLE t (n int)")
            await #expect(throws: Refusal.self) {
                try await connection.copyIn("COPY t FROM STDIN") { writer in
                    try await writer.writeRow(1)
                    throw Refusal()
                }
            }
            #expect(try await connection.value("SELECT count(*) FROM t") == 0)
        }
    }

    @Test("a row that the server refuses is told with its line")
    func refusesRow() async throws {
        try await withConnection { connection in
            try await connection.executeScript("CREATE TABLE t (n int)")
            let error = try await failure {
                try await connection.copyIn("COPY t FROM STDIN") { writer in
                    try await writer.writeRow(1)
                    try await writer.writeRow("two")
                }
            }
            #expect(error.code.rawValue == "22P02")
            #expect(error.context?.contains("line 2") == true)
            #expect(try await connection.value("SELECT count(*) FROM t") == 0)
        }
    }

    @Test("in a transaction it is part of it, also as its first statement")
    func inTransaction() async throws {
        try await withPool { pool in
            try await pool.withConnection { try await $0.executeScript("CREATE TABLE t (n int)") }
            struct Refusal: Error {}
            await #expect(throws: Refusal.self) {
                try await pool.withTransaction { transaction in
                    try await transaction.copyIn("COPY t FROM STDIN") { try await $0.writeRow(1) }
                    #expect(try await transaction.value("SELECT count(*) FROM t") == 1)
                    throw Refusal()
                }
            }
            #expect(try await pool.value("SELECT count(*) FROM t") == 0)
        }
    }

    @Test("one that is left early is stopped, and the session goes on")
    func leavesEarly() async throws {
        try await withConnection { connection in
            let first = try await connection.copyOut("COPY (SELECT generate_series(1, 1000000)) TO STDOUT") { rows in
                try await rows.first { _ in true }?.decode((Int).self)
            }
            #expect(first == 1)
            #expect(try await connection.value("SELECT 1") == 1)
        }
    }

    @Test("a statement that is no COPY is refused", arguments: ["SELECT 1", "CREATE TABLE u (n int)"])
    func refusesOthers(sql: String) async throws {
        try await withConnection { connection in
            let copyIn = try await failure { try await connection.copyIn(sql) { _ in } }
            #expect(copyIn.code == .misuse)
            #expect(try await connection.value("SELECT 1") == 1)
        }
    }

    @Test("a row in the middle of many that the server refuses is told with its line, and none is kept")
    func refusesInTheMiddle() async throws {
        try await withConnection { connection in
            try await connection.executeScript("CREATE TABLE book (id bigint PRIMARY KEY)")
            let error = try await failure {
                try await connection.copyIn("COPY book FROM STDIN") { writer in
                    for id in 0..<20_000 { try await writer.writeRow(id == 10_000 ? 1 : id) }
                }
            }
            #expect(error.code == .uniqueViolation)
            #expect(error.context?.contains("COPY book, line 10001") == true)
            #expect(try await connection.value("SELECT count(*) FROM book") == 0)
        }
    }

    @Test("a text with U+0000 is refused here, and nothing is kept")
    func refusesNul() async throws {
        try await withConnection { connection in
            try await connection.executeScript("CREATE TABLE book (title text)")
            let error = try await failure {
                try await connection.copyIn("COPY book FROM STDIN") { try await $0.writeRow("a\0b") }
            }
            #expect(error.code == .encoding)
            #expect(try await connection.value("SELECT count(*) FROM book") == 0)
        }
    }

    @Test("a statement while rows are written is refused, and does not hang")
    func refusesOthers() async throws {
        try await withConnection { connection in
            try await connection.executeScript("CREATE TABLE book (id bigint)")
            try await connection.copyIn("COPY book FROM STDIN") { writer in
                let error = try await failure { try await connection.execute("SELECT 1") }
                #expect(error.code == .misuse)
                try await writer.writeRow(1)
            }
            #expect(try await connection.value("SELECT count(*) FROM book") == 1)
        }
    }
}

import PostgresClient
import Testing

@Suite("What the server refuses")
struct ServerErrorTests {
    private static let loans = """
        CREATE TABLE patron (id bigint PRIMARY KEY);
        CREATE TABLE loan (
            id bigint CONSTRAINT loan_key PRIMARY KEY,
            patron bigint CONSTRAINT loan_patron REFERENCES patron,
            days integer NOT NULL CONSTRAINT days_positive CHECK (days > 0));
        INSERT INTO loan VALUES (7, NULL, 14)
        """

    private func refusal(of query: PostgresQuery) async throws -> PostgresError {
        try await withConnection { connection in
            try await connection.executeScript(Self.loans)
            let error = await #expect(throws: PostgresError.self) { try await connection.execute(query) }
            #expect(try await connection.value("SELECT count(*) FROM loan", as: Int.self) == 1)
            return try #require(error)
        }
    }

    @Test("a second row with the same key names the constraint, the table and the key")
    func unique() async throws {
        let error = try await refusal(of: "INSERT INTO loan VALUES (7, NULL, 1)")
        #expect(error.code == .uniqueViolation)
        #expect(error.constraint == "loan_key")
        #expect(error.schema == "public")
        #expect(error.table == "loan")
        #expect(error.detail == "Key (id)=(7) already exists.")
    }

    @Test("a reference to nobody names the constraint")
    func foreignKey() async throws {
        let error = try await refusal(of: "INSERT INTO loan VALUES (8, 99, 1)")
        #expect(error.code == .foreignKeyViolation)
        #expect(error.constraint == "loan_patron")
    }

    @Test("a missing value names the column")
    func notNull() async throws {
        let error = try await refusal(of: "INSERT INTO loan VALUES (8, NULL, NULL)")
        #expect(error.code == .notNullViolation)
        #expect(error.column == "days")
    }

    @Test("a check that fails names the constraint")
    func check() async throws {
        let error = try await refusal(of: "INSERT INTO loan VALUES (8, NULL, 0)")
        #expect(error.code == .checkViolation)
        #expect(error.constraint == "days_positive")
    }

    @Test("a statement that cannot be read says where")
    func syntax() async throws {
        let error = try await refusal(of: "SELECT 1 FROMM loan WHERE")
        #expect(error.code == .syntaxError)
        #expect(error.position == 16)
    }

    @Test("a column that does not exist comes with the server's hint")
    func hint() async throws {
        let error = try await refusal(of: "SELECT dayz FROM loan")
        #expect(error.code == .undefinedColumn)
        #expect(error.hint?.contains("loan.days") == true)
        #expect(error.description.contains("[SQLSTATE 42703] (hint: "))
    }

    @Test("an error inside a function says in which")
    func context() async throws {
        let error = try await refusal(of: "DO $$ BEGIN PERFORM 1 / 0; END $$")
        #expect(error.code == .divisionByZero)
        #expect(error.context?.contains("PL/pgSQL function inline_code_block line 1 at PERFORM") == true)
    }

    @Test("the text for logs holds no row's contents; the one for debugging does")
    func redaction() async throws {
        let error = try await refusal(of: "INSERT INTO loan VALUES (7, NULL, 1)")
        #expect(!error.description.contains("(7)"))
        #expect(String(reflecting: error).contains("Key (id)=(7) already exists."))
    }

    @Test("a script ends at the first statement that fails")
    func script() async throws {
        try await withConnection { connection in
            let error = await #expect(throws: PostgresError.self) {
                try await connection.executeScript("CREATE TABLE a (id int); SELECT 1 / 0; CREATE TABLE b (id int)")
            }
            #expect(error?.code == .divisionByZero)
            let count = try await connection.value(
                "SELECT count(*) FROM pg_class WHERE relname IN ('a', 'b')", as: Int.self)
            #expect(count == 0)
        }
    }

    @Test("U+0000 in a statement's text is refused, not taken for its end")
    func nulInStatement() async throws {
        try await withConnection { connection async throws in
            for run in [
                { _ = try await connection.query(PostgresQuery(unescaped: "SELECT 1 \0 + 1")) },
                { try await connection.executeScript("SELECT 1; \0 SELECT 2") },
            ] as [() async throws -> Void] {
                let error = await #expect(throws: PostgresError.self) { try await run() }
                #expect(error?.code == .misuse)
                #expect(error?.message == "the statement's text holds U+0000, which no statement can")
            }
            #expect(try await connection.value("SELECT 1", as: Int.self) == 1)
        }
    }

    @Test("COPY in a query is refused with what to call instead, and the pool goes on")
    func copyAsQuery() async throws {
        try await withPool { pool async throws in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.execute("COPY (SELECT 1) TO STDOUT")
            }
            #expect(error?.code == .misuse)
            #expect(error?.message.contains("copyOut") == true)
            #expect(try await pool.value("SELECT 1", as: Int.self) == 1)
        }
    }

    @Test("notices reach who asked for them")
    func notices() async throws {
        let (notices, continuation) = AsyncStream<PostgresNotice>.makeStream()
        try await withConnection { configuration in
            configuration.noticeHandler = PostgresNoticeHandler { continuation.yield($0) }
        } _: { connection in
            try await connection.execute("DROP TABLE IF EXISTS nowhere")
        }
        var iterator = notices.makeAsyncIterator()
        let notice = await iterator.next()
        #expect(notice?.severity == "NOTICE")
        #expect(notice?.message == "table \"nowhere\" does not exist, skipping")
    }
}

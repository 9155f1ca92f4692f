import PostgresClient
import Testing

@Suite("Errors of the server")
struct ErrorTests {
    /// A statement that fails, and how.
    struct Fault: Sendable, CustomTestStringConvertible {
        let sql: String
        let code: PostgresError.Code
        var constraint: String?
        var table: String?
        var column: String?

        var testDescription: String { sql }
    }

    static let faults = [
        Fault(
            sql: "INSERT INTO desk VALUES (1, 'x')", code: .uniqueViolation, constraint: "desk_pkey", table: "desk"),
        Fault(sql: "INSERT INTO desk VALUES (2, NULL)", code: .notNullViolation, table: "desk", column: "name"),
        Fault(sql: "INSERT INTO desk VALUES (3, '')", code: .checkViolation, constraint: "named", table: "desk"),
        Fault(
            sql: "INSERT INTO seat VALUES (9)", code: .foreignKeyViolation, constraint: "seat_desk_fkey",
            table: "seat"),
        Fault(sql: "SELECT nothing FROM desk", code: .undefinedColumn),
        Fault(sql: "SELECT * FROM nowhere", code: .undefinedTable),
        Fault(sql: "SELEC 1", code: .syntaxError),
    ]

    @Test("tell the SQLSTATE and what it concerns", arguments: faults)
    func tell(_ fault: Fault) async throws {
        try await withConnection { connection in
            try await connection.executeScript(Self.schema)
            let error = try await failure { try await connection.execute(PostgresQuery(unescaped: fault.sql)) }
            #expect(error.code == fault.code)
            #expect(error.constraint == fault.constraint)
            #expect(error.table == fault.table)
            #expect(error.column == fault.column)
            #expect(error.description.contains(fault.code.rawValue))
            #expect(try await connection.value("SELECT 1") == 1)
        }
    }

    @Test("carry detail, hint, context and position")
    func carryMore() async throws {
        try await withConnection { connection in
            try await connection.executeScript(Self.schema)
            let duplicate = try await failure { try await connection.execute("INSERT INTO desk VALUES (1, 'x')") }
            #expect(duplicate.detail == "Key (id)=(1) already exists.")
            #expect(duplicate.schema == "public")

            let raised = try await failure {
                try await connection.execute("SELECT raise('advice', 'fact')")
            }
            #expect(raised.hint == "advice")
            #expect(raised.detail == "fact")
            #expect(raised.context?.contains("raise") == true)
            #expect(raised.code.rawValue == "P0001")

            let typo = try await failure { try await connection.execute("SELECT id FRM desk") }
            #expect(typo.position == 15)
        }
    }

    @Test("keep the rows' contents out of their description, and tell them to who debugs")
    func keepContents() async throws {
        try await withConnection { connection in
            try await connection.executeScript(Self.schema)
            let error = try await failure { try await connection.execute("INSERT INTO desk VALUES (1, 'x')") }
            #expect(!error.description.contains("(id)=(1)"))
            #expect(String(reflecting: error).contains("(id)=(1)"))
            #expect(String(reflecting: error).contains("constraint: desk_pkey"))
        }
    }

    @Test("a constraint that is checked at the end fails the statement that was committed by it")
    func deferredConstraint() async throws {
        try await withConnection { connection in
            try await connection.executeScript(Self.schema)
            let error = try await failure { try await connection.execute("INSERT INTO late VALUES (9)") }
            #expect(error.constraint == "late_desk_fkey")
            #expect(try await connection.value("SELECT count(*) FROM late") == 0)
        }
    }

    private static let schema = """
        CREATE TABLE desk (id int PRIMARY KEY, name text NOT NULL CONSTRAINT named CHECK (name <> ''));
        INSERT INTO desk VALUES (1, 'ask');
        CREATE TABLE seat (desk int REFERENCES desk);
        CREATE TABLE late (desk int REFERENCES desk DEFERRABLE INITIALLY DEFERRED);
        CREATE FUNCTION raise(advice text, fact text) RETURNS void LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'no' USING HINT = advice, DETAIL = fact; END $$;
        """
}

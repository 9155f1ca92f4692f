import Coverage
import PostgresClient
import Storage
import StorageTestSupport
import Testing

@Suite("The schema keeps accounts in order")
struct AccountSchemaTests {
    /// A change that must be refused, and by what.
    struct Refused: Sendable, CustomTestStringConvertible {
        let what: String
        let sql: String
        let constraint: String

        var testDescription: String { what }
    }

    /// An account with what is given besides the columns that each one has.
    private static func account(_ columns: String, _ values: String, email: String = "x@example.org") -> String {
        """
        INSERT INTO account (consortium_id, account_number, email, name, created_at, created_by, \(columns))
        VALUES ('two', 9, '\(email)', 'X', now(), 'test', \(values))
        """
    }

    static let refused: [Refused] = [
        Refused(
            what: "a manager of no library", sql: account("role", "'manager'"), constraint: "account_role_fits"),
        Refused(
            what: "an operator's account without the operator", sql: account("role", "'operator'"),
            constraint: "account_role_fits"),
        Refused(
            what: "a coordinator of one library", sql: account("role, library_id", "'coordinator', 'pub01'"),
            constraint: "account_role_fits"),
        Refused(
            what: "a reader who is an operator", sql: account("role, operator_id", "'reader', 'pub01-01'"),
            constraint: "account_role_fits"),
        Refused(
            what: "a manager of a library that there is not", sql: account("role, library_id", "'manager', 'pub99'"),
            constraint: "account_consortium_id_library_id_fkey"),
        Refused(
            what: "a second account of an email address",
            sql: account("role", "'reader'", email: "ada@example.org"), constraint: "account_email_is_one_accounts"),
        Refused(
            what: "an email address with capitals", sql: account("role", "'reader'", email: "Ada@example.org"),
            constraint: "account_email_check"),
        Refused(
            what: "a password that is not hashed",
            sql: account("role, password_hash", "'reader', 'seven quiet reading rooms'"),
            constraint: "account_password_hash_check"),
        Refused(
            what: "an issuer without a subject", sql: account("role, issuer", "'reader', 'https://id.example.org'"),
            constraint: "account_issuer_has_a_subject"),
        Refused(
            what: "a second link that could be used",
            sql: """
                INSERT INTO invitation (consortium_id, secret_hash, account_number, purpose, created_at, created_by,
                    expires_at)
                SELECT 'two', sha256(n::text::bytea), 1, 'reset', now(), 'test', now() + interval '1 day' FROM generate_series(1, 2) AS n
                """,
            constraint: "one_unused_invitation"),
    ]

    @Test("refused by the database itself", arguments: refused)
    func refuses(_ change: Refused) async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let ada = try #require(EmailAddress("ada@example.org"))
            _ = try await pool.withTransaction { transaction in
                try await AccountRepository(consortium: "two").insert(
                    .init(email: ada, name: "Ada", role: .coordinator), by: "test",
                    at: Instant(secondsSince1970: 1_790_000_000), in: transaction)
            }
            await #expect {
                try await pool.withTransaction { try await $0.executeScript(change.sql) }
            } throws: { error in
                (error as? PostgresError)?.constraint == change.constraint
            }
        }
    }
}

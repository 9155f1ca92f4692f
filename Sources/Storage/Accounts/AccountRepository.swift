package import Coverage
package import PostgresClient

/// Who may use the pages.
package struct AccountRepository: Sendable {
    /// What a new account is to be.
    package struct NewAccount: Hashable, Sendable {
        package var email: EmailAddress
        package var name: String
        package var role: Account.Role

        package init(email: EmailAddress, name: String, role: Account.Role) {
            self.email = email
            self.name = name
            self.role = role
        }
    }

    /// An account with what it signs in by.
    package struct Credentials: Hashable, Sendable {
        package var account: Account
        /// As `PasswordHash` writes it; nil if there is no password yet.
        package var passwordHash: String?
    }

    /// An account as lists show it.
    package struct Entry: Hashable, Sendable {
        package var account: Account
        package var hasPassword: Bool
        /// Whether its owner signs in through an identity provider.
        package var isLinked: Bool
        package var createdAt: Instant
        package var createdBy: String
        /// To the minute or so; nil if no browser is signed in that was not signed out.
        package var lastSeenAt: Instant?
        /// Until when a link that was not used yet can be.
        package var linkExpiresAt: Instant?
    }

    /// A library that accounts can be for.
    package struct LibraryName: Hashable, Sendable {
        package var id: Library.ID
        package var name: String
    }

    package let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    // MARK: Reading

    /// All accounts in the order of their email addresses, disabled ones too.
    package func all(at now: Instant, in session: some PostgresSession) async throws -> [Entry] {
        try await session.query(
            """
            SELECT \(unescaped: Self.columns), a.password_hash IS NOT NULL, a.subject IS NOT NULL, a.created_at,
                a.created_by,
                (SELECT max(s.last_seen_at) FROM account_session AS s
                    WHERE (s.consortium_id, s.account_number) = (a.consortium_id, a.account_number)),
                (SELECT i.expires_at FROM invitation AS i
                    WHERE (i.consortium_id, i.account_number) = (a.consortium_id, a.account_number)
                        AND i.used_at IS NULL AND i.expires_at > \(now))
            FROM \(unescaped: Self.tables) WHERE a.consortium_id = \(consortium) ORDER BY a.email
            """
        ).map { row in
            Entry(
                account: try Self.account(row), hasPassword: try Bool.decode(row[9]),
                isLinked: try Bool.decode(row[10]), createdAt: try Instant.decode(row[11]),
                createdBy: try String.decode(row[12]), lastSeenAt: try Instant?.decode(row[13]),
                linkExpiresAt: try Instant?.decode(row[14]))
        }
    }

    /// The account of an email address; nil if there is none.
    package func credentials(
        of email: EmailAddress, in session: some PostgresSession
    ) async throws -> Credentials? {
        try await session.query(
            """
            SELECT \(unescaped: Self.columns), a.password_hash FROM \(unescaped: Self.tables)
            WHERE a.consortium_id = \(consortium) AND a.email = \(email.text)
            """
        ).first.map(Self.credentials)
    }

    /// An account, which stays as it is until the transaction ends; nil if there is none.
    package func lockedCredentials(
        of number: Int, in transaction: PostgresTransaction
    ) async throws -> Credentials? {
        try await transaction.query(
            """
            SELECT \(unescaped: Self.columns), a.password_hash FROM \(unescaped: Self.tables)
            WHERE a.consortium_id = \(consortium) AND a.account_number = \(number)
            FOR NO KEY UPDATE OF a
            """
        ).first.map(Self.credentials)
    }

    /// Whether there is any account.
    package func hasAny(in session: some PostgresSession) async throws -> Bool {
        try await session.query("SELECT EXISTS (SELECT FROM account WHERE consortium_id = \(consortium))")
            .single().decode(Bool.self)
    }

    /// What the consortium calls itself; nil if it is not there yet.
    package func consortiumName(in session: some PostgresSession) async throws -> String? {
        try await session.query("SELECT name FROM consortium WHERE consortium_id = \(consortium)")
            .first?.decode(String.self)
    }

    /// The libraries that have not left, in the order of their names.
    package func libraries(in session: some PostgresSession) async throws -> [LibraryName] {
        try await session.query(
            """
            SELECT library_id, name FROM library
            WHERE consortium_id = \(consortium) AND retired_at IS NULL ORDER BY name, library_id
            """
        ).map { row in
            let (id, name) = try row.decode((Library.ID, String).self)
            return LibraryName(id: id, name: name)
        }
    }

    // MARK: Writing

    /// Whoever adds an account or takes a coordinator away waits for the others who do, until the transaction ends.
    package func lock(in transaction: PostgresTransaction) async throws {
        try await transaction.execute("SELECT FROM consortium WHERE consortium_id = \(consortium) FOR NO KEY UPDATE")
    }

    /// Adds an account, under ``lock(in:)``.
    ///
    /// - Returns: Its number.
    /// - Throws: ``PostgresError`` with the code `foreignKeyViolation` if there is no such consortium, library or
    ///   operator; `uniqueViolation` if the email address has an account.
    package func insert(
        _ new: NewAccount, by author: String, at now: Instant, in transaction: PostgresTransaction
    ) async throws -> Int {
        try await transaction.query(
            """
            INSERT INTO account (consortium_id, account_number, email, name, role, library_id, operator_id, created_at,
                created_by)
            SELECT \(consortium), coalesce(max(account_number), 0) + 1, \(new.email.text), \(new.name),
                \(new.role.kind.rawValue), \(new.role.library)::text, \(new.role.operator)::text, \(now), \(author)
            FROM account WHERE consortium_id = \(consortium)
            RETURNING account_number
            """
        ).single().decode(Int.self)
    }

    /// Gives an account another role.
    ///
    /// - Throws: ``PostgresError`` with the code `foreignKeyViolation` if there is no such library or operator.
    package func setRole(_ role: Account.Role, of number: Int, in transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            UPDATE account SET role = \(role.kind.rawValue), library_id = \(role.library)::text,
                operator_id = \(role.operator)::text
            WHERE consortium_id = \(consortium) AND account_number = \(number)
            """)
    }

    /// Locks an account, or with nil lets it be used again.
    package func setDisabled(at time: Instant?, of number: Int, in transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            UPDATE account SET disabled_at = \(time)
            WHERE consortium_id = \(consortium) AND account_number = \(number)
            """)
    }

    /// Gives an account another password.
    package func setPasswordHash(_ hash: String, of number: Int, in transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            UPDATE account SET password_hash = \(hash)
            WHERE consortium_id = \(consortium) AND account_number = \(number)
            """)
    }

    /// How many coordinators can sign in besides this account's owner.
    package func coordinators(besides number: Int, in transaction: PostgresTransaction) async throws -> Int {
        try await transaction.query(
            """
            SELECT count(*) FROM account WHERE consortium_id = \(consortium) AND account_number <> \(number)
                AND role = 'coordinator' AND disabled_at IS NULL AND num_nonnulls(password_hash, subject) > 0
            """
        ).single().decode(Int.self)
    }

    // MARK: Rows

    /// What ``account(_:)`` reads, of ``tables``.
    static let columns = """
        a.account_number, a.email, a.name, a.role, a.library_id, a.operator_id, o.library_id,
        a.disabled_at IS NOT NULL, coalesce(l.retired_at, o.retired_at) IS NOT NULL
        """

    static let tables = """
        account AS a
        LEFT JOIN library AS l ON (l.consortium_id, l.library_id) = (a.consortium_id, a.library_id)
        LEFT JOIN operator AS o ON (o.consortium_id, o.operator_id) = (a.consortium_id, a.operator_id)
        """

    static func account(_ row: PostgresRow) throws -> Account {
        let library = try Library.ID?.decode(row[4])
        let (kind, email) = (try String.decode(row[3]), try String.decode(row[1]))
        guard let kind = Account.Role.Kind(rawValue: kind), let email = EmailAddress(email),
            let role = Account.Role(kind, library: library, operator: try Operator.ID?.decode(row[5]))
        else {
            throw PostgresError(code: .decoding, message: "an account's role or email address is none that is known")
        }
        let standing: Account.Standing =
            try Bool.decode(row[7]) ? .disabled : try Bool.decode(row[8]) ? .departed : .active
        return Account(
            number: try Int.decode(row[0]), email: email, name: try String.decode(row[2]), role: role,
            library: try library ?? Library.ID?.decode(row[6]), standing: standing)
    }

    static func credentials(_ row: PostgresRow) throws -> Credentials {
        Credentials(account: try account(row), passwordHash: try String?.decode(row[9]))
    }
}

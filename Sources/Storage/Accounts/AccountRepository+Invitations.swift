package import Coverage
package import PostgresClient

/// Links under which somebody sets a password.
extension AccountRepository {
    /// What a link is for.
    package enum LinkPurpose: String, Hashable, Sendable {
        /// The account's first password.
        case invitation
        /// Another one, for a password that was lost.
        case reset
    }

    /// A link that can be used.
    package struct OpenLink: Hashable, Sendable {
        package var account: Account
        package var purpose: LinkPurpose
        package var expiresAt: Instant
    }

    /// Makes a link, and withdraws the one that the account had.
    ///
    /// - Parameters:
    ///   - hash: SHA-256 of its secret.
    ///   - purpose: What it is for.
    ///   - number: The account.
    ///   - author: Who makes it.
    ///   - now: When.
    ///   - end: Until when it can be used.
    ///   - transaction: The one that has the account locked, or made it.
    /// - Throws: ``PostgresError``.
    package func putLink(
        hash: [UInt8], for purpose: LinkPurpose, of number: Int, by author: String, at now: Instant,
        until end: Instant, in transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            DELETE FROM invitation
            WHERE consortium_id = \(consortium) AND account_number = \(number) AND used_at IS NULL
            """)
        try await transaction.execute(
            """
            INSERT INTO invitation (consortium_id, secret_hash, account_number, purpose, created_at, created_by,
                expires_at)
            VALUES (\(consortium), \(PostgresBytes(hash)), \(number), \(purpose.rawValue), \(now), \(author), \(end))
            """)
    }

    /// The link with a secret; nil if there is none, or it was used, or it has run out.
    package func link(
        hash: [UInt8], at now: Instant, in session: some PostgresSession
    ) async throws -> OpenLink? {
        let rows = try await session.query(
            """
            SELECT \(unescaped: Self.columns), i.purpose, i.expires_at
            FROM invitation AS i JOIN \(unescaped: Self.tables)
                ON (a.consortium_id, a.account_number) = (i.consortium_id, i.account_number)
            WHERE i.consortium_id = \(consortium) AND i.secret_hash = \(PostgresBytes(hash))
                AND i.used_at IS NULL AND i.expires_at > \(now)
            """)
        guard let row = rows.first, let purpose = LinkPurpose(rawValue: try String.decode(row[9])) else { return nil }
        return OpenLink(
            account: try Self.account(row), purpose: purpose, expiresAt: try Instant.decode(row[10]))
    }

    /// Uses a link up.
    ///
    /// - Returns: Whether it could be: of two who try at once, one can.
    package func useLink(hash: [UInt8], at now: Instant, in transaction: PostgresTransaction) async throws -> Bool {
        try await transaction.execute(
            """
            UPDATE invitation SET used_at = \(now)
            WHERE consortium_id = \(consortium) AND secret_hash = \(PostgresBytes(hash))
                AND used_at IS NULL AND expires_at > \(now)
            """) > 0
    }

    /// Withdraws an account's link that was not used.
    package func withdrawLinks(of number: Int, in transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            DELETE FROM invitation
            WHERE consortium_id = \(consortium) AND account_number = \(number) AND used_at IS NULL
            """)
    }
}

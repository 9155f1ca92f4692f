import Coverage
package import PostgresClient

/// Who the people with accounts are to an identity provider.
extension AccountRepository {
    /// The account that belongs to somebody at a provider, which stays as it is until the transaction ends.
    ///
    /// - Parameters:
    ///   - issuer: The provider, as its tokens name it.
    ///   - subject: The person, as the provider knows them.
    ///   - transaction: The one in which they sign in.
    /// - Returns: Nil if there is none.
    /// - Throws: ``PostgresError``.
    package func lockedAccount(
        issuer: String, subject: String, in transaction: PostgresTransaction
    ) async throws -> Credentials? {
        try await transaction.query(
            """
            SELECT \(unescaped: Self.columns), a.password_hash FROM \(unescaped: Self.tables)
            WHERE a.consortium_id = \(consortium) AND a.issuer = \(issuer) AND a.subject = \(subject)
            FOR NO KEY UPDATE OF a
            """
        ).first.map(Self.credentials)
    }

    /// Links an account that is linked to nobody yet to somebody at a provider.
    ///
    /// - Returns: Whether it was free.
    /// - Throws: ``PostgresError`` with the code `uniqueViolation` if that person has an account.
    package func link(
        _ number: Int, issuer: String, subject: String, in transaction: PostgresTransaction
    ) async throws -> Bool {
        try await transaction.execute(
            """
            UPDATE account SET issuer = \(issuer), subject = \(subject)
            WHERE consortium_id = \(consortium) AND account_number = \(number) AND subject IS NULL
            """) > 0
    }

    /// Parts an account from whoever it was linked to.
    ///
    /// - Returns: Whether it was linked.
    /// - Throws: ``PostgresError``.
    package func unlink(_ number: Int, in transaction: PostgresTransaction) async throws -> Bool {
        try await transaction.execute(
            """
            UPDATE account SET issuer = NULL, subject = NULL
            WHERE consortium_id = \(consortium) AND account_number = \(number) AND subject IS NOT NULL
            """) > 0
    }
}

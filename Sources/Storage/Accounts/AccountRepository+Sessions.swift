package import Coverage
package import PostgresClient

/// Browsers that are signed in.
extension AccountRepository {
    /// A browser that is signed in, without its secret: only a hash of that is kept.
    package struct StoredSession: Hashable, Sendable {
        /// Counted from 1 for each account.
        package var number: Int
        /// What the browser calls itself.
        package var device: String
        package var createdAt: Instant
        /// To the minute or so.
        package var lastSeenAt: Instant
        package var expiresAt: Instant
    }

    /// Signs a browser in, while the account is locked.
    ///
    /// - Parameters:
    ///   - hash: SHA-256 of the secret.
    ///   - number: The account.
    ///   - device: What the browser calls itself, at most 300 characters.
    ///   - now: When.
    ///   - end: When it is over, however often it is used.
    ///   - transaction: The one that has the account locked.
    /// - Returns: Its number.
    /// - Throws: ``PostgresError``.
    package func insertSession(
        hash: [UInt8], of number: Int, device: String, at now: Instant, until end: Instant,
        in transaction: PostgresTransaction
    ) async throws -> Int {
        try await transaction.query(
            """
            INSERT INTO account_session (consortium_id, account_number, session_number, secret_hash, device, created_at,
                last_seen_at, expires_at)
            SELECT \(consortium), \(number)::bigint::integer, coalesce(max(session_number), 0) + 1,
                \(PostgresBytes(hash)), \(device), \(now), \(now), \(end)
            FROM account_session WHERE consortium_id = \(consortium) AND account_number = \(number)
            RETURNING session_number
            """
        ).single().decode(Int.self)
    }

    /// The session with a secret, and its account.
    ///
    /// - Parameters:
    ///   - hash: SHA-256 of the secret.
    ///   - now: When.
    ///   - idle: Seconds after which one that is not used is over.
    ///   - session: Where to look.
    /// - Returns: Nil if there is none that is not over.
    /// - Throws: ``PostgresError``.
    /// - Complexity: One look-up by index.
    package func session(
        hash: [UInt8], at now: Instant, idleSeconds idle: Int64, in session: some PostgresSession
    ) async throws -> (account: Account, session: StoredSession)? {
        let rows = try await session.query(
            """
            SELECT \(unescaped: Self.columns), s.session_number, s.device, s.created_at, s.last_seen_at, s.expires_at
            FROM account_session AS s JOIN \(unescaped: Self.tables)
                ON (a.consortium_id, a.account_number) = (s.consortium_id, s.account_number)
            WHERE s.consortium_id = \(consortium) AND s.secret_hash = \(PostgresBytes(hash))
                AND s.expires_at > \(now) AND s.last_seen_at > \(now.advanced(bySeconds: -idle))
            """)
        guard let row = rows.first else { return nil }
        return (try Self.account(row), try Self.session(row, from: 9))
    }

    /// Notes that a session is used, unless that was noted after an instant.
    package func touchSession(
        hash: [UInt8], at now: Instant, ifNotSince earlier: Instant, in session: some PostgresSession
    ) async throws {
        try await session.execute(
            """
            UPDATE account_session SET last_seen_at = \(now)
            WHERE consortium_id = \(consortium) AND secret_hash = \(PostgresBytes(hash))
                AND last_seen_at <= \(earlier)
            """)
    }

    /// An account's sessions that are not over, the one that was used last first.
    package func sessions(
        of number: Int, at now: Instant, idleSeconds idle: Int64, in session: some PostgresSession
    ) async throws -> [StoredSession] {
        try await session.query(
            """
            SELECT session_number, device, created_at, last_seen_at, expires_at FROM account_session
            WHERE consortium_id = \(consortium) AND account_number = \(number)
                AND expires_at > \(now) AND last_seen_at > \(now.advanced(bySeconds: -idle))
            ORDER BY last_seen_at DESC, session_number DESC
            """
        ).map { try Self.session($0, from: 0) }
    }

    /// Ends one of an account's sessions.
    ///
    /// - Returns: Whether there was such a one.
    package func endSession(
        _ session: Int, of number: Int, in transaction: PostgresTransaction
    ) async throws -> Bool {
        try await transaction.execute(
            """
            DELETE FROM account_session WHERE consortium_id = \(consortium) AND account_number = \(number)
                AND session_number = \(session)
            """) > 0
    }

    /// Ends all of an account's sessions, but for one that is named.
    ///
    /// - Returns: How many.
    @discardableResult
    package func endSessions(
        of number: Int, besides kept: Int? = nil, in transaction: PostgresTransaction
    ) async throws -> Int {
        try await transaction.execute(
            """
            DELETE FROM account_session WHERE consortium_id = \(consortium) AND account_number = \(number)
                AND session_number IS DISTINCT FROM \(kept)::bigint
            """)
    }

    /// Deletes sessions that are over, whosever they are: some hundreds at a time, and none that another is at.
    package func forgetSessions(
        at now: Instant, idleSeconds idle: Int64, in transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            DELETE FROM account_session AS s USING (
                SELECT account_number, session_number FROM account_session WHERE consortium_id = \(consortium)
                    AND (expires_at <= \(now) OR last_seen_at <= \(now.advanced(bySeconds: -idle)))
                LIMIT 500 FOR UPDATE SKIP LOCKED) AS past
            WHERE s.consortium_id = \(consortium) AND s.account_number = past.account_number
                AND s.session_number = past.session_number
            """)
    }

    private static func session(_ row: PostgresRow, from first: Int) throws -> StoredSession {
        StoredSession(
            number: try Int.decode(row[first]), device: try String.decode(row[first + 1]),
            createdAt: try Instant.decode(row[first + 2]), lastSeenAt: try Instant.decode(row[first + 3]),
            expiresAt: try Instant.decode(row[first + 4]))
    }
}

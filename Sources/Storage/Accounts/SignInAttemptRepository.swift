package import Coverage
package import PostgresClient

/// How many attempts to sign in were made lately, counted on all nodes together.
///
/// The generic cell rate algorithm (ITU-T I.371, annex A): a bucket whose whole state is one time.
package struct SignInAttemptRepository: Sendable {
    /// How many attempts may be made.
    package struct Allowance: Hashable, Sendable {
        /// So many at once, where none were made for long.
        package var burst: Int64
        /// Seconds until one more may be made.
        package var secondsEach: Int64

        package init(burst: Int64, secondsEach: Int64) {
            self.burst = burst
            self.secondsEach = secondsEach
        }
    }

    package let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    /// Counts an attempt, if one may be made.
    ///
    /// - Parameters:
    ///   - subject: SHA-256 of whose allowance it is taken from.
    ///   - allowance: How much that is.
    ///   - now: When.
    ///   - transaction: To be committed whatever it says.
    /// - Returns: Nil if it may; otherwise the seconds until one may, 1 at least.
    /// - Throws: ``PostgresError``.
    package func take(
        _ subject: [UInt8], of allowance: Allowance, at now: Instant, in transaction: PostgresTransaction
    ) async throws -> Int64? {
        let latest = now.advanced(bySeconds: (allowance.burst - 1) * allowance.secondsEach)
        let taken = try await transaction.execute(
            """
            INSERT INTO sign_in_attempt AS a (consortium_id, subject_hash, spent_until)
            VALUES (\(consortium), \(PostgresBytes(subject)), \(now.advanced(bySeconds: allowance.secondsEach)))
            ON CONFLICT (consortium_id, subject_hash) DO UPDATE
            SET spent_until = greatest(a.spent_until, \(now)) + \(allowance.secondsEach) * interval '1 second'
            WHERE a.spent_until <= \(latest)
            """)
        guard taken == 0 else { return nil }
        let spentUntil = try await transaction.query(
            """
            SELECT spent_until FROM sign_in_attempt
            WHERE consortium_id = \(consortium) AND subject_hash = \(PostgresBytes(subject))
            """
        ).first?.decode(Instant.self)
        return max(1, spentUntil?.seconds(since: latest) ?? 1)
    }

    /// Takes back one attempt, which has turned out to be no guess.
    package func giveBack(
        _ subject: [UInt8], of allowance: Allowance, in transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE sign_in_attempt SET spent_until = spent_until - \(allowance.secondsEach) * interval '1 second'
            WHERE consortium_id = \(consortium) AND subject_hash = \(PostgresBytes(subject))
            """)
    }

    /// Takes back all attempts.
    package func forget(_ subject: [UInt8], in transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            DELETE FROM sign_in_attempt
            WHERE consortium_id = \(consortium) AND subject_hash = \(PostgresBytes(subject))
            """)
    }

    /// Deletes some of those that count no more; those that others are at are left for another time.
    package func sweep(at now: Instant, in session: some PostgresSession) async throws {
        try await session.execute(
            """
            DELETE FROM sign_in_attempt WHERE consortium_id = \(consortium) AND subject_hash IN (
                SELECT subject_hash FROM sign_in_attempt
                WHERE consortium_id = \(consortium) AND spent_until < \(now)
                ORDER BY spent_until LIMIT 100 FOR UPDATE SKIP LOCKED)
            """)
    }
}

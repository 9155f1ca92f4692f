package import Coverage
package import PostgresClient

/// Taking a schedule back, with nothing in its place.
extension PlanRepository {
    /// Whether anything is published.
    package func hasPublished(in session: some PostgresSession) async throws -> Bool {
        try await session.query(
            "SELECT EXISTS (SELECT FROM plan WHERE consortium_id = \(consortium) AND state = 'published')"
        ).single().decode(Bool.self)
    }

    /// Withdraws all that is published, and deletes all drafts.
    ///
    /// - Parameters:
    ///   - now: When what was published ends.
    ///   - transaction: The one that has the consortium locked.
    /// - Throws: ``PostgresError``.
    package func withdrawAll(at now: Instant, in transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            UPDATE plan SET state = 'superseded', superseded_at = \(now)
            WHERE consortium_id = \(consortium) AND state = 'published'
            """)
        try await transaction.execute(
            "DELETE FROM plan WHERE consortium_id = \(consortium) AND state = 'draft'")
    }
}

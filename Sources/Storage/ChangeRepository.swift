package import Coverage
package import PostgresClient

/// Whether what was read of a consortium still stands.
package struct ChangeRepository: Sendable {
    package let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    /// What a transaction sees, as text; to be asked about later.
    package func snapshot(in transaction: some PostgresSession) async throws -> String {
        try await transaction.query("SELECT pg_current_snapshot()::text").single().decode(String.self)
    }

    /// Whether anything was committed of the schedule that a snapshot did not see.
    ///
    /// That is of people, queues, demand, rules, overrides and the published plans; tickets, requests and policy pages
    /// change no schedule. Changes that were compacted since count as none, so a snapshot is of use for as long as they
    /// are kept, days.
    ///
    /// - Complexity: O(changes since the oldest transaction that ran then), by an index.
    package func hasChanged(since snapshot: String, in session: some PostgresSession) async throws -> Bool {
        try await session.query(
            """
            SELECT EXISTS (SELECT FROM change_log
                WHERE consortium_id = \(consortium) AND table_name = ANY (\(Self.tablesOfTheSchedule))
                    AND transaction_id >= pg_snapshot_xmin(\(snapshot)::text::pg_snapshot)
                    AND NOT pg_visible_in_snapshot(transaction_id, \(snapshot)::text::pg_snapshot))
            """
        ).single().decode(Bool.self)
    }

    private static let tablesOfTheSchedule = [
        "consortium", "rule", "rule_override", "library", "library_hours", "queue", "opening_hours", "closure",
        "demand",
        "operator", "operator_skill", "availability", "absence", "plan", "shift",
    ]
}

package import Coverage
package import PostgresClient

/// What libraries' replicas are told.
package struct SyncRepository: Sendable {
    package let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    /// Lends one state of the database, for as long as the closure takes.
    ///
    /// It holds a connection meanwhile, and the database keeps what the state shows.
    package func withReading<Result>(
        on pool: PostgresPool, _ body: (SyncReading) async throws -> Result
    ) async throws -> Result {
        try await pool.withTransaction(isolation: .repeatableRead, access: .readOnly) { transaction in
            try await body(try await SyncReading.begin(consortium, in: transaction))
        }
    }

    /// Forgets changes that are older than some seconds, a portion of the oldest; cursors from before start anew.
    ///
    /// Ages go by the database's clock, as the changes' times do. What a transaction that still runs has changed stays,
    /// and all behind it.
    ///
    /// - Returns: How many it forgot; 0 once there are no more, or another process is at it.
    package func forgetChanges(olderThanSeconds age: Int, in transaction: PostgresTransaction) async throws -> Int {
        let isAlone = try await transaction.query(
            "SELECT pg_try_advisory_xact_lock(hashtextextended('coverdesk changes ' || \(consortium), 0))"
        ).single().decode(Bool.self)
        guard isAlone else { return 0 }
        let rows = try await transaction.query(
            """
            SELECT coalesce(min(transaction_id::text::bigint) 
                    FILTER (WHERE at >= now() - make_interval(secs => \(age)::bigint)),
                max(transaction_id::text::bigint) + 1)::text
            FROM (SELECT transaction_id, at FROM change_log
                WHERE consortium_id = \(consortium)
                    AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())
                ORDER BY transaction_id, change_number LIMIT \(Self.portion)) AS oldest
            """)
        guard let horizon = try rows.first?.decode(String?.self) else { return 0 }
        let count = try await transaction.execute(
            "DELETE FROM change_log WHERE consortium_id = \(consortium) AND transaction_id < \(horizon)::text::xid8")
        guard count > 0 else { return 0 }
        try await transaction.execute(
            """
            INSERT INTO change_horizon (consortium_id, transaction_id) VALUES (\(consortium), \(horizon)::text::xid8)
            ON CONFLICT (consortium_id) DO UPDATE SET transaction_id = EXCLUDED.transaction_id
            """)
        return count
    }

    private static let portion = 10_000
}

package import Coverage
package import PostgresClient

/// The sessions of the past, from which forecasts are made.
package struct HistoryRepository: Sendable {
    package let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    package func count(in session: some PostgresSession) async throws -> Int {
        try await session.query("SELECT count(*) FROM past_session WHERE consortium_id = \(consortium)")
            .single().decode(Int.self)
    }

    /// Hands over all sessions, in the order in which bundles hold them.
    ///
    /// - Parameters:
    ///   - session: Where to read; a transaction, if something else is to be read at the same moment.
    ///   - take: Takes a batch; none is kept in memory beyond it.
    /// - Throws: ``PostgresError``, and what `take` throws.
    package func read(
        in session: some PostgresSession, take: ([PastSession]) async throws -> Void
    ) async throws {
        var batch: [PastSession] = []
        let query: PostgresQuery = """
            SELECT queue_id, started_at, handle_seconds, library_id FROM past_session
            WHERE consortium_id = \(consortium) ORDER BY started_at, queue_id, library_id, handle_seconds
            """
        try await session.stream(query) { rows in
            for try await row in rows {
                let (queue, startedAt, seconds, library) = try row.decode(
                    (Queue.ID, Instant, Int, Library.ID).self)
                batch.append(
                    PastSession(queue: queue, startedAt: startedAt, handleSeconds: seconds, library: library))
                if batch.count == 4096 {
                    try await take(batch)
                    batch.removeAll(keepingCapacity: true)
                }
            }
        }
        if !batch.isEmpty { try await take(batch) }
    }

    /// Puts sessions in the place of those that started in the same span of time.
    ///
    /// - Parameters:
    ///   - span: From the first session's start to beyond the last one's.
    ///   - transaction: All or nothing.
    ///   - send: Hands over the sessions in batches; none is kept in memory.
    /// - Throws: ``PostgresError``, and what `send` throws.
    package func replace(
        startedIn span: Range<Instant>, in transaction: some PostgresSession,
        send: (_ write: ([PastSession]) async throws -> Void) async throws -> Void
    ) async throws {
        try await transaction.execute(
            """
            DELETE FROM past_session WHERE consortium_id = \(consortium)
                AND started_at >= \(span.lowerBound) AND started_at < \(span.upperBound)
            """)
        let copy = "COPY past_session (consortium_id, queue_id, started_at, handle_seconds, library_id) FROM STDIN"
        try await transaction.copyIn(copy) { writer in
            try await send { batch in
                for session in batch {
                    try await writer.writeRow(
                        consortium, session.queue, session.startedAt, Int32(session.handleSeconds), session.library)
                }
            }
        }
    }

    /// Deletes all sessions of the past.
    package func forget(in transaction: some PostgresSession) async throws {
        try await transaction.execute("DELETE FROM past_session WHERE consortium_id = \(consortium)")
    }
}

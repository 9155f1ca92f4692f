package import Coverage
package import PostgresClient
package import Routing

/// A consortium's desk as it is stored.
package struct DeskRepository: Sendable {
    /// What counts the desk's sessions, events and batches.
    package struct Head: Hashable, Sendable {
        package var lastBatch: Int64
        /// Tells two histories apart that have the same number.
        package var token: Int64
        package var lastEvent: Int64
        package var lastSession: Int64
        package var decidedAt: Instant

        package init(lastBatch: Int64, token: Int64, lastEvent: Int64, lastSession: Int64, decidedAt: Instant) {
            self.lastBatch = lastBatch
            self.token = token
            self.lastEvent = lastEvent
            self.lastSession = lastSession
            self.decidedAt = decidedAt
        }
    }

    package let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    /// Makes the head of a consortium that has none yet.
    package func prepare(in session: some PostgresSession) async throws {
        try await session.execute(
            "INSERT INTO routing_head (consortium_id) VALUES (\(consortium)) ON CONFLICT DO NOTHING")
    }

    /// The head without its lock: what it says may be outdated when it is read.
    package var headQuery: PostgresQuery {
        """
        SELECT last_batch, batch_token, last_event, last_session, decided_at FROM routing_head
        WHERE consortium_id = \(consortium)
        """
    }

    /// The head, for whoever changes the desk: others wait until the transaction ends.
    package var lockedHeadQuery: PostgresQuery {
        """
        SELECT last_batch, batch_token, last_event, last_session, decided_at FROM routing_head
        WHERE consortium_id = \(consortium) FOR UPDATE
        """
    }

    package func head(_ rows: PostgresRows) throws -> Head {
        let (batch, token, event, session, at) = try rows.single().decode(
            (Int64, Int64, Int64, Int64, Instant).self)
        return Head(lastBatch: batch, token: token, lastEvent: event, lastSession: session, decidedAt: at)
    }

    /// When the desk decided last; nil where it never did.
    package func lastDecision(in session: some PostgresSession) async throws -> Instant? {
        try await session.query(headQuery).first.map { row in try Instant.decode(row[4]) }
    }

    // MARK: Batches

    /// What later batches have touched.
    package struct Touched: Sendable {
        package var sessions: Set<Session.Number> = []
        package var operators: Set<Operator.ID> = []
    }

    /// What was touched after a batch.
    ///
    /// - Parameters:
    ///   - head: The last batch that is known.
    ///   - session: Where to read; it must see one state throughout.
    /// - Returns: Nil if the batches since are no longer there, or the one known is another history's.
    /// - Throws: ``PostgresError``.
    package func touched(after head: Head, in session: some PostgresSession) async throws -> Touched? {
        let rows = try await session.query(
            """
            SELECT batch_number, batch_token, sessions, operators FROM routing_batch
            WHERE consortium_id = \(consortium) AND batch_number >= \(head.lastBatch) ORDER BY batch_number
            """)
        var touched = Touched()
        var expected = head.lastBatch
        for row in rows {
            let (number, token, sessions, operators) = try row.decode((Int64, Int64, [Int64], [String]).self)
            guard number == expected, number != head.lastBatch || token == head.token else { return nil }
            expected += 1
            guard number != head.lastBatch else { continue }
            touched.sessions.formUnion(sessions.map { Session.Number(rawValue: $0) })
            touched.operators.formUnion(operators.map { Operator.ID($0) })
        }
        return expected == head.lastBatch ? nil : touched
    }

    /// Whether a batch was committed: asked when the connection broke over it.
    package func wasCommitted(batch: Int64, token: Int64, in session: some PostgresSession) async throws -> Bool {
        try await session.query(
            """
            SELECT EXISTS (SELECT FROM routing_batch WHERE consortium_id = \(consortium)
                AND batch_number = \(batch) AND batch_token = \(token))
            """
        ).single().decode(Bool.self)
    }

    /// Forgets what nobody needs any more: batches that every process has followed, keys of long ago.
    package func prune(before instant: Instant, keysBefore: Instant, in session: some PostgresSession) async throws {
        // The last one stays: it tells processes that they are up to date.
        try await session.execute(
            """
            DELETE FROM routing_batch AS b USING routing_head AS h WHERE b.consortium_id = \(consortium)
                AND h.consortium_id = b.consortium_id AND batch_number < last_batch - 100
                AND b.decided_at < \(instant)
            """)
        try await session.execute(
            "DELETE FROM request_key WHERE consortium_id = \(consortium) AND at < \(keysBefore)")
    }

    // MARK: The past

    /// Ended sessions by number, and those created with keys.
    package func pastQuery(numbers: [Session.Number], keys: [RequestKey]) -> PostgresQuery {
        """
        SELECT session_number, chat_server_id, external_id, queue_id, library_id, language, note, created_at,
            outcome, ended_at
        FROM session WHERE consortium_id = \(consortium) AND session_number = ANY(\(numbers.map(\.rawValue)))
            AND outcome IS NOT NULL
        UNION ALL
        SELECT session_number, s.chat_server_id, s.external_id, queue_id, library_id, language, note, created_at,
            outcome, ended_at
        FROM unnest(\(keys.map(\.chatServer.rawValue)), \(keys.map(\.text))) AS n (chat_server_id, external_id)
        JOIN session_key AS k ON k.consortium_id = \(consortium) AND k.chat_server_id = n.chat_server_id
            AND k.external_id = n.external_id
        JOIN session AS s USING (consortium_id, session_number)
        WHERE outcome IS NOT NULL
        """
    }

    package func past(_ rows: PostgresRows) throws -> KnownPast {
        KnownPast(
            try rows.map { row in
                let (number, server, key, queue, library, language, note, createdAt, outcome, endedAt) =
                    try row.decode(
                        (
                            Int64, ChatServer.ID, String, Queue.ID, Library.ID?, String?, String, Instant, Outcome,
                            Instant
                        ).self)
                return KnownPast.Ended(
                    number: Session.Number(rawValue: number),
                    origin: .init(
                        chatServer: server, externalID: key, library: library, language: language, note: note),
                    queue: queue, createdAt: createdAt, outcome: outcome, endedAt: endedAt)
            })
    }

    /// What a key was used for before.
    package struct UsedKey: Hashable, Sendable {
        package var request: String
        package var session: Session.Number?
        package var `operator`: Operator.ID?

        package init(request: String, session: Session.Number?, operator: Operator.ID?) {
            self.request = request
            self.session = session
            self.operator = `operator`
        }
    }

    package func usedKeysQuery(_ keys: [RequestKey]) -> PostgresQuery {
        """
        SELECT r.chat_server_id, r.key, request, session_number, operator_id
        FROM unnest(\(keys.map(\.chatServer.rawValue)), \(keys.map(\.text))) AS k (chat_server_id, key)
        JOIN request_key AS r ON r.consortium_id = \(consortium) AND r.chat_server_id = k.chat_server_id
            AND r.key = k.key
        """
    }

    package func usedKeys(_ rows: PostgresRows) throws -> [RequestKey: UsedKey] {
        var used: [RequestKey: UsedKey] = [:]
        for row in rows {
            let (server, key, request, number, person) = try row.decode(
                (ChatServer.ID, String, String, Int64?, Operator.ID?).self)
            used[RequestKey(chatServer: server, text: key)] = UsedKey(
                request: request, session: number.map { Session.Number(rawValue: $0) }, operator: person)
        }
        return used
    }

    // MARK: Events

    /// The number of the newest event, 0 where there is none; it is on disk.
    package func newestEvent(in session: some PostgresSession) async throws -> Int64 {
        let answers = try await session.queryPipelined([headQuery, Self.hasUnflushed])
        guard let head = answers[0].first else { return 0 }
        if try answers[1].single().decode(Bool.self) { try await flush(in: session) }
        return try Int64.decode(head[2])
    }

    private static let hasUnflushed: PostgresQuery = "SELECT pg_current_wal_insert_lsn() > pg_current_wal_flush_lsn()"

    /// Events after a number, in order; every one that is ever to come has a higher number than the last of these.
    ///
    /// They are on disk: a crash of the server takes none of them back, so no number is given twice to a reader.
    package func events(after number: Int64, limit: Int, in session: some PostgresSession) async throws -> [DeskEvent] {
        let answers = try await session.queryPipelined([
            """
            SELECT event_number, at, kind, session_number, operator_id, queue_id, details::text FROM session_event
            WHERE consortium_id = \(consortium) AND event_number > \(number) ORDER BY event_number LIMIT \(limit)
            """,
            Self.hasUnflushed,
        ])
        let events = try answers[0].map(Self.event)
        if !events.isEmpty, try answers[1].single().decode(Bool.self) { try await flush(in: session) }
        return events
    }

    /// A session's events, from its creation on.
    package func trail(of number: Session.Number, in session: some PostgresSession) async throws -> [DeskEvent] {
        try await session.query(
            """
            SELECT event_number, at, kind, session_number, operator_id, queue_id, details::text FROM session_event
            WHERE consortium_id = \(consortium) AND session_number = \(number.rawValue) ORDER BY event_number
            """
        ).map(Self.event)
    }

    private static func event(_ row: PostgresRow) throws -> DeskEvent {
        let (number, at, name, session, person, queue, details) = try row.decode(
            (Int64, Instant, String, Int64?, Operator.ID?, Queue.ID?, String).self)
        return DeskEvent(
            number: number, at: at, session: session.map { Session.Number(rawValue: $0) }, operator: person,
            queue: queue, kind: try .init(name: name, details: details))
    }
}

package import Coverage
package import PostgresClient
package import Routing

/// What became of the questions of some days.
package struct ServiceLevelRepository: Sendable {
    /// A queue's chats of a day.
    package struct ChatDay: Hashable, Sendable {
        package var day: ServiceDay
        /// Those that have not ended: the day may still change.
        package var open: Int
    }

    /// A question by email.
    package struct EmailQuestion: Hashable, Sendable {
        package var queue: Queue.ID
        package var date: CivilDate
        package var askedAt: Instant
        /// Nil while it is open.
        package var endedAt: Instant?
        package var outcome: Outcome?
    }

    package let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    /// The sessions of some days, by their numbers.
    ///
    /// Numbers are given in the order of creation, so the first of a time is found by halving: it needs no index on
    /// times.
    ///
    /// - Complexity: O(log sessions)
    package func numbers(
        createdIn period: Range<Instant>, in session: some PostgresSession
    ) async throws -> Range<Int64> {
        let first = try await firstNumber(createdFrom: period.lowerBound, in: session)
        return first..<max(first, try await firstNumber(createdFrom: period.upperBound, in: session))
    }

    private func firstNumber(createdFrom instant: Instant, in session: some PostgresSession) async throws -> Int64 {
        try await session.query(
            """
            WITH RECURSIVE search (low, high) AS (
                SELECT 1::bigint, last_session + 1 FROM routing_head WHERE consortium_id = \(consortium)
                UNION ALL
                SELECT CASE WHEN s.created_at < \(instant) THEN s.session_number + 1 ELSE low END,
                    CASE WHEN s.created_at < \(instant) THEN high ELSE (low + high) / 2 END
                FROM search LEFT JOIN LATERAL (
                    SELECT session_number, created_at FROM session
                    WHERE consortium_id = \(consortium) AND session_number >= (low + high) / 2 AND session_number < high
                    ORDER BY session_number LIMIT 1) AS s ON true
                WHERE low < high
            )
            SELECT low FROM search WHERE low >= high
            """
        ).first?.decode(Int64.self) ?? 1
    }

    /// Counts chats by the queue and the day on which they were asked, by the consortium's clocks; spam is none.
    ///
    /// - Parameters:
    ///   - numbers: Of the sessions.
    ///   - library: The patrons'; nil is all.
    ///   - session: Where to read.
    /// - Returns: Days with chats alone.
    /// - Throws: ``PostgresError``.
    /// - Complexity: O(sessions and their events)
    package func chatDays(
        _ numbers: Range<Int64>, patronsOf library: Library.ID? = nil, in session: some PostgresSession
    ) async throws -> [ChatDay] {
        try await session.query(
            """
            WITH line AS (
                SELECT queue_id, channel, make_interval(secs => answer_seconds) AS aim FROM queue
                WHERE consortium_id = \(consortium)
            ), happened AS (
                SELECT session_number, min(at) FILTER (WHERE kind = 'accepted') AS accepted_at,
                    bool_or(kind = 'transferred' AND details->>'to_queue' IN (
                        SELECT queue_id FROM line WHERE channel = 'email')) AS went_to_email
                FROM session_event
                WHERE consortium_id = \(consortium) AND kind IN ('accepted', 'transferred')
                    AND session_number >= \(numbers.lowerBound) AND session_number < \(numbers.upperBound)
                GROUP BY session_number
            )
            SELECT s.queue_id, (s.created_at AT TIME ZONE c.time_zone)::date AS day,
                count(*), count(h.accepted_at),
                count(*) FILTER (WHERE h.accepted_at <= s.created_at + l.aim),
                count(*) FILTER (WHERE h.accepted_at IS NULL AND s.outcome IN ('abandoned', 'patron_left')),
                count(*) FILTER (WHERE h.accepted_at IS NULL AND s.outcome IN ('abandoned', 'patron_left')
                    AND s.ended_at <= s.created_at + l.aim),
                count(*) FILTER (WHERE h.went_to_email), count(*) FILTER (WHERE s.outcome IS NULL)
            FROM session AS s JOIN consortium AS c USING (consortium_id) JOIN line AS l USING (queue_id)
                LEFT JOIN happened AS h USING (session_number)
            WHERE s.consortium_id = \(consortium) AND l.channel = 'chat' AND s.outcome IS DISTINCT FROM 'spam'
                AND s.session_number >= \(numbers.lowerBound) AND s.session_number < \(numbers.upperBound)
                AND (\(library)::text IS NULL OR s.library_id = \(library)::text)
            GROUP BY s.queue_id, day ORDER BY s.queue_id, day
            """
        ).map { row in
            let (queue, date, came, answered, inTime, gaveUp, early, toEmail, open) = try row.decode(
                (Queue.ID, CivilDate, Int, Int, Int, Int, Int, Int, Int).self)
            return ChatDay(
                day: ServiceDay(
                    queue: queue, date: date, came: came, answered: answered, answeredInTime: inTime, gaveUp: gaveUp,
                    gaveUpEarly: early, toEmail: toEmail),
                open: open)
        }
    }

    /// The questions that were asked by email; spam is none.
    ///
    /// - Parameters:
    ///   - numbers: Of the sessions.
    ///   - library: The patrons'; nil is all.
    ///   - session: Where to read.
    /// - Returns: Each question, in the order in which they were asked.
    /// - Throws: ``PostgresError``.
    package func emailQuestions(
        _ numbers: Range<Int64>, patronsOf library: Library.ID? = nil, in session: some PostgresSession
    ) async throws -> [EmailQuestion] {
        try await session.query(
            """
            SELECT s.queue_id, (s.created_at AT TIME ZONE c.time_zone)::date, s.created_at, s.ended_at, s.outcome
            FROM session AS s JOIN consortium AS c USING (consortium_id) JOIN queue AS q USING (consortium_id, queue_id)
            WHERE s.consortium_id = \(consortium) AND q.channel = 'email' AND s.outcome IS DISTINCT FROM 'spam'
                AND s.session_number >= \(numbers.lowerBound) AND s.session_number < \(numbers.upperBound)
                AND (\(library)::text IS NULL OR s.library_id = \(library)::text)
            ORDER BY s.session_number
            """
        ).map { row in
            let (queue, date, askedAt, endedAt, outcome) = try row.decode(
                (Queue.ID, CivilDate, Instant, Instant?, Outcome?).self)
            return EmailQuestion(queue: queue, date: date, askedAt: askedAt, endedAt: endedAt, outcome: outcome)
        }
    }

    /// What aims are judged by.
    package struct Aims: Sendable {
        /// By id.
        package var queues: [Queue]
        /// When each queue of email is open.
        package var calendars: [Queue.ID: OpeningCalendar]
    }

    /// Reads the queues, and when those of email are open.
    ///
    /// - Throws: ``PostgresError``.
    package func aims(in zone: TimeZoneRules, from session: some PostgresSession) async throws -> Aims {
        let repository = ConsortiumRepository(consortium: consortium)
        let queues = try await repository.queues(in: session)
        let hours = Dictionary(grouping: try await repository.openingHours(in: session), by: \.queue)
        let closed = Set(try await repository.closures(in: session).filter { $0.library == nil }.map(\.date))
        let calendars = queues.filter { $0.channel == .email }.map { queue in
            let open = (hours[queue.id] ?? []).map {
                OpeningCalendar.Hours(weekday: $0.weekday, opens: $0.opens, closes: $0.closes)
            }
            return (queue.id, OpeningCalendar(zone: zone, hours: open, closedDates: closed))
        }
        return Aims(queues: queues, calendars: Dictionary(calendars, uniquingKeysWith: { first, _ in first }))
    }
}

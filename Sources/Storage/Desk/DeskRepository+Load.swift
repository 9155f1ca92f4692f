package import Coverage
package import PostgresClient
package import Routing

/// Reading the desk.
extension DeskRepository {
    /// Live sessions and present operators, as the store has them.
    package struct Stored: Sendable {
        package var sessions: [Session.Number: Session] = [:]
        package var operators: [Operator.ID: PresentOperator] = [:]
        package var gaps: Set<LiveGap> = []
        package var paces: [Queue.ID: QueuePace] = [:]
    }

    /// Reads the desk, or what was touched of it; all statements must see one state.
    ///
    /// - Parameters:
    ///   - touched: What to read; nil is everything.
    ///   - libraries: Each operator's library.
    ///   - session: Where to read.
    /// - Returns: What there is of it.
    /// - Throws: ``PostgresError``.
    package func load(
        _ touched: Touched?, libraries: [Operator.ID: Library.ID], in session: some PostgresSession
    ) async throws -> Stored {
        let numbers = touched?.sessions.map(\.rawValue)
        let ids = touched?.operators.map(\.rawValue)
        let answers = try await session.queryPipelined([
            sessionsQuery(numbers), presencesQuery(ids), seatsQuery(numbers, ids),
            """
            SELECT queue_id, operator_id, lower(shift), upper(shift) FROM live_gap
            WHERE consortium_id = \(consortium)
            """,
            pacesQuery,
        ])
        var stored = Stored()
        for row in answers[0] {
            let session = try Self.session(row)
            stored.sessions[session.number] = session
        }
        for row in answers[1] {
            let standing = try Self.presence(row)
            stored.operators[standing.presence.operator] = standing
        }
        for row in answers[2] { try Self.takeSeat(row, libraries, &stored) }
        for row in answers[3] {
            let (queue, person, start, end) = try row.decode((Queue.ID, Operator.ID, Instant, Instant).self)
            stored.gaps.insert(LiveGap(queue: queue, operator: person, shift: start..<end))
        }
        stored.paces = try Self.paces(answers[4])
        return stored
    }

    /// What was learned of queues, of each of which anything was.
    package func paces(in session: some PostgresSession) async throws -> [Queue.ID: QueuePace] {
        try Self.paces(await session.query(pacesQuery))
    }

    private var pacesQuery: PostgresQuery {
        """
        SELECT queue_id, session_count, mean_milliseconds, wait_count, mean_wait_milliseconds, left_per_million
        FROM queue_pace WHERE consortium_id = \(consortium)
        """
    }

    private static func paces(_ rows: PostgresRows) throws -> [Queue.ID: QueuePace] {
        var paces: [Queue.ID: QueuePace] = [:]
        for row in rows {
            let (queue, count, mean, waits, wait, left) = try row.decode((Queue.ID, Int, Int, Int, Int, Int).self)
            paces[queue] = QueuePace(
                handling: HandlePace(count: count, meanMilliseconds: mean),
                patience: Patience(count: waits, meanWaitMilliseconds: wait, leftPerMillion: left))
        }
        return paces
    }

    private func sessionsQuery(_ numbers: [Int64]?) -> PostgresQuery {
        """
        SELECT session_number, chat_server_id, external_id, library_id, language, note, created_at, l.queue_id,
            line_front, line_since, l.operator_id, seat_number, wrap_up_until, active_at, checked_back_at, passed,
            wish, fallbacks, held_since
        FROM live_session AS l JOIN session AS s USING (consortium_id, session_number)
        WHERE consortium_id = \(consortium)
            AND (\(numbers)::bigint[] IS NULL OR session_number = ANY(\(numbers)::bigint[]))
        """
    }

    private func presencesQuery(_ ids: [String]?) -> PostgresQuery {
        """
        SELECT operator_id, availability, channels, queues, seat_count, is_willing, languages, lease_until,
            grace_until, idle_since
        FROM presence WHERE consortium_id = \(consortium)
            AND (\(ids)::text[] IS NULL OR operator_id = ANY(\(ids)::text[]))
        """
    }

    private func seatsQuery(_ numbers: [Int64]?, _ ids: [String]?) -> PostgresQuery {
        """
        SELECT operator_id, seat_number, claim, session_number, rung, made_at, accept_by,
            freed_at_event
        FROM seat
        WHERE consortium_id = \(consortium) AND (\(ids)::text[] IS NULL OR operator_id = ANY(\(ids)::text[])
            OR (claim = 'offered' AND session_number = ANY(\(numbers)::bigint[])))
        ORDER BY operator_id, seat_number
        """
    }

    private static func session(_ row: PostgresRow) throws -> Session {
        let (
            number, server, key, library, language, note, createdAt, queue, isFront, since, person, seat, wrapUp,
            activeAt, checkedBackAt, passed, wish, fallbacks, heldSince
        ) = try row.decode(
            (
                Int64, ChatServer.ID, String, Library.ID?, String?, String, Instant, Queue.ID, Bool?, Instant?,
                Operator.ID?, Int?, Instant?, Instant, Instant?, String, String?, String, Instant?
            ).self)
        let stand: Session.Stand
        if let person, let seat {
            let held = Seat(operator: person, number: seat)
            stand = wrapUp.map { .wrappingUp(held, until: $0) } ?? .held(held)
        } else {
            stand = .waiting(.init(isFront: isFront ?? false, since: since ?? createdAt))
        }
        return Session(
            number: .init(rawValue: number),
            origin: .init(chatServer: server, externalID: key, library: library, language: language, note: note),
            queue: queue, createdAt: createdAt, stand: stand, passed: Session.passed(passed),
            wish: Session.wish(wish), activeAt: activeAt, checkedBackAt: checkedBackAt,
            fallbacks: Session.fallbacks(fallbacks), heldSince: heldSince)
    }

    private static func presence(_ row: PostgresRow) throws -> PresentOperator {
        let (id, availability, channels, queues, seats, isWilling, languages, lease, grace, idleSince) =
            try row.decode(
                (
                    Operator.ID, Presence.Availability, [String], [String]?, Int, Bool, [String], Instant, Instant?,
                    Int64
                ).self)
        return PresentOperator(
            presence: Presence(
                operator: id, availability: availability,
                channels: Set(channels.compactMap { Queue.Channel(rawValue: $0) }),
                queues: queues.map { Set($0.map { Queue.ID($0) }) }, seats: seats, isWilling: isWilling,
                languages: Set(languages), leaseUntil: lease),
            seats: [], graceUntil: grace, idleSince: idleSince)
    }

    private static func takeSeat(
        _ row: PostgresRow, _ libraries: [Operator.ID: Library.ID], _ stored: inout Stored
    ) throws {
        let (id, seat, claim, number, rung, madeAt, acceptBy, freedAtEvent) = try row.decode(
            (Operator.ID, Int, String?, Int64?, Rung?, Instant?, Instant?, Int64).self)
        let session = number.map { Session.Number(rawValue: $0) }
        let kind = claim.flatMap { SeatClaim.Kind(rawValue: $0) }
        stored.operators[id]?.seats.append(
            session.flatMap { session in kind.map { SeatClaim(session: session, kind: $0) } })
        if let idleSince = stored.operators[id]?.idleSince, freedAtEvent > idleSince {
            stored.operators[id]?.idleSince = freedAtEvent
        }
        guard let session, let rung, let madeAt, let acceptBy else { return }
        stored.sessions[session]?.offers.append(
            Offer(
                seat: Seat(operator: id, number: seat), library: libraries[id] ?? Library.ID(""), rung: rung,
                madeAt: madeAt, acceptBy: acceptBy))
    }
}

import Coverage
package import PostgresClient
package import Routing

/// Writing what a batch of decisions has changed.
extension DeskRepository {
    /// A request with a key of its own, and what it had its effect on.
    package struct KeyedRequest: Sendable {
        package var key: RequestKey
        package var used: UsedKey

        package init(key: RequestKey, used: UsedKey) {
            self.key = key
            self.used = used
        }
    }

    /// The statements that store a batch; they are one transaction, in this order.
    ///
    /// The second fails with a violation of NOT NULL on `last_batch` if the head is not the one that the batch was
    /// decided upon.
    ///
    /// - Parameters:
    ///   - changes: What was decided.
    ///   - keys: The requests among them with keys.
    ///   - old: The head that it was decided upon.
    ///   - new: The head after it.
    ///   - waitsForDisk: Whether the commit does; if not, ``flush(in:)`` must come before anybody is told.
    /// - Returns: At least two statements, at most one for each kind of change.
    package func statements(
        storing changes: DeskChanges, keys: [KeyedRequest], from old: Head, to new: Head, waitsForDisk: Bool
    ) -> [PostgresQuery] {
        var statements = [
            waitsForDisk ? Self.planning : Self.planningWithoutDisk, advance(from: old, to: new), log(changes, new),
        ]
        statements += presenceStatements(changes)
        statements += seatStatements(changes)
        statements += sessionStatements(changes)
        if !changes.events.isEmpty { statements.append(insert(changes.events)) }
        if !keys.isEmpty { statements.append(insert(keys, at: new.decidedAt)) }
        statements += gapStatements(changes) + paceStatements(changes)
        return statements
    }

    /// Has the rows of a batch looked up one by one by their keys, whatever the tables' statistics say.
    ///
    /// A batch touches a few rows of tables that are empty now and may have tens of thousands in a minute, and plans
    /// are made once for each connection. So updates find their rows in a LATERAL subquery with an OFFSET, which can
    /// only be run row by row, and tables that are updated in batches have one index that fits.
    private static let planning: PostgresQuery = """
        SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
            set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)
        """

    private static let planningWithoutDisk = PostgresQuery(
        unescaped: planning.sql + ", set_config('synchronous_commit', 'off', true)")

    /// Returns once all that was committed before is on disk, and on the standby where commits wait for one.
    ///
    /// A commit of its own, whose only content is a note in the log of the server that nobody reads: what is written
    /// to disk for it is all that came before it. Flushes of several processes share one write.
    package func flush(in session: some PostgresSession) async throws {
        try await session.execute("SELECT pg_logical_emit_message(true, 'coverdesk', '')")
    }

    private func advance(from old: Head, to new: Head) -> PostgresQuery {
        """
        UPDATE routing_head SET
            last_batch = CASE WHEN last_batch = \(old.lastBatch) AND batch_token = \(old.token)
                THEN \(new.lastBatch) END,
            batch_token = \(new.token), last_event = \(new.lastEvent), last_session = \(new.lastSession),
            decided_at = \(new.decidedAt)
        WHERE consortium_id = \(consortium)
        """
    }

    private func log(_ changes: DeskChanges, _ new: Head) -> PostgresQuery {
        """
        INSERT INTO routing_batch (consortium_id, batch_number, batch_token, decided_at, sessions, operators)
        VALUES (\(consortium), \(new.lastBatch), \(new.token), \(new.decidedAt),
            \(changes.sessions.map(\.number.rawValue)), \(changes.operators.map(\.id.rawValue)))
        """
    }

    // MARK: Sessions

    private func sessionStatements(_ changes: DeskChanges) -> [PostgresQuery] {
        var statements: [PostgresQuery] = []
        let endings = Dictionary(changes.endings.map { ($0.number, $0) }, uniquingKeysWith: { $1 })
        if !changes.creations.isEmpty {
            statements += [insert(changes.creations, endings), insertKeys(of: changes.creations)]
        }
        let created = Set(changes.creations.map(\.number))
        let ended = changes.endings.filter { !created.contains($0.number) }
        if !ended.isEmpty {
            statements.append(write(ended))
            statements.append(
                """
                DELETE FROM live_session WHERE consortium_id = \(consortium)
                    AND session_number = ANY(\(ended.map(\.number.rawValue)))
                """)
        }
        let begun = changes.sessions.compactMap { $0.wasLive ? nil : $0.after }
        if !begun.isEmpty { statements.append(insertLive(begun)) }
        let moved = changes.sessions.compactMap { $0.wasLive ? $0.after : nil }
        if !moved.isEmpty { statements.append(updateLive(moved)) }
        return statements
    }

    private func insert(
        _ creations: [DeskChanges.Creation], _ endings: [Session.Number: DeskChanges.Ending]
    ) -> PostgresQuery {
        """
        INSERT INTO session (consortium_id, session_number, chat_server_id, external_id, queue_id, library_id,
            language, note, created_at, outcome, ended_at, operator_id)
        SELECT \(consortium), * FROM unnest(\(creations.map(\.number.rawValue)),
            \(creations.map(\.origin.chatServer.rawValue)), \(creations.map(\.origin.externalID)),
            \(creations.map(\.queue.rawValue)), \(creations.map(\.origin.library?.rawValue)),
            \(creations.map(\.origin.language)), \(creations.map(\.origin.note)), \(creations.map(\.at)),
            \(creations.map { endings[$0.number]?.outcome.rawValue }), \(creations.map { endings[$0.number]?.at }),
            \(creations.map { endings[$0.number]?.operator?.rawValue }))
        """
    }

    private func insertKeys(of creations: [DeskChanges.Creation]) -> PostgresQuery {
        """
        INSERT INTO session_key (consortium_id, session_number, chat_server_id, external_id)
        SELECT \(consortium), * FROM unnest(\(creations.map(\.number.rawValue)),
            \(creations.map(\.origin.chatServer.rawValue)), \(creations.map(\.origin.externalID)))
        """
    }

    private func write(_ endings: [DeskChanges.Ending]) -> PostgresQuery {
        """
        UPDATE session AS s SET outcome = e.outcome, ended_at = e.ended_at, operator_id = e.operator_id
        FROM unnest(\(endings.map(\.number.rawValue)), \(endings.map(\.outcome.rawValue)), \(endings.map(\.at)),
            \(endings.map { $0.operator?.rawValue })) AS e (session_number, outcome, ended_at, operator_id)
        CROSS JOIN LATERAL (SELECT t.ctid AS row FROM session AS t WHERE t.consortium_id = \(consortium)
            AND t.session_number = e.session_number OFFSET 0) AS found
        WHERE s.ctid = found.row
        """
    }

    private func insertLive(_ sessions: [Session]) -> PostgresQuery {
        """
        INSERT INTO live_session (consortium_id, session_number, queue_id, line_front, line_since, operator_id,
            seat_number, wrap_up_until, active_at, checked_back_at, passed, wish, fallbacks, held_since)
        SELECT \(consortium), * FROM unnest(\(sessions.map(\.number.rawValue)), \(sessions.map(\.queue.rawValue)),
            \(sessions.map { $0.place?.isFront }), \(sessions.map { $0.place?.since }),
            \(sessions.map { $0.seat?.operator.rawValue }), \(sessions.map { $0.seat.map { Int32($0.number) } }),
            \(sessions.map(\.wrapUpUntil)), \(sessions.map(\.activeAt)), \(sessions.map(\.checkedBackAt)),
            \(sessions.map(\.passedText)), \(sessions.map(\.wishText)), \(sessions.map(\.fallbacksText)),
            \(sessions.map(\.heldSince)))
        """
    }

    private func updateLive(_ sessions: [Session]) -> PostgresQuery {
        """
        UPDATE live_session AS l SET queue_id = n.queue_id, line_front = n.line_front, line_since = n.line_since,
            operator_id = n.operator_id, seat_number = n.seat_number, wrap_up_until = n.wrap_up_until,
            active_at = n.active_at, checked_back_at = n.checked_back_at, passed = n.passed, wish = n.wish,
            fallbacks = n.fallbacks, held_since = n.held_since
        FROM unnest(\(sessions.map(\.number.rawValue)), \(sessions.map(\.queue.rawValue)),
            \(sessions.map { $0.place?.isFront }), \(sessions.map { $0.place?.since }),
            \(sessions.map { $0.seat?.operator.rawValue }), \(sessions.map { $0.seat.map { Int32($0.number) } }),
            \(sessions.map(\.wrapUpUntil)), \(sessions.map(\.activeAt)), \(sessions.map(\.checkedBackAt)),
            \(sessions.map(\.passedText)), \(sessions.map(\.wishText)), \(sessions.map(\.fallbacksText)),
            \(sessions.map(\.heldSince)))
            AS n (session_number, queue_id, line_front, line_since, operator_id, seat_number, wrap_up_until,
                active_at, checked_back_at, passed, wish, fallbacks, held_since)
        CROSS JOIN LATERAL (SELECT t.ctid AS row FROM live_session AS t WHERE t.consortium_id = \(consortium)
            AND t.session_number = n.session_number OFFSET 0) AS found
        WHERE l.ctid = found.row
        """
    }

    // MARK: Presences and seats

    private func presenceStatements(_ changes: DeskChanges) -> [PostgresQuery] {
        var statements: [PostgresQuery] = []
        let gone = changes.operators.filter { $0.before != nil && $0.after == nil }.map(\.id.rawValue)
        if !gone.isEmpty {
            statements.append(
                "DELETE FROM presence WHERE consortium_id = \(consortium) AND operator_id = ANY(\(gone))")
        }
        var renewed: [PresentOperator] = []
        for change in changes.operators {
            guard let after = change.after else { continue }
            if change.before?.isDeclaredLike(after) == true {
                if change.before?.hasTimesLike(after) == false { renewed.append(after) }
            } else {
                statements.append(write(after))
            }
        }
        guard !renewed.isEmpty else { return statements }
        statements.append(
            """
            UPDATE presence AS p SET lease_until = n.lease_until, grace_until = n.grace_until
            FROM unnest(\(renewed.map(\.presence.operator.rawValue)), \(renewed.map(\.presence.leaseUntil)),
                \(renewed.map(\.graceUntil))) AS n (operator_id, lease_until, grace_until)
            CROSS JOIN LATERAL (SELECT t.ctid AS row FROM presence AS t WHERE t.consortium_id = \(consortium)
                AND t.operator_id = n.operator_id OFFSET 0) AS found
            WHERE p.ctid = found.row
            """)
        return statements
    }

    private func write(_ standing: PresentOperator) -> PostgresQuery {
        let presence = standing.presence
        return """
            INSERT INTO presence (consortium_id, operator_id, availability, channels, queues, seat_count, is_willing,
                languages, lease_until, grace_until, idle_since)
            VALUES (\(consortium), \(presence.operator), \(presence.availability),
                \(presence.channels.map(\.rawValue).sorted()), \(presence.queues.map { $0.map(\.rawValue).sorted() }),
                \(Int32(presence.seats)), \(presence.isWilling), \(presence.languages.sorted()),
                \(presence.leaseUntil), \(standing.graceUntil), \(standing.idleSince))
            ON CONFLICT (consortium_id, operator_id) DO UPDATE SET availability = EXCLUDED.availability,
                channels = EXCLUDED.channels, queues = EXCLUDED.queues, seat_count = EXCLUDED.seat_count,
                is_willing = EXCLUDED.is_willing, languages = EXCLUDED.languages,
                lease_until = EXCLUDED.lease_until, grace_until = EXCLUDED.grace_until,
                idle_since = EXCLUDED.idle_since
            """
    }

    /// First what comes free, then what is claimed: a session that goes from one seat to another is never in both.
    private func seatStatements(_ changes: DeskChanges) -> [PostgresQuery] {
        let seats = SeatChanges(changes)
        var statements: [PostgresQuery] = []
        if !seats.freed.isEmpty {
            statements.append(
                """
                UPDATE seat AS s SET claim = NULL, session_number = NULL, rung = NULL, made_at = NULL,
                    accept_by = NULL, freed_at_event = n.freed_at_event
                FROM unnest(\(seats.freed.map(\.seat.operator.rawValue)),
                    \(seats.freed.map { Int32($0.seat.number) }), \(seats.freed.map(\.atEvent)))
                    AS n (operator_id, seat_number, freed_at_event)
                CROSS JOIN LATERAL (SELECT t.ctid AS row FROM seat AS t WHERE t.consortium_id = \(consortium)
                    AND t.operator_id = n.operator_id AND t.seat_number = n.seat_number OFFSET 0) AS found
                WHERE s.ctid = found.row
                """)
        }
        if !seats.removed.isEmpty {
            statements.append(
                """
                DELETE FROM seat AS s USING unnest(\(seats.removed.map(\.operator.rawValue)),
                    \(seats.removed.map { Int32($0.number) })) AS n (operator_id, seat_number)
                CROSS JOIN LATERAL (SELECT t.ctid AS row FROM seat AS t WHERE t.consortium_id = \(consortium)
                    AND t.operator_id = n.operator_id AND t.seat_number = n.seat_number OFFSET 0) AS found
                WHERE s.ctid = found.row
                """)
        }
        if !seats.added.isEmpty { statements.append(insert(seats.added)) }
        if !seats.claimed.isEmpty { statements.append(claim(seats.claimed)) }
        return statements
    }

    private func insert(_ seats: [SeatChanges.Row]) -> PostgresQuery {
        """
        INSERT INTO seat (consortium_id, operator_id, seat_number, claim, session_number, rung, made_at, accept_by)
        SELECT \(consortium), * FROM unnest(\(seats.map(\.seat.operator.rawValue)),
            \(seats.map { Int32($0.seat.number) }), \(seats.map { $0.claim?.kind.rawValue }),
            \(seats.map { $0.claim?.session.rawValue }), \(seats.map { $0.offer?.rung.rawValue }),
            \(seats.map { $0.offer?.madeAt }), \(seats.map { $0.offer?.acceptBy }))
        """
    }

    private func claim(_ seats: [SeatChanges.Row]) -> PostgresQuery {
        """
        UPDATE seat AS s SET claim = n.claim, session_number = n.session_number, rung = n.rung,
            made_at = n.made_at, accept_by = n.accept_by
        FROM unnest(\(seats.map(\.seat.operator.rawValue)), \(seats.map { Int32($0.seat.number) }),
            \(seats.map { $0.claim?.kind.rawValue }), \(seats.map { $0.claim?.session.rawValue }),
            \(seats.map { $0.offer?.rung.rawValue }), \(seats.map { $0.offer?.madeAt }),
            \(seats.map { $0.offer?.acceptBy }))
            AS n (operator_id, seat_number, claim, session_number, rung, made_at, accept_by)
        CROSS JOIN LATERAL (SELECT t.ctid AS row FROM seat AS t WHERE t.consortium_id = \(consortium)
            AND t.operator_id = n.operator_id AND t.seat_number = n.seat_number OFFSET 0) AS found
        WHERE s.ctid = found.row
        """
    }

    // MARK: Events, keys, gaps, paces

    private func insert(_ events: [DeskEvent]) -> PostgresQuery {
        """
        INSERT INTO session_event (consortium_id, event_number, at, kind, session_number, operator_id, queue_id,
            details)
        SELECT \(consortium), n.event_number, n.at, n.kind, n.session_number, n.operator_id, n.queue_id,
            n.details::json
        FROM unnest(\(events.map(\.number)), \(events.map(\.at)), \(events.map(\.kind.name)),
            \(events.map { $0.session?.rawValue }), \(events.map { $0.operator?.rawValue }),
            \(events.map { $0.queue?.rawValue }), \(events.map(\.kind.details)))
            AS n (event_number, at, kind, session_number, operator_id, queue_id, details)
        """
    }

    private func insert(_ keys: [KeyedRequest], at instant: Instant) -> PostgresQuery {
        """
        INSERT INTO request_key (consortium_id, chat_server_id, key, request, session_number, operator_id, at)
        SELECT \(consortium), n.*, \(instant) FROM unnest(\(keys.map(\.key.chatServer.rawValue)),
            \(keys.map(\.key.text)), \(keys.map(\.used.request)), \(keys.map { $0.used.session?.rawValue }),
            \(keys.map { $0.used.operator?.rawValue })) AS n
        """
    }

    private func paceStatements(_ changes: DeskChanges) -> [PostgresQuery] {
        guard let before = changes.pacesBefore, let after = changes.pacesAfter else { return [] }
        let learned = after.filter { before[$0.key] != $0.value }.sorted { $0.key < $1.key }
        guard !learned.isEmpty else { return [] }
        return [
            """
            INSERT INTO queue_pace (consortium_id, queue_id, session_count, mean_milliseconds, wait_count,
                mean_wait_milliseconds, left_per_million)
            SELECT \(consortium), * FROM unnest(\(learned.map(\.key.rawValue)),
                \(learned.map { Int32($0.value.handling.count) }),
                \(learned.map { Int64($0.value.handling.meanMilliseconds) }),
                \(learned.map { Int32($0.value.patience.count) }),
                \(learned.map { Int64($0.value.patience.meanWaitMilliseconds) }),
                \(learned.map { Int32($0.value.patience.leftPerMillion) }))
            ON CONFLICT (consortium_id, queue_id) DO UPDATE SET session_count = EXCLUDED.session_count,
                mean_milliseconds = EXCLUDED.mean_milliseconds, wait_count = EXCLUDED.wait_count,
                mean_wait_milliseconds = EXCLUDED.mean_wait_milliseconds, left_per_million = EXCLUDED.left_per_million
            """
        ]
    }

    private func gapStatements(_ changes: DeskChanges) -> [PostgresQuery] {
        guard let before = changes.gapsBefore, let after = changes.gapsAfter else { return [] }
        let closed = before.subtracting(after).map { gap -> PostgresQuery in
            """
            DELETE FROM live_gap WHERE consortium_id = \(consortium) AND operator_id = \(gap.operator)
                AND queue_id = \(gap.queue)
                AND shift = tstzrange(\(gap.shift.lowerBound), \(gap.shift.upperBound))
            """
        }
        let opened = after.subtracting(before).map { gap -> PostgresQuery in
            """
            INSERT INTO live_gap (consortium_id, operator_id, queue_id, shift)
            VALUES (\(consortium), \(gap.operator), \(gap.queue),
                tstzrange(\(gap.shift.lowerBound), \(gap.shift.upperBound)))
            """
        }
        return closed + opened
    }
}

extension Session {
    fileprivate var wrapUpUntil: Instant? {
        if case .wrappingUp(_, let until) = stand { return until }
        return nil
    }
}

extension PresentOperator {
    /// Whether nothing differs but seats and times.
    fileprivate func isDeclaredLike(_ other: PresentOperator) -> Bool {
        var presence = presence
        presence.leaseUntil = other.presence.leaseUntil
        return presence == other.presence
    }

    /// Whether neither the lease nor the grace differs.
    fileprivate func hasTimesLike(_ other: PresentOperator) -> Bool {
        presence.leaseUntil == other.presence.leaseUntil && graceUntil == other.graceUntil
    }
}

package import Coverage
package import PostgresClient
package import Routing

/// What a desk looks things up in, as stored: the consortium's bundle, its published shifts, how its queues are routed.
package struct DeskBookRepository: Sendable {
    package let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    /// A number that changes with anything that ``book(at:in:)`` reads: bundle, plan, routing.
    package func revision(in session: some PostgresSession) async throws -> String {
        try await session.query(
            """
            SELECT transaction_id::text || '/' || change_number FROM change_log WHERE consortium_id = \(consortium)
            ORDER BY transaction_id DESC, change_number DESC LIMIT 1
            """
        ).first?.decode(String.self) ?? ""
    }

    /// Reads the book with the shifts around a time; all statements must see one state.
    ///
    /// - Returns: Nil if nothing was imported for the consortium.
    /// - Throws: ``PostgresError``, ``UnknownTimeZone``, ``LadderFault``.
    package func book(at now: Instant, in session: some PostgresSession) async throws -> DeskBook? {
        let repository = ConsortiumRepository(consortium: consortium)
        guard let bundle = try await repository.bundle(in: session, demandIn: now..<now) else { return nil }
        let shifts = try await PlanRepository(consortium: consortium)
            .publishedShifts(touching: now..<now.advanced(byMinutes: Self.shiftDays * 1440), in: session)
        let routings = try await routings(in: session)
        var zones: [String: TimeZoneRules] = [:]
        for name in Set(bundle.libraries.map(\.timeZone) + [bundle.consortium.timeZone]) {
            zones[name] = try TimeZoneRules(identifier: name)
        }
        guard let zone = zones[bundle.consortium.timeZone] else { return nil }
        let closedForAll = Set(bundle.closures.filter { $0.library == nil }.map(\.date))
        return DeskBook(
            queues: bundle.queues.map { queue in
                let hours = bundle.hours.filter { $0.queue == queue.id }
                    .map { OpeningCalendar.Hours(weekday: $0.weekday, opens: $0.opens, closes: $0.closes) }
                return DeskBook.QueueEntry(
                    queue: queue, routing: routings[queue.id] ?? Self.standard(for: queue, in: bundle),
                    calendar: OpeningCalendar(zone: zone, hours: hours, closedDates: closedForAll))
            },
            libraries: bundle.libraries,
            doors: try await doors(bundle, zones, closedForAll, in: session),
            operators: bundle.operators, shifts: shifts)
    }

    /// How many days ahead shifts are read: what a patron may be told of the next one.
    package static let shiftDays = 14

    /// How a queue is routed of which nothing was set: an email queue of the same skill answers for a chat queue.
    private static func standard(for queue: Queue, in bundle: ConsortiumBundle) -> QueueRouting {
        let emails = bundle.queues.filter { $0.channel == .email }
        let email = queue.channel == .email ? nil : emails.first { $0.skill == queue.skill } ?? emails.first
        return queue.channel == .email
            ? QueueRouting(acceptSeconds: 900, askAgainSeconds: 3600, checkBackSeconds: 14_400, graceSeconds: 3600)
            : QueueRouting(emailQueue: email?.id)
    }

    private func routings(in session: some PostgresSession) async throws -> [Queue.ID: QueueRouting] {
        var routings: [Queue.ID: QueueRouting] = [:]
        let rows = try await session.query(
            """
            SELECT queue_id, rungs, opens_after, rings_at_once, accept_seconds, ask_again_seconds,
                check_back_seconds, grace_seconds, wrap_up_seconds, handle_seconds, email_queue_id, partner_name,
                partner_contact
            FROM queue_routing WHERE consortium_id = \(consortium)
            """)
        for row in rows {
            let (queue, rungs, times, rings, accept, again, check, grace, wrap, handle, email, partner, contact) =
                try row.decode(
                    (Queue.ID, [Rung], [Int], Int, Int, Int, Int, Int, Int, Int, Queue.ID?, String?, String?).self)
            routings[queue] = QueueRouting(
                ladder: try Ladder(zip(rungs, times).map { Ladder.Step($0, opensAfterSeconds: $1) }),
                ringsAtOnce: rings, acceptSeconds: accept, askAgainSeconds: again, checkBackSeconds: check,
                graceSeconds: grace, wrapUpSeconds: wrap, handleSeconds: handle, emailQueue: email,
                partner: partner.flatMap { name in contact.map { .init(name: name, contact: $0) } })
        }
        return routings
    }

    /// Sets how a queue is routed.
    ///
    /// - Throws: ``PostgresError``, with a violated check where a number is out of its bounds.
    package func set(_ routing: QueueRouting, for queue: Queue.ID, in session: some PostgresSession) async throws {
        try await session.execute(
            """
            INSERT INTO queue_routing (consortium_id, queue_id, rungs, opens_after, rings_at_once, accept_seconds,
                ask_again_seconds, check_back_seconds, grace_seconds, wrap_up_seconds, handle_seconds,
                email_queue_id, partner_name, partner_contact)
            VALUES (\(consortium), \(queue), \(routing.ladder.steps.map(\.rung.rawValue)),
                \(routing.ladder.steps.map { Int32($0.opensAfterSeconds) }), \(Int32(routing.ringsAtOnce)),
                \(Int32(routing.acceptSeconds)), \(Int32(routing.askAgainSeconds)),
                \(Int32(routing.checkBackSeconds)), \(Int32(routing.graceSeconds)),
                \(Int32(routing.wrapUpSeconds)), \(Int32(routing.handleSeconds)), \(routing.emailQueue),
                \(routing.partner?.name), \(routing.partner?.contact))
            ON CONFLICT (consortium_id, queue_id) DO UPDATE SET rungs = EXCLUDED.rungs,
                opens_after = EXCLUDED.opens_after, rings_at_once = EXCLUDED.rings_at_once,
                accept_seconds = EXCLUDED.accept_seconds, ask_again_seconds = EXCLUDED.ask_again_seconds,
                check_back_seconds = EXCLUDED.check_back_seconds, grace_seconds = EXCLUDED.grace_seconds,
                wrap_up_seconds = EXCLUDED.wrap_up_seconds, handle_seconds = EXCLUDED.handle_seconds,
                email_queue_id = EXCLUDED.email_queue_id, partner_name = EXCLUDED.partner_name,
                partner_contact = EXCLUDED.partner_contact
            """)
    }

    /// Sets when a library answers its telephone, by the clocks of the library.
    package func set(
        _ hours: [OpeningCalendar.Hours], for library: Library.ID, in transaction: some PostgresSession
    ) async throws {
        try await transaction.execute(
            "DELETE FROM library_hours WHERE consortium_id = \(consortium) AND library_id = \(library)")
        for hours in hours {
            try await transaction.execute(
                """
                INSERT INTO library_hours (consortium_id, library_id, weekday, opens, closes)
                VALUES (\(consortium), \(library), \(Int16(hours.weekday.rawValue)),
                    \(Int16(hours.opens.rawValue)), \(Int16(hours.closes.rawValue)))
                """)
        }
    }

    private func doors(
        _ bundle: ConsortiumBundle, _ zones: [String: TimeZoneRules], _ closedForAll: Set<CivilDate>,
        in session: some PostgresSession
    ) async throws -> [Library.ID: OpeningCalendar] {
        var hours: [Library.ID: [OpeningCalendar.Hours]] = [:]
        let rows = try await session.query(
            "SELECT library_id, weekday, opens, closes FROM library_hours WHERE consortium_id = \(consortium)")
        for row in rows {
            let (library, weekday, opens, closes) = try row.decode(
                (Library.ID, Weekday, MinuteOfDay, MinuteOfDay).self)
            hours[library, default: []].append(.init(weekday: weekday, opens: opens, closes: closes))
        }
        var doors: [Library.ID: OpeningCalendar] = [:]
        for library in bundle.libraries {
            guard let own = hours[library.id], let zone = zones[library.timeZone] else { continue }
            let closed = bundle.closures.filter { $0.library == library.id }.map(\.date)
            doors[library.id] = OpeningCalendar(
                zone: zone, hours: own, closedDates: closedForAll.union(closed))
        }
        return doors
    }
}

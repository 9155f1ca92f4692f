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
            SELECT transaction_id::text || '/' || change_number FROM change_log
            WHERE consortium_id = \(consortium)
                AND table_name NOT IN ('swap_request', 'shift_decline', 'intent_outcome', 'ticket')
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
        let routings = Dictionary(
            (bundle.routings ?? []).map { ($0.queue, $0.routing) }, uniquingKeysWith: { first, _ in first })
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
                    queue: queue, routing: routings[queue.id] ?? .standard(for: queue, among: bundle.queues),
                    calendar: OpeningCalendar(zone: zone, hours: hours, closedDates: closedForAll))
            },
            libraries: bundle.libraries,
            doors: Self.doors(bundle, zones, closedForAll),
            operators: bundle.operators, shifts: shifts)
    }

    /// How many days ahead shifts are read: what a patron may be told of the next one.
    package static let shiftDays = 14

    /// Sets how a queue is routed.
    ///
    /// - Throws: ``PostgresError``, with a violated check where a number is out of its bounds.
    package func set(_ routing: QueueRouting, for queue: Queue.ID, in session: some PostgresSession) async throws {
        try await ConsortiumRepository(consortium: consortium).set(routing, for: queue, in: session)
    }

    /// Sets when a library answers its telephone, by the clocks of the library.
    package func set(
        _ hours: [OpeningCalendar.Hours], for library: Library.ID, in transaction: some PostgresSession
    ) async throws {
        try await ConsortiumRepository(consortium: consortium).set(
            hours.map { LibraryHours(library: library, weekday: $0.weekday, opens: $0.opens, closes: $0.closes) },
            for: library, in: transaction)
    }

    private static func doors(
        _ bundle: ConsortiumBundle, _ zones: [String: TimeZoneRules], _ closedForAll: Set<CivilDate>
    ) -> [Library.ID: OpeningCalendar] {
        let hours = Dictionary(grouping: bundle.libraryHours ?? [], by: \.library)
        var doors: [Library.ID: OpeningCalendar] = [:]
        for library in bundle.libraries {
            guard let own = hours[library.id], let zone = zones[library.timeZone] else { continue }
            let closed = bundle.closures.filter { $0.library == library.id }.map(\.date)
            doors[library.id] = OpeningCalendar(
                zone: zone, hours: own.map { .init(weekday: $0.weekday, opens: $0.opens, closes: $0.closes) },
                closedDates: closedForAll.union(closed))
        }
        return doors
    }
}

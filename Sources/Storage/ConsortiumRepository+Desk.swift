package import Coverage
package import PostgresClient

/// How queues are routed, and when libraries answer their telephones, of queues and libraries that have not left.
extension ConsortiumRepository {
    /// - Parameters:
    ///   - queue: Only this one; nil is all.
    ///   - session: Where to read.
    /// - Returns: By queue, of those of which it was set.
    /// - Throws: ``PostgresError``, ``LadderFault``.
    package func routings(of queue: Queue.ID? = nil, in session: some PostgresSession) async throws -> [SetRouting] {
        try await session.query(
            """
            SELECT r.queue_id, rungs, opens_after, rings_at_once, accept_seconds, ask_again_seconds,
                check_back_seconds, grace_seconds, wrap_up_seconds, handle_seconds, e.queue_id, partner_name,
                partner_contact
            FROM queue_routing AS r JOIN queue AS q USING (consortium_id, queue_id)
            LEFT JOIN queue AS e ON e.consortium_id = r.consortium_id AND e.queue_id = r.email_queue_id
                AND e.retired_at IS NULL
            WHERE r.consortium_id = \(consortium) AND q.retired_at IS NULL
                AND (\(queue)::text IS NULL OR r.queue_id = \(queue)::text)
            ORDER BY r.queue_id
            """
        ).map { row in
            let (queue, rungs, times, rings, accept, again, check, grace, wrap, handle, email, partner, contact) =
                try row.decode(
                    (Queue.ID, [Rung], [Int], Int, Int, Int, Int, Int, Int, Int, Queue.ID?, String?, String?).self)
            return SetRouting(
                queue: queue,
                routing: QueueRouting(
                    ladder: try Ladder(zip(rungs, times).map { Ladder.Step($0, opensAfterSeconds: $1) }),
                    ringsAtOnce: rings, acceptSeconds: accept, askAgainSeconds: again, checkBackSeconds: check,
                    graceSeconds: grace, wrapUpSeconds: wrap, handleSeconds: handle, emailQueue: email,
                    partner: partner.flatMap { name in contact.map { .init(name: name, contact: $0) } }))
        }
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

    /// - Parameters:
    ///   - library: Only this one; nil is all.
    ///   - session: Where to read.
    /// - Returns: By library, weekday and time.
    /// - Throws: ``PostgresError``.
    package func libraryHours(
        of library: Library.ID? = nil, in session: some PostgresSession
    ) async throws -> [LibraryHours] {
        try await session.query(
            """
            SELECT library_id, weekday, opens, closes FROM library_hours AS h
            JOIN library USING (consortium_id, library_id)
            WHERE consortium_id = \(consortium) AND retired_at IS NULL
                AND (\(library)::text IS NULL OR library_id = \(library)::text)
            ORDER BY library_id, weekday, opens
            """
        ).map { row in
            let (library, weekday, opens, closes) = try row.decode(
                (Library.ID, Weekday, MinuteOfDay, MinuteOfDay).self)
            return LibraryHours(library: library, weekday: weekday, opens: opens, closes: closes)
        }
    }

    /// Sets all the hours of a library; they do not overlap.
    package func set(
        _ hours: [LibraryHours], for library: Library.ID, in transaction: some PostgresSession
    ) async throws {
        try await transaction.execute(
            "DELETE FROM library_hours WHERE consortium_id = \(consortium) AND library_id = \(library)")
        try await insert(hours.filter { $0.library == library }, in: transaction)
    }

    /// Keeps others from changing a queue's routing until the transaction ends.
    ///
    /// - Returns: The queue; nil if there is none.
    package func lock(_ queue: Queue.ID, in transaction: PostgresTransaction) async throws -> Queue.ID? {
        try await transaction.query(
            """
            SELECT queue_id FROM queue WHERE consortium_id = \(consortium) AND queue_id = \(queue)
                AND retired_at IS NULL
            FOR NO KEY UPDATE
            """
        ).first?.decode(Queue.ID.self)
    }

    /// Keeps others from changing a library's hours until the transaction ends.
    ///
    /// - Returns: The library; nil if there is none.
    package func lock(_ library: Library.ID, in transaction: PostgresTransaction) async throws -> Library.ID? {
        try await transaction.query(
            """
            SELECT library_id FROM library WHERE consortium_id = \(consortium) AND library_id = \(library)
                AND retired_at IS NULL
            FOR NO KEY UPDATE
            """
        ).first?.decode(Library.ID.self)
    }

    // MARK: What a bundle says

    func applyRoutings(
        _ routings: CollectionDifference<SetRouting>, in transaction: some PostgresSession
    ) async throws {
        if !routings.removed.isEmpty {
            try await transaction.execute(
                """
                DELETE FROM queue_routing
                WHERE consortium_id = \(consortium) AND queue_id = ANY (\(routings.removed.map(\.queue.rawValue)))
                """)
        }
        for arriving in routings.changed.map(\.after) + routings.added {
            try await set(arriving.routing, for: arriving.queue, in: transaction)
        }
    }

    func applyLibraryHours(
        _ hours: CollectionDifference<LibraryHours>, in transaction: some PostgresSession
    ) async throws {
        let leaving = hours.removed + hours.changed.map(\.before)
        if !leaving.isEmpty {
            try await transaction.execute(
                """
                DELETE FROM library_hours AS h USING unnest(\(leaving.map(\.library.rawValue)),
                    \(leaving.map { Int16($0.weekday.rawValue) }), \(leaving.map { Int16($0.opens.rawValue) }))
                    AS g (library_id, weekday, opens)
                WHERE consortium_id = \(consortium) AND h.library_id = g.library_id AND h.weekday = g.weekday
                    AND h.opens = g.opens
                """)
        }
        try await insert(hours.changed.map(\.after) + hours.added, in: transaction)
    }

    private func insert(_ hours: [LibraryHours], in transaction: some PostgresSession) async throws {
        guard !hours.isEmpty else { return }
        try await transaction.execute(
            """
            INSERT INTO library_hours (consortium_id, library_id, weekday, opens, closes)
            SELECT \(consortium), * FROM unnest(\(hours.map(\.library.rawValue)),
                \(hours.map { Int16($0.weekday.rawValue) }), \(hours.map { Int16($0.opens.rawValue) }),
                \(hours.map { Int16($0.closes.rawValue) }))
            """)
    }
}

extension Array {
    /// Nil in place of nothing.
    var nonEmpty: Self? { isEmpty ? nil : self }
}

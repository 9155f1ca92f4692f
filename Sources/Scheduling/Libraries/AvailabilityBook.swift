package import Coverage
package import PostgresClient
package import Storage

/// When one of a library's people can work, every week: reading it, looking at what a change means, and changing it
/// where nobody else has meanwhile.
package struct AvailabilityBook: Sendable {
    /// What is there now.
    package struct Standing: Sendable {
        package let week: WeeklyAvailability
        /// Hours from Monday to Sunday for which they may be planned.
        package let maxHoursPerWeek: Thousandths
        /// Times begin and end on multiples of these minutes.
        package let gridMinutes: Int
        /// As they are stored, for the audit log.
        fileprivate let rows: [Availability]
    }

    /// A coming published shift, some of which lies outside the times.
    package struct Hit: Hashable, Sendable {
        package let shift: LibraryRepository.NamedShift
        package let outside: [Range<Instant>]
    }

    private let consortium: Consortium.ID
    private let library: Library.ID
    private let person: Operator.ID
    private let zone: TimeZoneRules

    /// - Parameters:
    ///   - consortium: Whose.
    ///   - library: Where the person is.
    ///   - person: One of its people.
    ///   - zone: The library's clock.
    package init(consortium: Consortium.ID, library: Library.ID, person: Operator.ID, zone: TimeZoneRules) {
        self.consortium = consortium
        self.library = library
        self.person = person
        self.zone = zone
    }

    private var repository: LibraryRepository { LibraryRepository(consortium: consortium, library: library) }

    /// The person's week as it stands.
    ///
    /// - Throws: ``LibraryRefusal/notOurs(_:_:)``; ``SchedulingRefusal`` if nothing was imported.
    package func standing(at now: Instant, in pool: PostgresPool) async throws -> Standing {
        try await pool.withTransaction(isolation: .repeatableRead, access: .readOnly) { transaction in
            try await standing(at: now, in: transaction)
        }
    }

    private func standing(at now: Instant, in transaction: PostgresTransaction) async throws -> Standing {
        guard let settings = try await ConsortiumRepository(consortium: consortium).settings(in: transaction) else {
            throw SchedulingRefusal.nothingImported(consortium)
        }
        guard let stored = try await repository.availability(of: person, in: transaction) else {
            throw LibraryRefusal.notOurs(person, library)
        }
        let grid = Self.gridMinutes(settings.slotMinutes, zone, at: now)
        return Standing(
            week: WeeklyAvailability(stored.rows, gridMinutes: grid), maxHoursPerWeek: stored.maxHoursPerWeek,
            gridMinutes: grid, rows: stored.rows)
    }

    /// Slots are counted in UTC: a clock that is off by half an hour shows them to begin at half past.
    private static func gridMinutes(_ slotMinutes: Int, _ zone: TimeZoneRules, at now: Instant) -> Int {
        var (grid, rest) = (slotMinutes, abs(zone.offsetSeconds(at: now) / 60) % slotMinutes)
        while rest > 0 { (grid, rest) = (rest, grid % rest) }
        return grid
    }

    /// The coming published shifts of the person that a week does not hold.
    ///
    /// - Parameters:
    ///   - week: What is to be.
    ///   - standing: What is there now.
    ///   - now: What has begun by then is no more to be changed.
    ///   - pool: The database.
    /// - Returns: By their begin.
    /// - Throws: ``PostgresError``
    package func hits(
        of week: WeeklyAvailability, _ standing: Standing, at now: Instant, in pool: PostgresPool
    ) async throws -> [Hit] {
        try await pool.withTransaction(isolation: .repeatableRead, access: .readOnly) { transaction in
            try await hits(of: week, standing, at: now, in: transaction)
        }
    }

    private func hits(
        of week: WeeklyAvailability, _ standing: Standing, at now: Instant, in transaction: PostgresTransaction
    ) async throws -> [Hit] {
        let coming = now..<now.advanced(byMinutes: Self.horizonMinutes)
        return try await repository.shifts(of: person, touching: coming, in: transaction).compactMap { named in
            guard named.shift.during.lowerBound > now else { return nil }
            let outside = week.outside(of: named.shift.during, in: zone, gridMinutes: standing.gridMinutes)
            return outside.isEmpty ? nil : Hit(shift: named, outside: outside)
        }
    }

    /// Further ahead than any plan: ten years.
    private static let horizonMinutes = 10 * 366 * 1440

    /// Which shifts are hit, so that it is seen whether they are still the same later.
    package static func fingerprint(_ hits: [Hit]) -> String { ScheduleImpact.fingerprint(hits.map(\.shift)) }

    /// Sets the person's whole week.
    ///
    /// - Parameters:
    ///   - week: What is to be.
    ///   - seen: The week that the author saw, as ``WeeklyAvailability/text`` has it.
    ///   - seenHits: The shifts that the author saw to be hit, as ``fingerprint(_:)`` has them.
    ///   - actor: Who changes it, for the audit log; the person is told of what others change.
    ///   - now: When.
    ///   - pool: The database.
    /// - Returns: Whether anything is different from before.
    /// - Throws: ``LibraryRefusal``; then nothing was changed.
    package func set(
        _ week: WeeklyAvailability, seen: String, seenHits: String, by actor: String, at now: Instant,
        in pool: PostgresPool
    ) async throws -> Bool {
        try await pool.withTransaction { transaction in
            // The plan stands still meanwhile, and nothing is imported.
            try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
            let before = try await standing(at: now, in: transaction)
            guard before.week.text == seen else { throw LibraryRefusal.availabilityChangedMeanwhile(before.week) }
            guard week != before.week else { return false }
            let hits = try await hits(of: week, before, at: now, in: transaction)
            guard Self.fingerprint(hits) == seenHits else { throw LibraryRefusal.scheduleChangedMeanwhile }
            let rows = week.rows(of: person)
            try await repository.replaceAvailability(of: person, with: rows, in: transaction)
            try await AuditRepository(consortium: consortium).record(
                AuditRepository.Entry(
                    at: now, actor: actor, action: "set availability", subject: "operator \(person)"),
                before: try AuditText.json(before.rows), after: try AuditText.json(rows), in: transaction)
            try await NotificationRepository(consortium: consortium).enqueue(
                .availabilityChanged(by: actor), to: .operator(person), by: actor, at: now, in: transaction)
            return true
        }
    }
}

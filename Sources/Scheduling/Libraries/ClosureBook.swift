package import Coverage
package import PostgresClient
import Storage

/// The days on which a library is closed: on these none of its people are planned, and patrons are not told its number.
package struct ClosureBook: Sendable {
    private let consortium: Consortium.ID
    private let library: Library.ID

    package init(consortium: Consortium.ID, library: Library.ID) {
        self.consortium = consortium
        self.library = library
    }

    private var repository: LibraryRepository { LibraryRepository(consortium: consortium, library: library) }

    /// The library's closures and those of all libraries, past ones too, by date.
    package func closures(in pool: PostgresPool) async throws -> [Closure] {
        try await pool.withConnection { try await repository.closures(in: $0) }
    }

    /// Adds closures; days on which the library is closed already stay as they are.
    ///
    /// - Parameters:
    ///   - dates: The days, by the library's calendar.
    ///   - reason: Why, for people.
    ///   - seen: The shifts that the author saw to be hit, as ``ScheduleImpact/fingerprint(_:)`` has them.
    ///   - zone: The library's clock.
    ///   - actor: Who closes, for the audit log.
    ///   - now: When.
    ///   - pool: The database.
    /// - Returns: How many days were added.
    /// - Throws: ``LibraryRefusal``; then nothing was changed.
    package func add(
        _ dates: Range<CivilDate>, reason: String, seen: String, in zone: TimeZoneRules, by actor: String,
        at now: Instant, in pool: PostgresPool
    ) async throws -> Int {
        let days = dates.lowerBound.daysSince1970..<dates.upperBound.daysSince1970
        return try await pool.withTransaction { transaction in
            // The plan stands still meanwhile.
            try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
            let hit = try await repository.shifts(of: nil, touching: dates.instants(in: zone), in: transaction)
            guard ScheduleImpact.fingerprint(hit) == seen else { throw LibraryRefusal.scheduleChangedMeanwhile }
            let added = try await repository.addClosures(
                on: days.map(CivilDate.init(daysSince1970:)), reason: reason, in: transaction)
            if added > 0 {
                let last = dates.upperBound.advanced(byDays: -1)
                try await record(
                    "add closure", dates.lowerBound == last ? "\(last)" : "\(dates.lowerBound) to \(last)",
                    after: reason, actor, now, transaction)
            }
            return added
        }
    }

    /// Removes the library's closure on a date.
    ///
    /// - Returns: Whether there was one.
    package func remove(
        _ date: CivilDate, by actor: String, at now: Instant, in pool: PostgresPool
    ) async throws -> Bool {
        try await pool.withTransaction { transaction in
            try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
            guard let closure = try await repository.removeClosure(on: date, in: transaction) else { return false }
            try await record("remove closure", "\(date)", before: closure.reason, actor, now, transaction)
            return true
        }
    }

    private func record(
        _ action: String, _ days: String, before: String? = nil, after: String? = nil, _ actor: String,
        _ now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await AuditRepository(consortium: consortium).record(
            AuditRepository.Entry(at: now, actor: actor, action: action, subject: "library \(library), \(days)"),
            before: try before.map { try AuditText.json(["reason": $0]) },
            after: try after.map { try AuditText.json(["reason": $0]) }, in: transaction)
    }
}

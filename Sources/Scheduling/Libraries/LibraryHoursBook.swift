package import Coverage
package import PostgresClient
import Storage

/// When a library answers its telephone: reading it, and changing it where nobody else has meanwhile.
package struct LibraryHoursBook: Sendable {
    private let consortium: Consortium.ID
    private let library: Library.ID

    package init(consortium: Consortium.ID, library: Library.ID) {
        self.consortium = consortium
        self.library = library
    }

    private var repository: ConsortiumRepository { ConsortiumRepository(consortium: consortium) }

    /// The library's hours, by weekday and time.
    package func hours(in pool: PostgresPool) async throws -> [LibraryHours] {
        try await pool.withConnection { try await repository.libraryHours(of: library, in: $0) }
    }

    /// Sets all the hours of a library.
    ///
    /// - Parameters:
    ///   - hours: What is to be; those of one day do not overlap.
    ///   - seen: What the author saw, as ``text(_:)`` has it.
    ///   - actor: Who changes them, for the audit log.
    ///   - now: When.
    ///   - pool: The database.
    /// - Returns: Whether anything is different from before.
    /// - Throws: ``LibraryRefusal``; then nothing was changed.
    package func set(
        _ hours: [LibraryHours], seen: String, by actor: String, at now: Instant, in pool: PostgresPool
    ) async throws -> Bool {
        try await pool.withTransaction { transaction in
            guard try await repository.lock(library, in: transaction) != nil else {
                throw LibraryRefusal.noLibrary(library)
            }
            let before = try await repository.libraryHours(of: library, in: transaction)
            guard Self.text(before) == seen else { throw LibraryRefusal.hoursChangedMeanwhile(before) }
            guard Self.text(hours) != seen else { return false }
            try await repository.set(hours, for: library, in: transaction)
            try await AuditRepository(consortium: consortium).record(
                AuditRepository.Entry(at: now, actor: actor, action: "set hours", subject: "library \(library)"),
                before: Self.json(before), after: Self.json(hours), in: transaction)
            return true
        }
    }

    /// Hours in one line, the same for the same hours: `0 09:00-12:30;0 13:00-17:00`.
    package static func text(_ hours: [LibraryHours]) -> String {
        hours.sorted { ($0.weekday.rawValue, $0.opens) < ($1.weekday.rawValue, $1.opens) }
            .map { "\($0.weekday.rawValue) \($0.opens)-\($0.closes)" }.joined(separator: ";")
    }

    private static func json(_ hours: [LibraryHours]) -> String {
        let members = hours.map { row in
            #"{"weekday":\#(row.weekday.rawValue),"opens":"\#(row.opens)","closes":"\#(row.closes)"}"#
        }
        return "[\(members.joined(separator: ","))]"
    }
}

package import Calendars
package import Coverage
package import PostgresClient
package import Storage

/// Making the secret addresses of calendars, and taking them back.
///
/// Whoever knows an address reads the calendar, so it is told once, to whoever makes it, and only its hash is kept.
package struct CalendarAddresses: Sendable {
    package let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    private var repository: CalendarRepository { CalendarRepository(consortium: consortium) }

    /// The addresses of a subject that can be read, the oldest first.
    package func current(of subject: CalendarSubject, in pool: PostgresPool) async throws
        -> [CalendarRepository.Feed]
    {
        try await pool.withConnection { try await repository.current(of: subject, in: $0) }
    }

    /// Makes an address.
    ///
    /// - Parameters:
    ///   - subject: Whose calendar.
    ///   - secret: As ``CalendarSecret`` makes it.
    ///   - actor: Who makes it, for the audit log.
    ///   - now: When.
    ///   - pool: The database.
    /// - Returns: Its number, counted from 1 in the consortium.
    /// - Throws: ``CalendarRefusal/noSubject(_:)``
    package func make(
        _ subject: CalendarSubject, secret: String, by actor: String, at now: Instant, in pool: PostgresPool
    ) async throws -> Int {
        do {
            return try await pool.withTransaction { transaction in
                try await insert(subject, secret, by: actor, at: now, in: transaction)
            }
        } catch let error as PostgresError where error.code == .foreignKeyViolation {
            throw CalendarRefusal.noSubject(subject)
        }
    }

    /// Revokes an address for good.
    ///
    /// - Throws: ``CalendarRefusal/noCalendar(_:)``
    package func revoke(_ number: Int, by actor: String, at now: Instant, in pool: PostgresPool) async throws {
        try await pool.withTransaction { try await revoke(number, by: actor, at: now, in: $0) }
    }

    /// Gives a calendar another address in the place of one that may have become known.
    ///
    /// - Parameters:
    ///   - number: The address that is revoked.
    ///   - secret: Of the one that takes its place.
    ///   - actor: Who asks, for the audit log.
    ///   - now: When.
    ///   - pool: The database.
    /// - Returns: The new one's number.
    /// - Throws: ``CalendarRefusal/noCalendar(_:)``
    package func renew(
        _ number: Int, secret: String, by actor: String, at now: Instant, in pool: PostgresPool
    ) async throws -> Int {
        try await pool.withTransaction { transaction in
            guard let feed = try await repository.current(number, in: transaction) else {
                throw CalendarRefusal.noCalendar(number)
            }
            try await revoke(number, by: actor, at: now, in: transaction)
            return try await insert(feed.subject, secret, by: actor, at: now, in: transaction)
        }
    }

    /// The address with a number; nil if there is none that can be read.
    package func current(_ number: Int, in pool: PostgresPool) async throws -> CalendarRepository.Feed? {
        try await pool.withConnection { try await repository.current(number, in: $0) }
    }

    private func insert(
        _ subject: CalendarSubject, _ secret: String, by actor: String, at now: Instant,
        in transaction: PostgresTransaction
    ) async throws -> Int {
        let number = try await repository.insert(
            subject, hash: CalendarSecret.hash(secret), by: actor, at: now, in: transaction)
        try await record("create calendar", "\(number) of \(subject.kind) \(subject.id)", actor, now, transaction)
        return number
    }

    private func revoke(
        _ number: Int, by actor: String, at now: Instant, in transaction: PostgresTransaction
    ) async throws {
        guard try await repository.revoke(number, at: now, in: transaction) else {
            throw CalendarRefusal.noCalendar(number)
        }
        try await record("revoke calendar", "\(number)", actor, now, transaction)
    }

    private func record(
        _ action: String, _ calendar: String, _ actor: String, _ now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await AuditRepository(consortium: consortium).record(
            AuditRepository.Entry(at: now, actor: actor, action: action, subject: "calendar \(calendar)"),
            in: transaction)
    }
}

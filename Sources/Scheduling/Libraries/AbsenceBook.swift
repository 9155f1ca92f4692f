package import Coverage
package import PostgresClient
package import Storage

/// When a library's people are away: what the pages and what comes from libraries' caches both go through.
package struct AbsenceBook: Sendable {
    private let consortium: Consortium.ID
    private let library: Library.ID

    package init(consortium: Consortium.ID, library: Library.ID) {
        self.consortium = consortium
        self.library = library
    }

    private var repository: LibraryRepository { LibraryRepository(consortium: consortium, library: library) }

    /// The absences of the library's people that are not over, by their begin.
    package func coming(at now: Instant, in pool: PostgresPool) async throws -> [LibraryRepository.PersonAbsence] {
        try await pool.withConnection { try await repository.absences(endingAfter: now, in: $0) }
    }

    /// Adds an absence; one that is there already stays as it is.
    ///
    /// - Parameters:
    ///   - absence: Of one of the library's people, past or coming.
    ///   - actor: Who tells of it, for the audit log.
    ///   - now: When.
    ///   - isAskedFor: Whether the person asked for it, and is told that it is granted.
    ///   - transaction: All or nothing; ``ConsortiumRepository/lock(in:)`` is held, so that the plan stands still.
    /// - Returns: Whether it was new.
    /// - Throws: ``LibraryRefusal/notOurs(_:_:)``
    @discardableResult
    package func add(
        _ absence: Absence, by actor: String, at now: Instant, isAskedFor: Bool = false,
        in transaction: PostgresTransaction
    ) async throws -> Bool {
        let intents = IntentRepository(consortium: consortium, library: library)
        guard try await intents.has(absence.operator, in: transaction) else {
            throw LibraryRefusal.notOurs(absence.operator, library)
        }
        let isNew = try await repository.add(absence, in: transaction)
        try await record("add absence", after: absence, actor, now, transaction)
        if isNew, !isAskedFor, absence.during.upperBound > now {
            let notice = Notice.absenceAdded(NoticeTime(absence.during), reason: absence.reason, by: actor)
            try await tell(notice, of: absence, actor, now, transaction)
        }
        return isNew
    }

    /// Adds an absence whose effects somebody has looked at.
    ///
    /// - Parameters:
    ///   - absence: Of one of the library's people.
    ///   - seen: The shifts that the author saw to be hit, as ``ScheduleImpact/fingerprint(_:)`` has them.
    ///   - actor: Who tells of it, for the audit log.
    ///   - now: When.
    ///   - pool: The database.
    /// - Throws: ``LibraryRefusal``; then nothing was changed.
    package func add(
        _ absence: Absence, seen: String, by actor: String, at now: Instant, in pool: PostgresPool
    ) async throws {
        try await pool.withTransaction { transaction in
            try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
            let hit = try await repository.shifts(of: absence.operator, touching: absence.during, in: transaction)
            guard ScheduleImpact.fingerprint(hit) == seen else { throw LibraryRefusal.scheduleChangedMeanwhile }
            try await add(absence, by: actor, at: now, in: transaction)
        }
    }

    /// Removes an absence of one of the library's people.
    ///
    /// - Returns: Whether it was there.
    package func remove(
        _ absence: Absence, by actor: String, at now: Instant, in pool: PostgresPool
    ) async throws -> Bool {
        try await pool.withTransaction { transaction in
            try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
            guard try await repository.remove(absence, in: transaction) else { return false }
            try await record("remove absence", before: absence, actor, now, transaction)
            let notice = Notice.absenceRemoved(NoticeTime(absence.during), by: actor)
            try await tell(notice, of: absence, actor, now, transaction)
            return true
        }
    }

    /// Tells the person, unless it was them.
    private func tell(
        _ notice: Notice, of absence: Absence, _ actor: String, _ now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await NotificationRepository(consortium: consortium).enqueue(
            notice, to: .operator(absence.operator), by: actor, at: now, in: transaction)
    }

    private func record(
        _ action: String, before: Absence? = nil, after: Absence? = nil, _ actor: String, _ now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        let person = (after ?? before)?.operator.rawValue ?? ""
        try await AuditRepository(consortium: consortium).record(
            AuditRepository.Entry(at: now, actor: actor, action: action, subject: "operator \(person)"),
            before: try before.map { try AuditText.json($0) }, after: try after.map { try AuditText.json($0) },
            in: transaction)
    }
}

package import Coverage
package import PostgresClient
package import Storage

/// What operators ask of their time, and deciding it: a wish to be away that is granted becomes an absence.
package struct LeaveRequests: Sendable {
    private let consortium: Consortium.ID
    private let boards: WeekBoards
    private let pool: PostgresPool
    private let now: @Sendable () -> Instant

    package init(
        consortium: Consortium.ID, boards: WeekBoards, pool: PostgresPool, now: @escaping @Sendable () -> Instant
    ) {
        self.consortium = consortium
        self.boards = boards
        self.pool = pool
        self.now = now
    }

    private var repository: LeaveRequestRepository { LeaveRequestRepository(consortium: consortium) }

    /// Those that nobody has decided, the oldest first.
    package func open() async throws -> [LeaveRequestRepository.Request] {
        try await pool.withConnection { try await repository.open(in: $0) }
    }

    /// What granting one would do to the published schedule.
    package func impact(of request: LeaveRequestRepository.Request) async throws -> ScheduleImpact {
        try await ScheduleImpact.read(
            request.absence.during, of: request.absence.operator,
            LibraryRepository(consortium: consortium, library: request.library), boards: boards, in: pool)
    }

    /// Asks to be away.
    ///
    /// - Parameters:
    ///   - absence: Of one of the library's people, not over.
    ///   - library: The operator's.
    ///   - author: Who asks, for the audit log.
    /// - Returns: The request's number.
    /// - Throws: ``ShiftRequests/Refusal/asksTwice``, ``ShiftRequests/Refusal/hasBegun``,
    ///   ``LibraryRefusal/notOurs(_:_:)``
    @discardableResult
    package func ask(for absence: Absence, at library: Library.ID, by author: String) async throws -> Int {
        let now = now()
        guard absence.during.lowerBound > now else { throw ShiftRequests.Refusal.hasBegun }
        return try await pool.withTransaction { transaction in
            try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
            let intents = IntentRepository(consortium: consortium, library: library)
            guard try await intents.has(absence.operator, in: transaction) else {
                throw LibraryRefusal.notOurs(absence.operator, library)
            }
            guard
                let number = try await repository.insert(absence, at: library, by: author, at: now, in: transaction)
            else { throw ShiftRequests.Refusal.asksTwice }
            try await record("ask for leave", number, author, transaction)
            let news = RequestNews(consortium: consortium, actor: author, now: now)
            try await news.asked(absence, at: library, in: transaction)
            return number
        }
    }

    /// Grants a wish whose effects somebody has looked at.
    ///
    /// - Parameters:
    ///   - number: The request's.
    ///   - seen: The shifts that they saw to be hit, as ``ScheduleImpact/fingerprint(_:)`` has them.
    ///   - author: Who decides.
    /// - Throws: ``ShiftRequests/Refusal/notOpen``, ``LibraryRefusal``; then nothing was changed.
    package func grant(_ number: Int, seen: String, by author: String) async throws {
        try await decide(number, ShiftRequestRepository.Decision(.granted, by: author)) { request, transaction in
            let library = LibraryRepository(consortium: consortium, library: request.library)
            let hit = try await library.shifts(
                of: request.absence.operator, touching: request.absence.during, in: transaction)
            guard ScheduleImpact.fingerprint(hit) == seen else { throw LibraryRefusal.scheduleChangedMeanwhile }
            try await AbsenceBook(consortium: consortium, library: request.library).add(
                request.absence, by: author, at: now(), isAskedFor: true, in: transaction)
        }
    }

    /// Refuses a wish, or withdraws it.
    ///
    /// - Throws: ``ShiftRequests/Refusal/notOpen``
    package func close(_ number: Int, _ decision: ShiftRequestRepository.Decision) async throws {
        try await decide(number, decision) { _, _ in }
    }

    private func decide(
        _ number: Int, _ decision: ShiftRequestRepository.Decision,
        _ body: (LeaveRequestRepository.Request, PostgresTransaction) async throws -> Void
    ) async throws {
        try await pool.withTransaction { transaction in
            try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
            guard let request = try await repository.open(in: transaction).first(where: { $0.number == number }),
                try await repository.decide(number, decision, at: now(), in: transaction)
            else { throw ShiftRequests.Refusal.notOpen }
            try await body(request, transaction)
            try await record("\(decision.state.rawValue) leave", number, decision.by, transaction)
            guard decision.state != .withdrawn else { return }
            let news = RequestNews(consortium: consortium, actor: decision.by, now: now())
            try await news.decided(
                request.absence, isGranted: decision.state == .granted, because: decision.words, in: transaction)
        }
    }

    private func record(
        _ action: String, _ number: Int, _ author: String, _ transaction: PostgresTransaction
    ) async throws {
        try await AuditRepository(consortium: consortium).record(
            AuditRepository.Entry(at: now(), actor: author, action: action, subject: "leave \(number)"),
            in: transaction)
    }
}

package import Coverage
package import PostgresClient
package import Storage

/// Tells people of requests about single shifts, in the transactions that make and decide them.
package struct RequestNews: Sendable {
    private let consortium: Consortium.ID
    private let actor: String
    private let now: Instant

    /// - Parameters:
    ///   - consortium: Whose.
    ///   - actor: Who asks or decides, for whom it is no news.
    ///   - now: When.
    package init(consortium: Consortium.ID, actor: String, now: Instant) {
        self.consortium = consortium
        self.actor = actor
        self.now = now
    }

    private var repository: NotificationRepository { NotificationRepository(consortium: consortium) }

    /// Tells coordinators of a request, and of a swap whoever has the other shift.
    ///
    /// - Parameters:
    ///   - kind: What is asked for.
    ///   - shift: For a claim the wanted one, its operator whoever asks; otherwise the asker's own.
    ///   - other: What a swap wants for it; for a claim the one that is given away.
    ///   - reason: Why; may be empty.
    ///   - transaction: The request's own.
    /// - Throws: ``PostgresError``.
    package func asked(
        _ kind: NoticeRequest.Kind, _ shift: Shift, for other: Shift? = nil, because reason: String = "",
        in transaction: some PostgresSession
    ) async throws {
        let request = try await request(kind, shift, other, in: transaction)
        try await repository.enqueue(
            .requestWaiting(request, reason: reason, by: actor), to: .coordinators, by: actor, at: now,
            in: transaction)
        guard kind == .swap, let other else { return }
        try await repository.enqueue(
            .swapProposed(request, reason: reason, by: actor), to: .operator(other.operator), by: actor, at: now,
            in: transaction)
    }

    /// Tells whoever asked what became of it.
    ///
    /// - Parameters:
    ///   - kind: What was asked for.
    ///   - shift: As in ``asked(_:_:for:because:in:)``.
    ///   - other: As there.
    ///   - isGranted: Whether it is done.
    ///   - reason: Why; may be empty.
    ///   - transaction: The decision's own.
    /// - Throws: ``PostgresError``.
    package func decided(
        _ kind: NoticeRequest.Kind, _ shift: Shift, for other: Shift? = nil, isGranted: Bool,
        because reason: String = "",
        in transaction: some PostgresSession
    ) async throws {
        let request = try await request(kind, shift, other, in: transaction)
        try await repository.enqueue(
            .requestDecided(request, isGranted: isGranted, reason: reason, by: actor), to: .operator(shift.operator),
            by: actor, at: now, in: transaction)
    }

    /// Tells coordinators, and the managers of the operator's library, that somebody asks to be away.
    package func asked(_ absence: Absence, at library: Library.ID, in transaction: some PostgresSession) async throws {
        let notice = Notice.requestWaiting(
            try await request(absence, in: transaction), reason: absence.reason, by: actor)
        for recipient in [NotificationRepository.Recipient.coordinators, .managers(library)] {
            try await repository.enqueue(notice, to: recipient, by: actor, at: now, in: transaction)
        }
    }

    /// Tells whoever asked to be away what became of it.
    package func decided(
        _ absence: Absence, isGranted: Bool, because reason: String, in transaction: some PostgresSession
    ) async throws {
        let notice = Notice.requestDecided(
            try await request(absence, in: transaction), isGranted: isGranted, reason: reason, by: actor)
        try await repository.enqueue(notice, to: .operator(absence.operator), by: actor, at: now, in: transaction)
    }

    private func request(_ absence: Absence, in session: some PostgresSession) async throws -> NoticeRequest {
        let person = try await ConsortiumRepository(consortium: consortium).everyOperator(in: session)[absence.operator]
        return NoticeRequest(
            .leave, of: person?.name ?? absence.operator.rawValue, NoticeShift(queue: "", during: absence.during))
    }

    private func request(
        _ kind: NoticeRequest.Kind, _ shift: Shift, _ other: Shift?, in session: some PostgresSession
    ) async throws -> NoticeRequest {
        let consortium = ConsortiumRepository(consortium: consortium)
        let people = try await consortium.everyOperator(in: session)
        let queues = try await consortium.everyQueue(in: session)
        let told = { (shift: Shift) in
            NoticeShift(queue: queues[shift.queue]?.name ?? shift.queue.rawValue, during: shift.during)
        }
        let name = { (id: Operator.ID) in people[id]?.name ?? id.rawValue }
        return NoticeRequest(
            kind, of: name(shift.operator), told(shift), for: kind == .swap ? other.map(told) : nil,
            from: other.map { name($0.operator) })
    }
}

import Coverage
import PostgresClient
import Storage

/// Tells people whose coming shifts have changed, in the transaction that changes them.
struct ScheduleNews: Sendable {
    let consortium: Consortium.ID
    /// Who changes them, for whom it is no news.
    let actor: String
    /// What was said with it; empty where nothing was.
    let message: String
    let now: Instant

    /// - Parameters:
    ///   - before: The published shifts so far.
    ///   - after: Those from now on, of the same time.
    ///   - transaction: The change's own.
    /// - Throws: ``PostgresError``.
    func tell(from before: [Shift], to after: [Shift], in transaction: some PostgresSession) async throws {
        let repository = NotificationRepository(consortium: consortium)
        // A plan may have thousands of people, of whom few have accounts.
        let readers = try await repository.operators(in: transaction)
        let (gained, lost) = (changes(Set(after), since: Set(before)), changes(Set(before), since: Set(after)))
        let concerned = readers.intersection(gained.keys).union(readers.intersection(lost.keys))
        guard !concerned.isEmpty else { return }
        let queues = try await ConsortiumRepository(consortium: consortium).everyQueue(in: transaction)
        for person in concerned.sorted() {
            let notice = Notice.scheduleChanged(
                gained: Self.told(gained[person], queues), lost: Self.told(lost[person], queues), message: message)
            try await repository.enqueue(notice, to: .operator(person), by: actor, at: now, in: transaction)
        }
    }

    /// Tells people of a change of single shifts.
    ///
    /// - Parameters:
    ///   - before: The published shifts that it takes.
    ///   - after: Those that it brings.
    ///   - told: Who is told of it in another way.
    ///   - transaction: The change's own.
    /// - Throws: ``PostgresError``.
    func tell(
        ofChange before: [Shift], to after: [Shift], besides told: Set<Operator.ID>,
        in transaction: some PostgresSession
    ) async throws {
        let (gained, lost) = (changes(Set(after), since: Set(before)), changes(Set(before), since: Set(after)))
        let concerned = Set(gained.keys).union(lost.keys).subtracting(told)
        guard !concerned.isEmpty else { return }
        let queues = try await ConsortiumRepository(consortium: consortium).everyQueue(in: transaction)
        for person in concerned.sorted() {
            try await NotificationRepository(consortium: consortium).enqueueChange(
                gained: Self.told(gained[person], queues), lost: Self.told(lost[person], queues), of: person, by: actor,
                at: now, in: transaction)
        }
    }

    /// What is in one schedule and not in the other, and not begun.
    private func changes(_ shifts: Set<Shift>, since others: Set<Shift>) -> [Operator.ID: [Shift]] {
        Dictionary(
            grouping: shifts.subtracting(others).filter { $0.during.lowerBound > now }, by: \.operator)
    }

    private static func told(_ shifts: [Shift]?, _ queues: [Queue.ID: Queue]) -> [NoticeShift] {
        (shifts ?? []).sorted(by: Shift.precedes).map { shift in
            NoticeShift(queue: queues[shift.queue]?.name ?? shift.queue.rawValue, during: shift.during)
        }
    }
}

import Coverage
import Planning
import PostgresClient
import Storage

/// Whom a shift is offered to that somebody gives away: those who could take it within all rules.
struct ShiftOffer: Sendable {
    let shift: Shift
    /// Those of them for whom all of it lies in times that they like best.
    let favourites: [Operator.ID]
    /// Where they are from, all of them.
    let libraries: [Library.ID]

    /// Finds them.
    ///
    /// - Parameters:
    ///   - shift: With whoever gives it away.
    ///   - board: Its week.
    /// - Complexity: That of a ranking, O(operators × slots).
    init(of shift: Shift, on board: WeekBoard) {
        self.shift = shift
        let problem = board.problem
        let ranking = WhatIf(board.table, without: shift, in: problem)
            .ranking(for: Shift.Place(queue: shift.queue, during: shift.during))
        let able = (ranking?.candidates ?? []).filter { candidate in
            candidate.standing == .able && candidate.leaves.isEmpty && candidate.operator != shift.operator
        }
        favourites = able.map(\.operator).filter { problem.isFavourite(shift.during, of: $0) }
        libraries = Set(able.map(\.library)).sorted()
    }

    /// Tells them, in the transaction that gives the shift away.
    func tell(
        _ consortium: Consortium.ID, by actor: String, at now: Instant, in transaction: some PostgresSession
    ) async throws {
        let queues = try await ConsortiumRepository(consortium: consortium).everyQueue(in: transaction)
        let told = NoticeShift(queue: queues[shift.queue]?.name ?? shift.queue.rawValue, during: shift.during)
        let repository = NotificationRepository(consortium: consortium)
        for person in favourites {
            try await repository.enqueue(
                .favouriteOffered(told), to: .operator(person), by: actor, at: now, in: transaction)
        }
        for library in libraries {
            try await repository.enqueue(
                .shiftsOffered([told]), to: .managers(library), by: actor, at: now, in: transaction)
        }
    }
}

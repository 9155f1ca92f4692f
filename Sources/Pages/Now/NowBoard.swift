import Coverage
import Planning
import Routing
import Scheduling

/// The desk at a moment: each queue, and everybody who is on shift, here or not.
struct NowBoard: Sendable {
    struct QueueNow: Sendable {
        let queue: Queue
        /// Nil before the desk has been read.
        let standing: QueueStanding?
        let onShift: Int
        /// Of those on shift, those who are not here.
        let absent: Int
        /// What became of today's questions.
        let today: ServiceDay?
    }

    struct PersonNow: Sendable {
        enum State: Sendable {
            /// Seats taken, and all of them.
            case here(taken: Int, seats: Int)
            case busy
            case away
            /// On shift, and not here: a live gap.
            case absent
        }

        let person: Operator
        let library: Library?
        let queue: Queue
        let until: Instant
        let state: State
    }

    /// Whether it is known who is here and who waits: not in the moments in which a service begins.
    let isKnown: Bool
    let queues: [QueueNow]
    /// Those who are not here first, then by queue and name.
    let people: [PersonNow]
    /// Who is here and not on shift.
    let helpers: Int

    /// - Parameters:
    ///   - board: The week; nil where no plan reaches it.
    ///   - lines: The queues to show, in order.
    ///   - desk: Who is here and who waits.
    ///   - days: What became of today's questions.
    ///   - now: The present.
    init(
        _ board: WeekBoard?, queues lines: [Queue], desk: any DeskView, days: [Queue.ID: ServiceDay], now: Instant
    ) {
        // Asked first: what is read afterwards is known then.
        isKnown = desk.hasBeenRead
        let present = desk.present
        let onShift = board?.shifts.filter { $0.during.contains(now) } ?? []
        people = onShift.compactMap { shift in
            guard let problem = board?.problem, let person = problem.operatorIndex[shift.operator],
                let queue = problem.queueIndex[shift.queue]
            else { return nil }
            return PersonNow(
                person: problem.operators[person], library: problem.libraries[problem.libraryOfOperator[person]],
                queue: problem.queues[queue], until: shift.during.upperBound, state: .init(present[shift.operator]))
        }.sorted(by: PersonNow.precedes)
        let absent = Dictionary(grouping: people.filter(\.state.isAbsent), by: \.queue.id)
        let expected = Dictionary(grouping: onShift, by: \.queue)
        queues = lines.map { queue in
            QueueNow(
                queue: queue, standing: desk.standing(of: queue.id), onShift: expected[queue.id]?.count ?? 0,
                absent: absent[queue.id]?.count ?? 0, today: days[queue.id])
        }
        let ids = Set(onShift.map(\.operator))
        helpers = present.values.count { !ids.contains($0.presence.operator) && $0.graceUntil == nil }
    }
}

extension NowBoard.PersonNow.State {
    init(_ present: PresentOperator?) {
        guard let present, present.graceUntil == nil else {
            self = .absent
            return
        }
        switch present.presence.availability {
        case .available: self = .here(taken: present.claimedCount, seats: present.presence.seats)
        case .busy: self = .busy
        case .away: self = .away
        }
    }

    var isAbsent: Bool { if case .absent = self { true } else { false } }

    fileprivate var order: Int {
        switch self {
        case .absent: 0
        case .away: 1
        case .busy, .here: 2
        }
    }
}

extension NowBoard.PersonNow {
    fileprivate static func precedes(_ left: Self, _ right: Self) -> Bool {
        (left.state.order, left.queue.name, left.person.name, left.person.id)
            < (right.state.order, right.queue.name, right.person.name, right.person.id)
    }
}

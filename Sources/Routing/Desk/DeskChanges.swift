package import Coverage

/// What decisions have changed, to be stored in one transaction.
package struct DeskChanges: Sendable {
    package struct SessionChange: Sendable {
        package let number: Session.Number
        /// As it was; nil if it was not live.
        package let before: Session?
        /// As it is now; nil if it has ended.
        package internal(set) var after: Session?

        package var wasLive: Bool { before != nil }
    }

    package struct OperatorChange: Sendable {
        package let id: Operator.ID
        package let before: PresentOperator?
        package internal(set) var after: PresentOperator?
    }

    /// A session that has ended, whether or not it was live before.
    package struct Ending: Hashable, Sendable {
        package var number: Session.Number
        package var outcome: Outcome
        package var at: Instant
        /// Who had it last; nil if it ended in line.
        package var `operator`: Operator.ID?
    }

    /// A session that has been created, also if it has ended since.
    package struct Creation: Hashable, Sendable {
        package var number: Session.Number
        package var origin: Session.Origin
        package var queue: Queue.ID
        package var at: Instant
    }

    package internal(set) var sessions: [SessionChange] = []
    package internal(set) var operators: [OperatorChange] = []
    package internal(set) var creations: [Creation] = []
    package internal(set) var endings: [Ending] = []
    package internal(set) var events: [DeskEvent] = []
    /// Nil if no live gap opened or closed.
    package internal(set) var gapsBefore: Set<LiveGap>?
    package internal(set) var gapsAfter: Set<LiveGap>?
    /// Nil if nothing was learned of sessions and waits.
    package internal(set) var pacesBefore: [Queue.ID: QueuePace]?
    package internal(set) var pacesAfter: [Queue.ID: QueuePace]?

    /// What the desk had counted before.
    var countedBefore = DeskCount(now: Instant(secondsSince1970: 0), lastEvent: 0, lastSession: 0)

    private var notedSessions: Set<Session.Number> = []
    private var notedOperators: Set<Operator.ID> = []

    package init() {}

    package var isEmpty: Bool { sessions.isEmpty && operators.isEmpty && events.isEmpty && gapsBefore == nil }

    func hasNoted(_ number: Session.Number) -> Bool { notedSessions.contains(number) }

    mutating func note(_ number: Session.Number, before: Session?) {
        notedSessions.insert(number)
        sessions.append(SessionChange(number: number, before: before))
    }

    func hasNoted(_ id: Operator.ID) -> Bool { notedOperators.contains(id) }

    mutating func note(_ id: Operator.ID, before: PresentOperator?) {
        notedOperators.insert(id)
        operators.append(OperatorChange(id: id, before: before))
    }
}

/// An operator whom the plan has on shift and who is not there.
package struct LiveGap: Hashable, Sendable {
    package var queue: Queue.ID
    package var `operator`: Operator.ID
    package var shift: Range<Instant>

    package init(queue: Queue.ID, operator: Operator.ID, shift: Range<Instant>) {
        self.queue = queue
        self.operator = `operator`
        self.shift = shift
    }
}

/// The desk's time and the numbers that it gave last.
struct DeskCount: Sendable {
    var now: Instant
    var lastEvent: Int64
    var lastSession: Int64
}

import Coverage

/// A patron's session in a simulated day, as the chat server knows it.
struct Visit: Sendable {
    enum State: Hashable, Sendable {
        /// The patron is still to come.
        case coming
        /// The service was asked and has not told of the session yet.
        case asked
        /// In line, or offered to those who are named.
        case waiting(offeredTo: Set<Operator.ID>)
        case served(Operator.ID)
        case wrappingUp(Operator.ID)
        case ended(String)
        /// The service refused it, for a reason that has this code.
        case refused(String)
        /// The service could not be reached until the day was over: perhaps it is there.
        case unknown
    }

    let patron: PatronVisit
    /// The chat server's own id.
    let id: String
    var state = State.coming
    var number: Int64?
    var queue: Queue.ID
    var channel: Queue.Channel
    /// Since when somebody waits in the queue where it is now.
    var waitsSince: Duration
    /// Whether an operator of that queue has had it already.
    var wasAnswered = false
    /// Counts how often it changed hands: what was planned for it before then is not done.
    var turn = 0
    /// What the service has acknowledged: held against its own account at the end of the day.
    var acknowledged = Acknowledged()

    struct Acknowledged: Hashable, Sendable {
        var notes: [String] = []
        var outcome: VisitOutcome?
    }

    var isOver: Bool {
        switch state {
        case .ended, .refused, .unknown: true
        default: false
        }
    }

    var holder: Operator.ID? {
        switch state {
        case .served(let id), .wrappingUp(let id): id
        default: nil
        }
    }
}

/// An operator in a simulated day.
struct Person: Sendable {
    enum Place: Hashable, Sendable {
        /// Not at the desk, or not yet.
        case off
        case here
        case away
        /// The connection is lost: nothing is seen, nothing is done.
        case lost
        /// The stint is over, the last sessions are not.
        case finishing
    }

    let id: Operator.ID
    var seats: Int
    var place = Place.off
    var stint: Stint?
    /// Counts places: what was planned for an earlier one is not done.
    var turn = 0
    /// Visits on the seats, by the service's account.
    var offered: Set<Int> = []
    var held: Set<Int> = []

    var sees: Bool { place == .here || place == .away || place == .finishing }
    var takesMore: Bool { place == .here }
}

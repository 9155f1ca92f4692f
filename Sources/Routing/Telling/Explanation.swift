package import Coverage

/// Why a session was offered to whom it was, or to nobody: what the desk found on each rung.
package struct Explanation: Hashable, Sendable {
    package var rungs: [RungFinding]

    package init(rungs: [RungFinding] = []) {
        self.rungs = rungs
    }
}

/// What the desk found on one rung.
package struct RungFinding: Hashable, Sendable {
    /// Whether and why a rung was tried.
    package enum State: String, Hashable, Sendable {
        case open
        /// Its time had not come, but nobody stands on those before it.
        case openEarly = "open_early"
        case notYet = "not_yet"
        /// Those before it gave enough operators.
        case notNeeded = "not_needed"
    }

    package var rung: Rung
    package var state: State
    package var opensAt: Instant
    /// Operators present on it, busy ones too.
    package var present: Int
    package var chosen: [Operator.ID]
    /// Those who were not asked, at most ``maximumNamed`` of them.
    package var passedOver: [PassedOver]

    package static let maximumNamed = 8

    package init(
        rung: Rung, state: State, opensAt: Instant, present: Int = 0, chosen: [Operator.ID] = [],
        passedOver: [PassedOver] = []
    ) {
        self.rung = rung
        self.state = state
        self.opensAt = opensAt
        self.present = present
        self.chosen = chosen
        self.passedOver = passedOver
    }
}

/// An operator who was not asked, and why.
package struct PassedOver: Hashable, Sendable {
    package enum Reason: String, Hashable, CaseIterable, Sendable {
        case noFreeSeat = "no_free_seat"
        case busy
        case away
        /// On shift and not there.
        case notPresent = "not_present"
        /// Gone with sessions in hand, within the grace period.
        case lapsed
        case declined
        case missed
        /// The session is offered to them now.
        case offered
        /// Had the session before.
        case handedOn = "handed_on"
        /// The session was transferred to somebody else.
        case notWished = "not_wished"
    }

    package var `operator`: Operator.ID
    package var reason: Reason

    package init(operator: Operator.ID, reason: Reason) {
        self.operator = `operator`
        self.reason = reason
    }
}

package import Coverage

/// Something that happened at the desk, for chat servers, dashboards and a session's trail.
package struct DeskEvent: Hashable, Sendable {
    /// Counted from 1 in the consortium without a gap, in the order of becoming visible: whoever resumes after the
    /// last number seen misses nothing.
    package var number: Int64
    package var at: Instant
    package var session: Session.Number?
    package var `operator`: Operator.ID?
    package var queue: Queue.ID?
    package var kind: Kind

    package init(
        number: Int64, at: Instant, session: Session.Number? = nil, operator: Operator.ID? = nil,
        queue: Queue.ID? = nil, kind: Kind
    ) {
        self.number = number
        self.at = at
        self.session = session
        self.operator = `operator`
        self.queue = queue
        self.kind = kind
    }

    /// What happened, with what belongs to it.
    package enum Kind: Hashable, Sendable {
        case created(Session.Origin)
        case offered([Offer], Explanation)
        /// Nobody was found: the session is in line.
        case waiting(ahead: Int, Explanation)
        /// A rung without operators opened: this is what there is instead.
        case fallback(Rung?)
        /// The offers to these operators are withdrawn by it.
        case accepted(Seat, withdrawn: [Operator.ID])
        case declined
        case offerExpired
        case offerWithdrawn(Withdrawal)
        case requeued(Requeue, toFront: Bool)
        case transferred(Transfer)
        case noted(String)
        /// The operator has been silent for so long.
        case silent(seconds: Int)
        case wrappingUp(until: Instant)
        case ended(Outcome)
        case present(Presence)
        case lapsed(graceUntil: Instant?)
        case left(graceUntil: Instant?)
        /// The grace period is over: the operator is gone.
        case gone
        /// The plan has the operator on shift, and the operator is not there.
        case gapOpened(shift: Range<Instant>)
        case gapClosed(shift: Range<Instant>)
    }

    /// Why an offer was withdrawn.
    package enum Withdrawal: String, Hashable, CaseIterable, Sendable {
        case operatorGone = "operator_gone"
        case operatorChanged = "operator_changed"
        case sessionEnded = "session_ended"
        case sessionTransferred = "session_transferred"
    }

    /// Why a session went back to the line.
    package enum Requeue: String, Hashable, CaseIterable, Sendable {
        case asked
        case operatorGone = "operator_gone"
    }
}

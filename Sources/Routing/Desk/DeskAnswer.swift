package import Coverage

/// What the desk answers to a request that it did not refuse.
package enum DeskAnswer: Hashable, Sendable {
    case session(Decision)
    case presence(PresentOperator)
    /// The operator has left; these sessions, if any, follow the grace period.
    case left(held: [Session.Number])
}

/// What became of a session, with all that the patron may truthfully be told.
package struct Decision: Hashable, Sendable {
    package var number: Session.Number
    package var origin: Session.Origin
    package var queue: Queue.ID
    package var channel: Queue.Channel
    package var createdAt: Instant
    package var standing: Standing
    package var expectation: Expectation
    package var alternatives: Alternatives
    /// Why it stands so; nil where the request did not make the desk look for an operator.
    package var explanation: Explanation?
    /// Whether the same request was made before, and this one therefore had no effect.
    package var isRepeat: Bool

    package init(
        number: Session.Number, origin: Session.Origin, queue: Queue.ID, channel: Queue.Channel, createdAt: Instant,
        standing: Standing, expectation: Expectation, alternatives: Alternatives, explanation: Explanation? = nil,
        isRepeat: Bool = false
    ) {
        self.number = number
        self.origin = origin
        self.queue = queue
        self.channel = channel
        self.createdAt = createdAt
        self.standing = standing
        self.expectation = expectation
        self.alternatives = alternatives
        self.explanation = explanation
        self.isRepeat = isRepeat
    }
}

/// Where a session stands after a decision.
package enum Standing: Hashable, Sendable {
    /// Put to operators; the first to accept has it.
    case offered([Offer])
    /// In line behind so many others.
    case waiting(ahead: Int)
    /// Nobody can take it soon: what there is instead. It keeps its place in line until it is ended or transferred.
    case fallback(Rung?, ahead: Int)
    case held(Seat)
    case wrappingUp(Seat, until: Instant)
    case ended(Outcome, at: Instant)
}

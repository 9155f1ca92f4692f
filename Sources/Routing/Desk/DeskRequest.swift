package import Coverage

/// What somebody asks of the desk.
package enum DeskRequest: Hashable, Sendable {
    case create(NewSession)
    case accept(Session.Number, by: Operator.ID)
    case decline(Session.Number, by: Operator.ID)
    /// Back to the line, to its front or its end; only from the operator who has it, if one is named.
    case requeue(Session.Number, by: Operator.ID?, toFront: Bool)
    case transfer(Session.Number, to: Transfer, by: Operator.ID?)
    /// A step taken or something to know, for whoever has the session next.
    case note(Session.Number, text: String, by: Operator.ID?)
    /// The operator did something in the session.
    case activity(Session.Number, by: Operator.ID)
    /// The patron has left; the operator still writes.
    case wrapUp(Session.Number, by: Operator.ID?)
    case end(Session.Number, outcome: Outcome, by: Operator.ID?)
    /// An operator is here, or here in another way than before.
    case setPresence(NewPresence)
    case renewPresence(Operator.ID, leaseSeconds: Int)
    case leave(Operator.ID)
}

/// A session that a chat server asks for.
package struct NewSession: Hashable, Sendable {
    package var origin: Session.Origin
    package var queue: Queue.ID
    /// The patron's channel; the queue must serve it.
    package var channel: Queue.Channel

    package init(origin: Session.Origin, queue: Queue.ID, channel: Queue.Channel) {
        self.origin = origin
        self.queue = queue
        self.channel = channel
    }
}

/// Where a session is to go.
package enum Transfer: Hashable, Sendable {
    /// To one operator, who is present; anybody if that operator does not accept.
    case toOperator(Operator.ID)
    /// To the operators of one library; anybody if none of them accepts in time.
    case toLibrary(Library.ID)
    /// To another queue, and with it perhaps to another channel: chat to email keeps the whole story.
    case toQueue(Queue.ID)
}

/// A presence as it is asked for; the lease begins when the request is decided.
package struct NewPresence: Hashable, Sendable {
    package var `operator`: Operator.ID
    package var availability: Presence.Availability
    package var channels: Set<Queue.Channel>
    package var queues: Set<Queue.ID>?
    /// Nil is the operator's capacity in the bundle.
    package var seats: Int?
    package var isWilling: Bool
    package var languages: Set<String>
    /// Seconds, 5…3,600.
    package var leaseSeconds: Int

    package init(
        operator: Operator.ID, availability: Presence.Availability = .available,
        channels: Set<Queue.Channel> = [.chat, .email], queues: Set<Queue.ID>? = nil, seats: Int? = nil,
        isWilling: Bool = true, languages: Set<String> = [], leaseSeconds: Int = 90
    ) {
        self.operator = `operator`
        self.availability = availability
        self.channels = channels
        self.queues = queues
        self.seats = seats
        self.isWilling = isWilling
        self.languages = languages
        self.leaseSeconds = leaseSeconds
    }
}

package import Coverage

/// What the chat server of a simulated day asks of the service.
package struct ServiceRequest: Hashable, Sendable {
    /// What it is about: of one subject one request is under way at a time, so that they are done in their order.
    package enum Subject: Hashable, Sendable {
        /// A visit, by its place in the day.
        case visit(Int)
        case person(Operator.ID)
        /// A session of somebody else.
        case stranger(Int64)
    }

    package enum Act: Hashable, Sendable {
        case create(id: String, queue: Queue.ID, channel: Queue.Channel, library: Library.ID)
        case accept(Int64, by: Operator.ID)
        case decline(Int64, by: Operator.ID)
        case activity(Int64, by: Operator.ID)
        case note(Int64, text: String, by: Operator.ID)
        case transfer(Int64, to: Queue.ID, by: Operator.ID?)
        case wrapUp(Int64, by: Operator.ID)
        case end(Int64, outcome: VisitOutcome, by: Operator.ID?)
        case arrive(Operator.ID, availability: String, seats: Int)
        case renew(Operator.ID)
        case leave(Operator.ID)
    }

    package var subject: Subject
    package var act: Act
    /// Gives it one effect, however often it is sent; none for what has one effect anyway.
    package var key: String?
    /// What the pauses before it is sent again are drawn from.
    package var jitterSeed: UInt64

    package init(subject: Subject, act: Act, key: String?, jitterSeed: UInt64) {
        self.subject = subject
        self.act = act
        self.key = key
        self.jitterSeed = jitterSeed
    }
}

/// What came of a request.
package enum ServiceAnswer: Hashable, Sendable {
    /// Done; with the session's number where it is about one, and those to whom it is offered.
    case done(session: Int64?, offeredTo: [Operator.ID] = [])
    /// The service said no, for a reason that has this code; nothing was changed.
    case refused(code: String)
    /// The service could not be reached for so long that it was given up: done or not.
    case lost
}

/// How a simulated session ends, in the contract's words.
package enum VisitOutcome: String, Hashable, Sendable {
    case answered, referred, abandoned, unrecorded
    case patronLeft = "patron_left"
}

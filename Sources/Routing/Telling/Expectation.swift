package import Coverage

/// What the patron may truthfully be told.
package enum Expectation: Hashable, Sendable {
    /// An operator has it.
    case withOperator
    /// An operator has been asked and has until then to accept.
    case beingOffered(acceptBy: Instant)
    /// Seconds: what half wait at most, and what nine of ten do, as the live state makes them likely; see WaitEstimate.
    case wait(likelySeconds: Int, withinSeconds: Int)
    /// Nobody who could take it is here; the plan has somebody from this time on.
    case from(Instant)
    /// The queue is closed and opens then; nil if its hours say nothing for the next weeks.
    case closed(opensAt: Instant?)
    /// The service level promises an answer by then.
    case answerBy(Instant)
    /// Nothing true can be said.
    case unknown
    case ended
}

/// What a patron can do instead of waiting.
package struct Alternatives: Hashable, Sendable {
    /// The queue that answers by email, and when its service level has an answer due.
    package var email: Email?
    /// Open now, by their hours; the patron's own library first.
    package var phones: [Phone]
    /// When the queue opens next; nil while it is open or where no hours are known.
    package var opensAt: Instant?
    package var partner: QueueRouting.Partner?

    package struct Email: Hashable, Sendable {
        package var queue: Queue.ID
        package var dueBy: Instant?

        package init(queue: Queue.ID, dueBy: Instant?) {
            self.queue = queue
            self.dueBy = dueBy
        }
    }

    package struct Phone: Hashable, Sendable {
        package var library: Library.ID
        package var name: String
        package var number: String
        package var openUntil: Instant

        package init(library: Library.ID, name: String, number: String, openUntil: Instant) {
            self.library = library
            self.name = name
            self.number = number
            self.openUntil = openUntil
        }
    }

    package init(
        email: Email? = nil, phones: [Phone] = [], opensAt: Instant? = nil, partner: QueueRouting.Partner? = nil
    ) {
        self.email = email
        self.phones = phones
        self.opensAt = opensAt
        self.partner = partner
    }
}

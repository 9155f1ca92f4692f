package import Coverage

/// What the store knows of sessions that are no longer at the desk, as far as the requests at hand need it.
package struct KnownPast: Sendable {
    /// A session that has ended.
    package struct Ended: Hashable, Sendable {
        package var number: Session.Number
        package var origin: Session.Origin
        package var queue: Queue.ID
        package var createdAt: Instant
        package var outcome: Outcome
        package var endedAt: Instant

        package init(
            number: Session.Number, origin: Session.Origin, queue: Queue.ID, createdAt: Instant, outcome: Outcome,
            endedAt: Instant
        ) {
            self.number = number
            self.origin = origin
            self.queue = queue
            self.createdAt = createdAt
            self.outcome = outcome
            self.endedAt = endedAt
        }
    }

    package private(set) var ended: [Session.Number: Ended] = [:]
    private var creations: [RequestKey: Session.Number] = [:]

    package init(_ ended: [Ended] = []) {
        for session in ended { insert(session) }
    }

    package mutating func insert(_ session: Ended) {
        ended[session.number] = session
        creations[RequestKey(chatServer: session.origin.chatServer, text: session.origin.externalID)] = session.number
    }

    func created(with key: RequestKey) -> Ended? {
        creations[key].flatMap { ended[$0] }
    }
}

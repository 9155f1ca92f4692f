/// How the sessions of one queue are routed; every time in seconds.
package struct QueueRouting: Hashable, Sendable {
    package var ladder: Ladder
    /// How many operators are rung at once, 1 and up.
    package var ringsAtOnce: Int
    /// How long an operator has to accept.
    package var acceptSeconds: Int
    /// How long an operator who declined or missed a session is not offered it again.
    package var askAgainSeconds: Int
    /// How long a session may go without a mark of its operator before an event says so.
    package var checkBackSeconds: Int
    /// How long what was accepted stays with an operator whose lease has lapsed.
    package var graceSeconds: Int
    /// How long an operator may write up a session after the patron has left.
    package var wrapUpSeconds: Int
    /// What one session takes, as far as is known; expectations are made of it.
    package var handleSeconds: Int
    /// The queue that answers by email for this one; nil if none does.
    package var emailQueue: Queue.ID?
    /// A service outside the consortium; nil if none is there.
    package var partner: Partner?

    /// Who answers where the consortium cannot.
    package struct Partner: Hashable, Sendable {
        package var name: String
        /// Where patrons find it: a URL or a phone number.
        package var contact: String

        package init(name: String, contact: String) {
            self.name = name
            self.contact = contact
        }
    }

    package init(
        ladder: Ladder = .standard, ringsAtOnce: Int = 1, acceptSeconds: Int = 30, askAgainSeconds: Int = 60,
        checkBackSeconds: Int = 300, graceSeconds: Int = 60, wrapUpSeconds: Int = 120, handleSeconds: Int = 600,
        emailQueue: Queue.ID? = nil, partner: Partner? = nil
    ) {
        self.ladder = ladder
        self.ringsAtOnce = ringsAtOnce
        self.acceptSeconds = acceptSeconds
        self.askAgainSeconds = askAgainSeconds
        self.checkBackSeconds = checkBackSeconds
        self.graceSeconds = graceSeconds
        self.wrapUpSeconds = wrapUpSeconds
        self.handleSeconds = handleSeconds
        self.emailQueue = emailQueue
        self.partner = partner
    }
}

extension QueueRouting {
    /// How a queue is routed of which nothing was set: an email queue of the same skill answers for a chat queue.
    ///
    /// - Parameters:
    ///   - queue: The queue.
    ///   - all: The consortium's queues.
    /// - Returns: What holds for it.
    package static func standard(for queue: Queue, among all: [Queue]) -> QueueRouting {
        guard queue.channel == .chat else {
            return QueueRouting(acceptSeconds: 900, askAgainSeconds: 3600, checkBackSeconds: 14_400, graceSeconds: 3600)
        }
        let emails = all.filter { $0.channel == .email }
        return QueueRouting(emailQueue: (emails.first { $0.skill == queue.skill } ?? emails.first)?.id)
    }

    /// What its numbers may be.
    package enum Bounds {
        package static let opensAfterSeconds = 0...604_800
        package static let ringsAtOnce = 1...10
        package static let acceptSeconds = 1...86_400
        package static let askAgainSeconds = 1...86_400
        package static let checkBackSeconds = 1...604_800
        package static let graceSeconds = 1...86_400
        package static let wrapUpSeconds = 1...86_400
        package static let handleSeconds = 1...604_800
    }
}

/// How one queue is routed, where that was set.
package struct SetRouting: Hashable, Sendable {
    package var queue: Queue.ID
    package var routing: QueueRouting

    package init(queue: Queue.ID, routing: QueueRouting) {
        self.queue = queue
        self.routing = routing
    }
}

package import Coverage

/// Whether anybody is there for a queue, and what its patrons may be told: what a widget asks before a session is made.
package struct QueueStanding: Hashable, Sendable {
    package var queue: Queue.ID
    package var channel: Queue.Channel
    package var isOpen: Bool
    /// Operators who answer the queue now, busy ones too.
    package var present: Int
    /// Of these, those with a seat free.
    package var free: Int
    package var waiting: Int
    /// What a session that came now would be told.
    package var expectation: Expectation
    package var alternatives: Alternatives

    package init(
        queue: Queue.ID, channel: Queue.Channel, isOpen: Bool, present: Int, free: Int, waiting: Int,
        expectation: Expectation, alternatives: Alternatives
    ) {
        self.queue = queue
        self.channel = channel
        self.isOpen = isOpen
        self.present = present
        self.free = free
        self.waiting = waiting
        self.expectation = expectation
        self.alternatives = alternatives
    }
}

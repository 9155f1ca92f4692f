/// One line of patrons' questions.
package struct Queue: Hashable, Sendable {
    package typealias ID = Identifier<Queue>

    /// How patrons reach it; the raw value is what bundles write.
    package enum Channel: String, Hashable, CaseIterable, Sendable {
        case chat, email
    }

    package var id: ID
    package var name: String
    package var channel: Channel
    /// What an operator must be able to answer.
    package var skill: Skill
    package var minShiftMinutes: Int
    package var maxShiftMinutes: Int
    /// The share of questions to be answered within ``answerSeconds``: the service level.
    package var answerShare: Thousandths
    /// The seconds in which that share is to be answered.
    package var answerSeconds: Int
    /// Weight of its gaps, 1 and up.
    package var priority: Int

    package init(
        id: ID, name: String, channel: Channel, skill: Skill, minShiftMinutes: Int, maxShiftMinutes: Int,
        answerSeconds: Int = 30, answerShare: Thousandths = Thousandths(rawValue: 800), priority: Int = 1
    ) {
        self.id = id
        self.name = name
        self.channel = channel
        self.skill = skill
        self.minShiftMinutes = minShiftMinutes
        self.maxShiftMinutes = maxShiftMinutes
        self.answerSeconds = answerSeconds
        self.answerShare = answerShare
        self.priority = priority
    }
}

/// Hours of every week in which a queue is open, in the consortium's zone.
///
/// Those of one queue do not overlap.
package struct OpeningHours: Hashable, Sendable {
    package var queue: Queue.ID
    package var weekday: Weekday
    package var opens: MinuteOfDay
    package var closes: MinuteOfDay

    package init(queue: Queue.ID, weekday: Weekday, opens: MinuteOfDay, closes: MinuteOfDay) {
        self.queue = queue
        self.weekday = weekday
        self.opens = opens
        self.closes = closes
    }
}

/// Operators wanted on a queue.
///
/// The demands of one queue do not overlap.
package struct Demand: Hashable, Sendable {
    package var queue: Queue.ID
    package var during: Range<Instant>
    /// Fewer than this is a critical gap.
    package var minimum: Int
    /// Fewer than this is a thin gap; never below ``minimum``.
    package var target: Int

    package init(queue: Queue.ID, during: Range<Instant>, minimum: Int, target: Int) {
        self.queue = queue
        self.during = during
        self.minimum = minimum
        self.target = target
    }
}

/// A patron's question of the past: what forecasts are made from.
package struct PastSession: Hashable, Sendable {
    package var queue: Queue.ID
    package var startedAt: Instant
    package var handleSeconds: Int
    /// The patron's library.
    package var library: Library.ID

    package init(queue: Queue.ID, startedAt: Instant, handleSeconds: Int, library: Library.ID) {
        self.queue = queue
        self.startedAt = startedAt
        self.handleSeconds = handleSeconds
        self.library = library
    }
}

package import Coverage

/// An operator saying "I am here": for what, with how many seats, and until when unless renewed.
package struct Presence: Hashable, Sendable {
    /// What the operator is ready for; the raw value is what is written.
    package enum Availability: String, Hashable, CaseIterable, Sendable {
        case available, busy, away
    }

    package var `operator`: Operator.ID
    package var availability: Availability
    /// Channels that the operator answers now.
    package var channels: Set<Queue.Channel>
    /// Queues that the operator answers now; nil is every one that the skills allow.
    package var queues: Set<Queue.ID>?
    /// How many sessions the operator can hold at once, 1…``maximumSeats``.
    package var seats: Int
    /// Whether sessions may be offered while the plan does not have the operator on shift.
    package var isWilling: Bool
    /// Language tags, as sessions name them.
    package var languages: Set<String>
    package var leaseUntil: Instant

    package static let maximumSeats = 50

    package init(
        operator: Operator.ID, availability: Availability = .available, channels: Set<Queue.Channel> = [.chat, .email],
        queues: Set<Queue.ID>? = nil, seats: Int = 1, isWilling: Bool = true, languages: Set<String> = [],
        leaseUntil: Instant
    ) {
        self.operator = `operator`
        self.availability = availability
        self.channels = channels
        self.queues = queues
        self.seats = seats
        self.isWilling = isWilling
        self.languages = languages
        self.leaseUntil = leaseUntil
    }
}

/// What a seat holds.
package struct SeatClaim: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case offered, held
    }

    package var session: Session.Number
    package var kind: Kind

    package init(session: Session.Number, kind: Kind) {
        self.session = session
        self.kind = kind
    }
}

/// A present operator with the seats.
package struct PresentOperator: Hashable, Sendable {
    package var presence: Presence
    /// By seat number minus one; there may be more than ``Presence/seats`` while those beyond it are still claimed.
    package var seats: [SeatClaim?]
    /// Set while the operator is gone with sessions in hand: when these go back to the line.
    package var graceUntil: Instant?
    /// The number of the event that last freed a seat, or began the presence: the smaller, the longer idle.
    package var idleSince: Int64

    package init(presence: Presence, seats: [SeatClaim?], graceUntil: Instant? = nil, idleSince: Int64) {
        self.presence = presence
        self.seats = seats
        self.graceUntil = graceUntil
        self.idleSince = idleSince
    }

    /// Seats with a session, offered or held.
    package var claimedCount: Int { seats.reduce(0) { $0 + ($1 == nil ? 0 : 1) } }

    /// Whether one more session may be offered.
    package var canTakeOneMore: Bool {
        graceUntil == nil && presence.availability == .available && claimedCount < presence.seats
    }
}

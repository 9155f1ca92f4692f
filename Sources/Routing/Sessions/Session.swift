package import Coverage

/// One patron's conversation, from its arrival to its end.
///
/// A session that has not ended either is with an operator or has a place in line, never neither: ``stand`` has no
/// case for it. Offers come on top of the place, so that one that is declined loses nothing.
package struct Session: Hashable, Sendable {
    /// Counted from 1 in the consortium.
    package struct Number: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
        package let rawValue: Int64

        package init(rawValue: Int64) {
            self.rawValue = rawValue
        }

        package static func < (left: Number, right: Number) -> Bool { left.rawValue < right.rawValue }

        // Written out: what is derived from RawRepresentable is generic, and slower in dictionaries.
        package static func == (left: Number, right: Number) -> Bool { left.rawValue == right.rawValue }

        package func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }

        package var description: String { String(rawValue) }
    }

    /// What the chat server said of it, which stays.
    package struct Origin: Hashable, Sendable {
        package var chatServer: ChatServer.ID
        /// The chat server's own id of the session: the key of its creation.
        package var externalID: String
        /// The patron's home library.
        package var library: Library.ID?
        /// A language tag such as `es`, on which the chat server and its operators agree.
        ///
        /// Several have commas between, the one that the patron likes best first: `es,en`.
        package var language: String?
        package var note: String

        /// The languages one by one, the one liked best first.
        package var languages: [String] {
            guard let language else { return [] }
            return language.split(separator: ",").map { part in
                String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }.filter { !$0.isEmpty }
        }

        package init(
            chatServer: ChatServer.ID, externalID: String, library: Library.ID? = nil, language: String? = nil,
            note: String = ""
        ) {
            self.chatServer = chatServer
            self.externalID = externalID
            self.library = library
            self.language = language
            self.note = note
        }
    }

    /// Where it is.
    package enum Stand: Hashable, Sendable {
        /// In line, with or without open offers.
        case waiting(Place)
        case held(Seat)
        /// The patron has left and the operator writes up what happened, until a time at the latest.
        case wrappingUp(Seat, until: Instant)
    }

    /// A place in line: those sent back to the front first, then by when they came, then by number.
    package struct Place: Hashable, Sendable {
        package var isFront: Bool
        package var since: Instant

        package init(isFront: Bool, since: Instant) {
            self.isFront = isFront
            self.since = since
        }
    }

    package let number: Number
    package let origin: Origin
    package var queue: Queue.ID
    package let createdAt: Instant
    package var stand: Stand
    /// Since when its operator has had it; nil while it waits.
    package var heldSince: Instant?
    /// Open offers, in the order of making.
    package var offers: [Offer]
    /// Operators who declined or missed it, and until when they are not asked again.
    package var passed: [Operator.ID: Passed]
    /// The one operator or library that it was transferred to; nil is anybody.
    package var wish: Wish?
    /// When its operator last gave a mark of life.
    package var activeAt: Instant
    /// When an event last said that the operator is silent.
    package var checkedBackAt: Instant?
    /// The rungs without operators that have opened for it.
    package var fallbacks: Set<Rung>

    /// Why an operator is not asked, and how long.
    package struct Passed: Hashable, Sendable {
        package var reason: PassedOver.Reason
        package var until: Instant

        package init(reason: PassedOver.Reason, until: Instant) {
            self.reason = reason
            self.until = until
        }
    }

    /// Whom a session was transferred to: nobody else is asked until a time.
    package struct Wish: Hashable, Sendable {
        package var target: Target
        package var until: Instant

        package enum Target: Hashable, Sendable {
            case toOperator(Operator.ID)
            case toLibrary(Library.ID)
        }

        package init(target: Target, until: Instant) {
            self.target = target
            self.until = until
        }
    }

    package init(
        number: Number, origin: Origin, queue: Queue.ID, createdAt: Instant, stand: Stand, offers: [Offer] = [],
        passed: [Operator.ID: Passed] = [:], wish: Wish? = nil, activeAt: Instant, checkedBackAt: Instant? = nil,
        fallbacks: Set<Rung> = [], heldSince: Instant? = nil
    ) {
        self.number = number
        self.origin = origin
        self.queue = queue
        self.createdAt = createdAt
        self.stand = stand
        self.offers = offers
        self.passed = passed
        self.wish = wish
        self.activeAt = activeAt
        self.checkedBackAt = checkedBackAt
        self.fallbacks = fallbacks
        self.heldSince = heldSince
    }

    /// Its place in line; nil if an operator has it.
    package var place: Place? {
        if case .waiting(let place) = stand { return place }
        return nil
    }

    /// The seat it is held in; nil if it waits.
    package var seat: Seat? {
        switch stand {
        case .waiting: nil
        case .held(let seat), .wrappingUp(let seat, _): seat
        }
    }
}

/// One of the sessions that an operator can hold: the unit that routing claims.
package struct Seat: Hashable, Sendable {
    package var `operator`: Operator.ID
    /// Counted from 1 with the operator.
    package var number: Int

    package init(operator: Operator.ID, number: Int) {
        self.operator = `operator`
        self.number = number
    }
}

/// A session put to an operator until a deadline; it claims the seat until then.
package struct Offer: Hashable, Sendable {
    package var seat: Seat
    package var library: Library.ID
    package var rung: Rung
    package var madeAt: Instant
    package var acceptBy: Instant

    package init(seat: Seat, library: Library.ID, rung: Rung, madeAt: Instant, acceptBy: Instant) {
        self.seat = seat
        self.library = library
        self.rung = rung
        self.madeAt = madeAt
        self.acceptBy = acceptBy
    }
}

/// A program that patrons chat through.
package enum ChatServer {
    package typealias ID = Identifier<ChatServer>
}

/// How a session ended; the raw value is what is written.
package enum Outcome: String, Hashable, CaseIterable, Sendable {
    /// The patron has an answer.
    case answered
    /// The patron was told who can answer.
    case referred
    /// The patron left before an operator had it.
    case abandoned
    /// The patron stopped answering.
    case patronLeft = "patron_left"
    /// A service outside the consortium took it.
    case partner
    case spam
    /// Nobody said.
    case unrecorded
}

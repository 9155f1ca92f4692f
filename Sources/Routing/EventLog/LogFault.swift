/// Something that an event log must not tell.
package struct LogFault: Hashable, Sendable, CustomStringConvertible {
    /// The invariant that is broken; the raw value is a word for programs.
    package enum Rule: String, Hashable, CaseIterable, Sendable {
        /// Events are counted from 1 without a gap.
        case eventGap = "event-gap"
        /// Time never goes back in a consortium.
        case timeWentBack = "time-went-back"
        /// Sessions are counted from 1 without a gap, in the order of their creation.
        case sessionGap = "session-gap"
        /// A key creates one session.
        case keyTwice = "key-twice"
        /// A session is created first, and nothing happens to it once it has ended.
        case noLiveSession = "no-live-session"
        /// A session has at most one operator.
        case twoOperators = "two-operators"
        /// What an operator hands on, writes up or is silent about is with that operator.
        case notTheHolder = "not-the-holder"
        /// An operator has no more sessions than seats, and one at most in each.
        case moreThanSeats = "more-than-seats"
        /// Only who is present is asked, and nobody is gone with a session in hand.
        case notPresent = "not-present"
        /// An offer ends exactly once: accepted, declined, expired or withdrawn.
        case offerEndsTwice = "offer-ends-twice"
        /// An offer that is left behind by what takes its session away never ends.
        case offerLeftOpen = "offer-left-open"
        /// Offers expire at their time: none earlier, none accepted later.
        case offerTime = "offer-time"
        /// No session is stuck: it has an offer, a place in line, an operator or an end.
        case stuck = "stuck"
        /// The tables say what the events have told.
        case tablesDiffer = "tables-differ"
        /// The database's own view of broken promises is empty.
        case faultInTables = "fault-in-tables"
        /// What was acknowledged is in the log.
        case acknowledgedLost = "acknowledged-lost"
        /// A request has one effect, however often it is sent.
        case effectTwice = "effect-twice"
        /// What a refusal gives as its reason is so.
        case falseRefusal = "false-refusal"
    }

    package let rule: Rule
    /// The event at which it shows; nil if it shows at none.
    package let event: Int64?
    /// The line of the acknowledgements that the log does not agree with, from 1.
    package let line: Int?
    /// A sentence with the values.
    package let text: String

    package init(_ rule: Rule, event: Int64? = nil, line: Int? = nil, _ text: String) {
        self.rule = rule
        self.event = event
        self.line = line
        self.text = text
    }

    package var description: String {
        let place = event.map { "event \($0)" } ?? line.map { "line \($0)" } ?? "the end"
        return "\(place)  \(rule.rawValue)  \(text)"
    }
}

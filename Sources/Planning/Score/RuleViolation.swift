package import Coverage

/// A place where a plan breaks what must hold: a red rule, or a yellow one without an override.
package struct RuleViolation: Hashable, Sendable {
    /// What is broken.
    package enum Cause: Hashable, Sendable {
        case rule(Rule.Name)
        /// Somebody is placed where nobody is wanted at all.
        case noDemand
        /// The shift lies outside the plan's period.
        case outsidePeriod
        /// The shift's operator or queue is not in the consortium.
        case unknown

        /// The rule's id, as `consortium.yaml` writes it, or a word for what no rule may change.
        package var name: String {
            switch self {
            case .rule(let name): name.rawValue
            case .noDemand: "no_demand"
            case .outsidePeriod: "outside_period"
            case .unknown: "unknown"
            }
        }
    }

    package let cause: Cause
    package let `operator`: Operator.ID
    /// The queue; nil where the rule is about the operator's hours, whatever the queue.
    package let queue: Queue.ID?
    /// The slots, the stretch, the break, the day or the week that break it.
    package let during: Range<Instant>
    /// The rule's words about it, with the numbers: `4 h on a day of at most 3 h`.
    package let detail: String

    /// One line: the rule, the operator, the queue, when by the clocks of a zone, and by how much.
    package func text(in zone: TimeZoneRules) -> String {
        let place = queue.map { " on “\($0)”" } ?? ""
        return "\(name): \(`operator`)\(place), \(Self.text(of: during, in: zone)): \(detail)"
    }

    /// The rule's id, as `consortium.yaml` writes it, or a word for what no rule may change.
    package var name: String { cause.name }

    /// `Mon 2026-10-26 09:00–11:00`, with the second date where it is another.
    private static func text(of time: Range<Instant>, in zone: TimeZoneRules) -> String {
        let (start, end) = (zone.civil(at: time.lowerBound), zone.civil(at: time.upperBound))
        let first = "\(start.date.weekday.abbreviation) \(start.date) \(start.timeText)"
        if end.date == start.date { return "\(first)–\(end.timeText)" }
        if end.date == start.date.advanced(byDays: 1), end.secondOfDay == 0 { return "\(first)–24:00" }
        return "\(first) – \(end.date.weekday.abbreviation) \(end.date) \(end.timeText)"
    }
}

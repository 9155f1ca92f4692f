package import Coverage

/// A proof that some demands cannot all be met: together they want more than all who could serve any of them can give.
///
/// Whoever doubts it can count: each demand is in the bundle, each operator who is not named lacks the skill, is away,
/// or has too little time in a row for a shift in every one of the demands' slots, and each who is named gives at most
/// their slots there, a day's limit on each day and a week's in each week. ``CertificateChecker`` does just that.
package struct CoverageCertificate: Hashable, Sendable {
    /// Operators wanted on a queue in each slot of a time, beside fixed shifts.
    package struct Want: Hashable, Sendable {
        package let queue: Queue.ID
        package let during: Range<Instant>
        package let operators: Int

        package init(queue: Queue.ID, during: Range<Instant>, operators: Int) {
            self.queue = queue
            self.during = during
            self.operators = operators
        }

        package var minutes: Int { operators * Int(during.upperBound.seconds(since: during.lowerBound) / 60) }
    }

    /// What keeps an operator from giving more; the raw value is what reports write.
    package enum Limit: String, Hashable, Sendable {
        /// They could be there for no longer.
        case slots
        case day, week
    }

    /// The most that an operator could give to the demands.
    package struct Giver: Hashable, Sendable {
        package let `operator`: Operator.ID
        package let minutes: Int
        /// The time in which they could be in some of the demands.
        package let freeMinutes: Int
        package let limit: Limit

        package init(operator: Operator.ID, minutes: Int, freeMinutes: Int, limit: Limit) {
            self.operator = `operator`
            self.minutes = minutes
            self.freeMinutes = freeMinutes
            self.limit = limit
        }
    }

    /// Whether the demands' minimums (critical) or their targets (thin) are meant.
    package let severity: Gap.Severity
    /// By queue in the bundle's order, then time.
    package let wants: [Want]
    /// In the bundle's order; those who could give nothing are not there.
    package let givers: [Giver]

    package init(severity: Gap.Severity, wants: [Want], givers: [Giver]) {
        self.severity = severity
        self.wants = wants
        self.givers = givers
    }

    package var wantedMinutes: Int { wants.reduce(0) { $0 + $1.minutes } }
    package var availableMinutes: Int { givers.reduce(0) { $0 + $1.minutes } }
    /// What stays uncovered of the demands in every plan within the rules, in minutes of one operator.
    package var shortMinutes: Int { wantedMinutes - availableMinutes }
}

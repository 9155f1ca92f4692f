package import Coverage

/// A search for a plan, or for suggestions, that somebody started from the pages.
package struct PlanningRun: Hashable, Sendable {
    /// What is looked for; the raw value is what the database has.
    package enum Purpose: String, Hashable, CaseIterable, Sendable {
        /// A plan from nothing.
        case search
        /// What is published, mended.
        case mend
        /// What would close the gaps of a plan.
        case advise
    }

    /// How far it is; the raw value is what the database has.
    package enum State: String, Hashable, CaseIterable, Sendable {
        /// No node has taken it yet.
        case waiting
        case searching
        /// Its time was over, or nothing more could be found.
        case finished
        /// Somebody, or the end of the service, cut it short.
        case stopped
        /// It could not be done; its message says why.
        case failed
        /// The node that had it is gone.
        case brokenOff = "broken_off"

        package var isOpen: Bool { self == .waiting || self == .searching }
    }

    /// What is asked for.
    package struct Request: Hashable, Sendable {
        package var purpose: Purpose
        /// By the consortium's calendar, both days included.
        package var days: ClosedRange<CivilDate>
        /// For suggestions, the plan that they are for; nil otherwise.
        package var plan: Int?
        /// 1 to 600.
        package var seconds: Int
        /// What chance begins with, 0 or more.
        package var seed: Int

        package init(purpose: Purpose, days: ClosedRange<CivilDate>, plan: Int? = nil, seconds: Int, seed: Int) {
            self.purpose = purpose
            self.days = days
            self.plan = plan
            self.seconds = seconds
            self.seed = seed
        }
    }

    /// Counted from 1 in the consortium.
    package var number: Int
    package var request: Request
    package var askedAt: Instant
    package var askedBy: String
    package var state: State
    /// For how long a node has been at it; nil while none is.
    package var elapsedSeconds: Int?
    /// Who wants it to end early.
    package var stopAskedBy: String?
    package var endedAt: Instant?
    /// The plan that came of it; nil too where that draft was thrown away.
    package var draft: Int?
    /// How it went over time: a JSON array of arrays.
    package var curve: String
    /// What was found beside a plan, a JSON object.
    package var findings: String?
    /// Why there is no result, in words for whoever looks.
    package var message: String
}

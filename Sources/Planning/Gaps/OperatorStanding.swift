package import Coverage

/// How an operator who has the skill stands to a slot that lacks somebody.
package enum OperatorStanding: Hashable, Sendable {
    /// On the queue already.
    case here
    /// On another queue, known by its index.
    case elsewhere(Int)
    /// The slot lies in none of the operator's weekly rows.
    case notAvailable
    /// Available by their week, but absent.
    case absent
    /// Available, but their library is closed.
    case libraryClosed
    /// Available and free, but for less than the queue's shortest shift.
    case tooShort
    /// Available and free for long enough, but each stretch with the slot breaks a rule.
    case held(Limit)
    /// A stretch with the slot breaks no rule.
    case free(Proposal)

    /// What holds an operator who is available and free.
    package enum Limit: Hashable, Sendable {
        /// Each stretch of an allowed length breaks max_hours_per_week.
        case week
        /// Each stretch of an allowed length breaks max_hours_per_day.
        case day
        /// Each stretch of an allowed length breaks min_rest_hours.
        case rest
        /// Each stretch of an allowed length breaks this row rule.
        case rule(Rule.Name)
        /// Each stretch, joined with the operator's own beside it, is longer than the queue's longest shift.
        case length
        /// Each stretch of an allowed length breaks one of these rules, but not all the same one.
        case several
    }

    /// A stretch that could be added to the plan.
    package struct Proposal: Hashable, Sendable {
        /// The slots to add; they may join a stretch that the operator has already.
        package let slots: Range<Int>
        /// By how much the plan's cost would change.
        package let cost: PlanCost
    }
}

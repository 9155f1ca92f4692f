package import Coverage

/// What a plan costs and which rules it breaks, computed from nothing but its shifts.
///
/// This is the reference for the engine, whose sums are kept up to date move by move: the two share the rules'
/// numbers and no state.
package struct PlanScore: Sendable {
    /// What a cost is for; the raw value is what reports write.
    package enum Part: String, CaseIterable, Sendable {
        case gap, thin, over
        case libraryContribution = "library_contribution"
        case preference
        case blocksPerDay = "blocks_per_day"
        /// Only where the consortium made the rule green.
        case minRestHours = "min_rest_hours"
        /// Only where the consortium made the rule green.
        case maxHoursPerDay = "max_hours_per_day"
        /// Only where the consortium made the rule green.
        case maxHoursPerWeek = "max_hours_per_week"
        /// Only where the consortium named the rule, as a green one.
        case maxLateShiftsPerWeek = "max_late_shifts_per_week"
        /// Only where the consortium named the rule, as a green one.
        case restAfterNight = "rest_after_night"
    }

    /// The cost by part; a part that costs nothing is there with zero.
    package let parts: [Part: PlanCost]
    /// In the order of shifts, then of operators in the bundle.
    package let violations: [RuleViolation]
    package let total: PlanCost

    /// Scores a plan.
    ///
    /// - Parameters:
    ///   - shifts: The plan's; they need not be in order, nor aligned to slots (times are rounded down to slots).
    ///   - problem: What it is a plan for, with the fixed shifts around it.
    /// - Complexity: O(operators × slots)
    package init(of shifts: [Shift], in problem: PlanningProblem) {
        var tally = ScoreTally(problem)
        for shift in shifts { tally.place(shift) }
        for person in problem.operators.indices { tally.judge(person) }
        tally.cover()
        tally.contribute()
        parts = Dictionary(
            uniqueKeysWithValues: Part.allCases.map { ($0, PlanCost(rawValue: tally.units[$0] ?? 0)) })
        violations = tally.violations
        total = parts.values.reduce(.zero, +)
    }
}

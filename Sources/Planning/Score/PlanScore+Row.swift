package import Coverage

extension PlanScore {
    /// One operator's part of a score: what their own shifts cost beside coverage and contribution, and which rules
    /// they break.
    package struct Row: Sendable {
        package let parts: [Part: PlanCost]
        package let violations: [RuleViolation]

        /// - Parameters:
        ///   - shifts: The operator's; fixed ones of the problem stand beside them.
        ///   - person: The operator's index.
        ///   - problem: What they are planned for.
        /// - Complexity: O(operators × slots)
        package init(of shifts: [Shift], _ person: Int, in problem: PlanningProblem) {
            var tally = ScoreTally(problem)
            for shift in shifts { tally.place(shift) }
            tally.judge(person)
            parts = tally.units.mapValues { PlanCost(rawValue: $0) }
            violations = tally.violations
        }
    }
}

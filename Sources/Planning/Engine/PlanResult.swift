package import Coverage

/// What a search found.
package struct PlanResult: Sendable {
    /// In the order in which plans are written.
    package let shifts: [Shift]
    package let cost: PlanCost
    /// How many steps were taken.
    package let steps: Int
    /// How it went, to make it again.
    package let record: SearchRecord
    /// Whether its task was cancelled before the budget was spent.
    package let wasCancelled: Bool
    /// A cost below which no plan can go, proven; zero where nothing better is known.
    package let lowerBound: PlanCost
    /// Whether it ended because the plan was proven to be as good as was asked for.
    package let stoppedAtGap: Bool

    package init(
        shifts: [Shift], cost: PlanCost, steps: Int, record: SearchRecord = SearchRecord(), wasCancelled: Bool = false,
        lowerBound: PlanCost = .zero, stoppedAtGap: Bool = false
    ) {
        self.shifts = shifts
        self.cost = cost
        self.steps = steps
        self.record = record
        self.wasCancelled = wasCancelled
        self.lowerBound = lowerBound
        self.stoppedAtGap = stoppedAtGap
    }

    /// The same from a task that was cancelled before all was done.
    func cancelled() -> PlanResult {
        var record = record
        record.wasCancelled = true
        return PlanResult(
            shifts: shifts, cost: cost, steps: steps, record: record, wasCancelled: true, lowerBound: lowerBound)
    }

    /// With the shifts that were fixed while it was found, as a plan like any other.
    ///
    /// - Parameters:
    ///   - pins: The fixed shifts.
    ///   - problem: The problem in which they are not fixed, by which the plan is scored.
    /// - Returns: The plan with them, and what it costs.
    package func adding(_ pins: [Shift], in problem: PlanningProblem) -> PlanResult {
        guard !pins.isEmpty else { return self }
        let all = (shifts + pins).sorted(by: Shift.precedes)
        return PlanResult(
            shifts: all, cost: PlanScore(of: all, in: problem).total, steps: steps, record: record,
            wasCancelled: wasCancelled, lowerBound: lowerBound, stoppedAtGap: stoppedAtGap)
    }
}

/// How far a search has come.
package struct PlanProgress: Sendable {
    /// Of the budget, from 0 to 1.
    package let share: Double
    /// Of the best plan so far.
    package let cost: PlanCost
    package let steps: Int
    /// A cost below which no plan can go; zero while nothing better is known.
    package let lowerBound: PlanCost
}

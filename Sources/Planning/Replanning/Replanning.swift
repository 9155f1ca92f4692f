package import Coverage

/// Mends a plan after the data have changed, so that little else changes.
///
/// Timefold calls this non-disruptive replanning: a price on each change against the plan that is known.
package struct Replanning: Sendable {
    /// What came of it.
    package struct Outcome: Sendable {
        /// In the order in which plans are written; pinned ones are not among them.
        package let shifts: [Shift]
        /// What the plan costs, as any plan does: the price of changes is not in it.
        package let cost: PlanCost
        /// The price of all changes, those that the data force included.
        package let changeCost: PlanCost
        package let difference: PlanDifference
        /// Rows solved.
        package let steps: Int
    }

    private let problem: PlanningProblem
    private let known: [Shift]
    private let pins: [Shift]
    private let price: Thousandths
    private let settings: PlanningEngine.Settings

    /// - Parameters:
    ///   - problem: The data as they are now; its fixed shifts stay.
    ///   - known: The plan that people know, for the same period.
    ///   - pins: Those of the fixed shifts that are in the period.
    ///   - price: What it costs that an operator loses or gains an hour.
    ///   - settings: The seed, and whether sums are checked; one thread is enough.
    package init(
        problem: PlanningProblem, known: [Shift], pins: [Shift] = [], pricePerHour price: Thousandths,
        settings: PlanningEngine.Settings
    ) {
        self.problem = problem
        self.known = known
        self.pins = pins
        self.price = price
        self.settings = settings
    }

    /// Drops what is forbidden now, and looks for the changes that are worth more than they cost.
    ///
    /// - Parameter isOver: Asked often; true ends the search with what was found.
    /// - Returns: A plan that breaks no rule.
    /// - Complexity: some times operators × weeks solved rows
    package func run(until isOver: () -> Bool = { false }) -> Outcome {
        let surviving = SurvivingPlan(of: known, in: problem)
        let reference = ReferencePlan(PlacementTable(known, in: problem), unitsPerSlot: unitsPerSlot)
        let tables = EngineTables(problem, reference: reference)
        var search = RepairSearch(tables, from: surviving, settings)
        let shifts = search.run(surviving.losses.map { .init(queue: $0.queue, slots: $0.slots) }, until: isOver).shifts(
            tables)
        let difference = PlanDifference(from: known, to: shifts + pins, losses: surviving.losses, in: problem)
        let score = PlanScore(of: shifts, in: problem)
        if settings.checksSums { precondition(score.violations.isEmpty, "replanning broke \(score.violations)") }
        return Outcome(
            shifts: shifts, cost: score.total, changeCost: difference.cost(perHour: price), difference: difference,
            steps: search.steps)
    }

    /// Thousandths per hour are units per slot without a rest, as ``PlanCost`` is made.
    private var unitsPerSlot: Int {
        price.rawValue * (PlanCost.unitsPerOne / 60_000) * problem.calendar.slotMinutes
    }
}

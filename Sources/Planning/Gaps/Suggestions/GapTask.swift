import Coverage

/// The part of a gap that lies in one week, as something to be closed.
struct GapTask {
    let queue: Int
    /// The week's number in the period.
    let week: Int
    /// Counted from the week's first slot.
    let slots: Range<Int>
    /// For each slot the operators wanted there: the minimum of a critical gap, the target of a thin one.
    let wanted: [Int]
    let severity: Gap.Severity

    /// The parts of a gap.
    static func tasks(of gap: Gap, _ tables: EngineTables) -> [GapTask] {
        let problem = tables.problem
        guard let queue = problem.queueIndex[gap.queue] else { return [] }
        let inGap = problem.calendar.slots(of: gap.during).clamped(to: problem.calendar.period)
        return tables.weeks.indices.compactMap { week in
            let first = tables.weeks[week].slots.lowerBound
            let slots = inGap.clamped(to: tables.weeks[week].slots)
            guard !slots.isEmpty else { return nil }
            let wanted = slots.map { slot in
                let cell = queue * problem.demand.slots + slot
                return Int(gap.severity == .critical ? problem.demand.minimum[cell] : problem.demand.target[cell])
            }
            return GapTask(
                queue: queue, week: week, slots: slots.lowerBound - first..<slots.upperBound - first, wanted: wanted,
                severity: gap.severity)
        }
    }

    /// How many operators are missing in a slot of the week.
    func missing(_ slot: Int, _ state: borrowing WeekState) -> Int {
        guard slots.contains(slot) else { return 0 }
        return max(0, wanted[slot - slots.lowerBound] - Int(state.staffed[queue * state.slots + slot]))
    }

    /// What a missing operator for a slot weighs in the search: more than anything else could cost, and so little that
    /// the sum over all that are missing fits.
    func bonus(_ missing: Int, in problem: PlanningProblem) -> Int {
        let priority = max(1, problem.queues.map(\.priority).max() ?? 1)
        return min(RowSolver.never / 8192, 8 * max(problem.rules.gapUnits, 1) * priority, Int.max / 4 / max(1, missing))
    }

    /// Operators missing times slots.
    func missing(_ state: borrowing WeekState) -> Int {
        var sum = 0
        for slot in slots { sum += missing(slot, state) }
        return sum
    }
}

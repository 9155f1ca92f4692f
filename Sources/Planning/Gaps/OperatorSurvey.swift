import Coverage

/// How each operator stands to each slot that lacks somebody, computed from the problem's tables and a plan.
package struct OperatorSurvey: Sendable {
    package let problem: PlanningProblem
    package let table: PlacementTable
    package let unmet: UnmetDemand
    private let slotsOfLibrary: [Int]

    package init(_ table: PlacementTable, _ unmet: UnmetDemand, in problem: PlanningProblem) {
        self.problem = problem
        self.table = table
        self.unmet = unmet
        slotsOfLibrary = table.slotsByLibrary(in: problem)
    }

    /// Tells how an operator stands to every cell whose queue's skill they have.
    ///
    /// - Parameters:
    ///   - person: The operator's index.
    ///   - record: Called once for each such cell, by queue and time; for no cell if the operator has no skill.
    /// - Complexity: O(slots + cells of the operator's queues), and where the operator is free in a cell the trial of
    ///   that free time.
    package func standings(of person: Int, _ record: (_ cell: Int, _ standing: OperatorStanding) -> Void) {
        let row = OperatorRow(person, table, in: problem)
        let skillMayBend = row.hasOverrides && problem.rules.book[.skill].ruleClass == .yellow
        let queues = skillMayBend ? Array(problem.queues.indices) : problem.queuesOfOperator[person]
        var hours: OperatorHours?
        for queue in queues {
            var trial: StretchTrial?
            for cell in unmet.cells(of: queue) {
                let slot = unmet.cells[cell].slot
                guard !skillMayBend || problem.isSkilled(person, on: queue, at: slot) else { continue }
                if let standing = Self.standing(row.states[slot], on: queue) {
                    record(cell, standing)
                } else if let trial, trial.freeTime.contains(slot) {
                    record(cell, trial.standing(at: cell))
                } else {
                    let known = hours ?? OperatorHours(row, table, slotsOfLibrary: slotsOfLibrary, in: problem)
                    hours = known
                    let fresh = StretchTrial(row, known, on: queue, around: slot, unmet, in: problem)
                    record(cell, fresh.standing(at: cell))
                    trial = fresh
                }
            }
        }
    }

    /// Nil where the operator is free, and the rules about stretches have to be asked.
    private static func standing(_ state: OperatorRow.State, on queue: Int) -> OperatorStanding? {
        switch state {
        case .free: nil
        case .placed(let other): other == queue ? .here : .elsewhere(Int(other))
        case .notAvailable: .notAvailable
        case .absent: .absent
        case .libraryClosed: .libraryClosed
        }
    }
}

import Coverage

/// How each operator stands to each slot that lacks somebody, computed from the problem's tables and a plan.
///
/// A class, as the trials of all operators read it and none changes it: a national plan takes hundreds of thousands.
package final class OperatorSurvey: Sendable {
    package let problem: PlanningProblem
    package let table: PlacementTable
    package let unmet: UnmetDemand
    private let slotsOfLibrary: [Int]
    /// For each queue how many slots a stretch on it may have.
    let lengths: [(lowerBound: Int, upperBound: Int)]

    package init(_ table: PlacementTable, _ unmet: UnmetDemand, in problem: PlanningProblem) {
        self.problem = problem
        self.table = table
        self.unmet = unmet
        lengths = problem.queues.indices.map { problem.lengths(on: $0) }
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
                    let fresh = StretchTrial(row, known, on: queue, around: slot, in: self)
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

    /// The unbroken time around a free slot in which the operator could be on a queue.
    func freeTime(of row: OperatorRow, around slot: Int, on queue: Int) -> Range<Int> {
        var (start, end) = (slot, slot + 1)
        while start > 0, isFree(row, start - 1, on: queue) { start -= 1 }
        while end < row.states.count, isFree(row, end, on: queue) { end += 1 }
        return start..<end
    }

    private func isFree(_ row: OperatorRow, _ slot: Int, on queue: Int) -> Bool {
        row.states[slot] == .free && problem.demand.isOpen(queue, slot)
            && (!row.hasOverrides || problem.isSkilled(row.person, on: queue, at: slot))
    }

    /// A break of so many slots between two stretches of an operator, as the rule sees it.
    func `break`(_ left: Stretch, _ right: Stretch, _ row: OperatorRow, slots: Int) -> Neighbors.Break {
        if row.hasOverrides {
            let mayBreak = [left, right].contains {
                problem.overrides.permits(breaking: .minRestHours, row.person, in: $0.slots)
            }
            guard !mayBreak else { return Neighbors.Break() }
        }
        return Neighbors.Break(
            isBroken: !problem.rules.isGreen(.minRestHours), units: problem.rules.restUnits(slots))
    }
}

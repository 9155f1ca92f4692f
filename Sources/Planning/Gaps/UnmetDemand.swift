/// The slots in which a plan leaves demand unmet, by queue and in each queue by time.
///
/// A cell is one queue in one slot with fewer operators than the target; cells are known by their numbers, so that
/// those of a queue in neighbouring slots are neighbours.
package struct UnmetDemand: Sendable {
    /// One queue in one slot.
    package struct Cell: Hashable, Sendable {
        package let queue: Int
        package let slot: Int
        /// Operators missing below the minimum.
        package let critical: Int
        /// Operators missing between the minimum, or those who are there if they are more, and the target.
        package let thin: Int
    }

    package let cells: [Cell]
    /// Queues × (slots + 1), row by row: the number of the first cell of the queue that is not before the slot.
    private let firstCell: [Int]
    /// Queues × (slots + 1), row by row: the change of the cost of coverage if one more operator were on the queue in
    /// all slots before.
    private let costBefore: [Int]
    private let columns: Int

    /// - Complexity: O(queues × slots)
    package init(_ table: PlacementTable, in problem: PlanningProblem) {
        columns = table.slots + 1
        var cells: [Cell] = []
        var firstCell: [Int] = []
        var costBefore: [Int] = []
        for queue in problem.queues.indices {
            var cost = 0
            for slot in 0..<table.slots {
                firstCell.append(cells.count)
                costBefore.append(cost)
                guard problem.calendar.period.contains(slot), problem.demand.isOpen(queue, slot) else { continue }
                let there = table.staffed(queue, at: slot)
                cost += Self.costOfOneMore(there, on: queue, at: slot, in: problem)
                let cell = Self.cell(there, on: queue, at: slot, in: problem)
                if cell.critical + cell.thin > 0 { cells.append(cell) }
            }
            firstCell.append(cells.count)
            costBefore.append(cost)
        }
        self.cells = cells
        self.firstCell = firstCell
        self.costBefore = costBefore
    }

    private static func cell(_ there: Int, on queue: Int, at slot: Int, in problem: PlanningProblem) -> Cell {
        let minimum = Int(problem.demand.minimum[queue * problem.demand.slots + slot])
        let target = Int(problem.demand.target[queue * problem.demand.slots + slot])
        return Cell(
            queue: queue, slot: slot, critical: max(0, minimum - there),
            thin: max(0, target - max(there, minimum)))
    }

    private static func costOfOneMore(_ there: Int, on queue: Int, at slot: Int, in problem: PlanningProblem) -> Int {
        let before = problem.coverageUnits(queue, slot, staffed: there)
        let after = problem.coverageUnits(queue, slot, staffed: there + 1)
        return after.gap + after.thin + after.over - before.gap - before.thin - before.over
    }

    /// The numbers of a queue's cells in some slots.
    package func cells(of queue: Int, in slots: Range<Int>) -> Range<Int> {
        firstCell[queue * columns + slots.lowerBound]..<firstCell[queue * columns + slots.upperBound]
    }

    /// The numbers of all cells of a queue.
    package func cells(of queue: Int) -> Range<Int> {
        cells(of: queue, in: 0..<columns - 1)
    }

    /// The change of the cost of coverage, in units of ``PlanCost``, if one more operator were on the queue.
    func costOfOneMore(on queue: Int, in slots: Range<Int>) -> Int {
        costBefore[queue * columns + slots.upperBound] - costBefore[queue * columns + slots.lowerBound]
    }
}

package import Coverage

/// What is covered of each hour of each day of the week, by the consortium's clocks.
package struct HourlyCoverage: Hashable, Sendable {
    /// One hour of one day of the week, over all weeks of the slots.
    package struct Cell: Hashable, Sendable {
        /// Slots that begin in the hour: none where clocks skip it, twice as many where they go through it twice.
        package fileprivate(set) var slots = 0
        /// The sums over slots and queues; nil where all are closed.
        package fileprivate(set) var staffing: Staffing?
    }

    /// 7 × 24, from Monday and from midnight.
    package private(set) var cells: [[Cell]]

    /// Sums some queues in some slots.
    ///
    /// - Parameters:
    ///   - table: Who is where.
    ///   - queues: Indices of the problem's.
    ///   - slots: Indices of the problem's calendar.
    ///   - problem: The one that the table is of.
    /// - Complexity: O(queues × slots)
    package init(_ table: PlacementTable, queues: [Int], slots: Range<Int>, in problem: PlanningProblem) {
        cells = [[Cell]](repeating: [Cell](repeating: Cell(), count: 24), count: Weekday.allCases.count)
        for (slot, staffing) in zip(slots, table.staffing(of: queues, in: slots, of: problem)) {
            let moment = problem.zone.civil(at: problem.calendar.start(of: slot))
            let (day, hour) = (moment.date.weekday.rawValue, moment.minuteOfDay / 60)
            cells[day][hour].slots += 1
            cells[day][hour].staffing = PlacementTable.sum(cells[day][hour].staffing, staffing)
        }
    }
}

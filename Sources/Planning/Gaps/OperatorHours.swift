import Coverage

/// What a plan already asks of an operator and of their library: what one more stretch is judged against.
///
/// A class, as all trials of an operator read it and none changes it.
final class OperatorHours: Sendable {
    let day: HourCount
    let week: HourCount
    /// For each slot by how much the operator likes it less than they could, from 0 to 4.
    let dislike: [Int8]
    /// Stretches that start on each day of the calendar, within the period.
    private let startsOnDay: [Int]
    private let dayOfSlot: [Int]
    private let period: Range<Int>
    private let blockUnits: Int
    /// By how much the cost of the library's contribution changes with so many slots more, from none up to the
    /// longest shift; in units of ``PlanCost``.
    let contribution: [Int]

    init(_ row: OperatorRow, _ table: PlacementTable, slotsOfLibrary: [Int], in problem: PlanningProblem) {
        day = HourCount(.maxHoursPerDay, row, table, in: problem)
        week = HourCount(.maxHoursPerWeek, row, table, in: problem)
        let slots = problem.calendar.count
        dislike = problem.availability.preference[row.person * slots..<(row.person + 1) * slots].map { 2 - $0 }
        dayOfSlot = problem.calendar.dayOfSlot
        period = problem.calendar.period
        blockUnits = problem.rules.blockUnits
        var starts = [Int](repeating: 0, count: problem.calendar.days.count)
        for stretch in row.stretches where problem.calendar.period.contains(stretch.slots.lowerBound) {
            starts[problem.calendar.dayOfSlot[stretch.slots.lowerBound]] += 1
        }
        startsOnDay = starts
        let library = problem.libraryOfOperator[row.person]
        func units(_ slots: Int) -> Int {
            problem.rules.contributionUnits(
                slots: slotsOfLibrary[library] + slots,
                hoursPerWeek: problem.libraries[library].contributionHoursPerWeek, days: problem.days)
        }
        let before = units(0)
        let longest = problem.queues.indices.map { problem.lengths(on: $0).upperBound }.max() ?? 0
        // An override may allow a stretch of any length.
        contribution = (0...(row.hasOverrides ? slots : min(slots, longest))).map { units($0) - before }
    }

    /// By how much the cost of stretches after the first of a day changes: one more starts in a slot, and one that
    /// started in another does not any more.
    ///
    /// - Parameters:
    ///   - slot: Nil where the stretch only goes on.
    ///   - other: Nil where there is none.
    /// - Returns: Units of ``PlanCost``.
    func blocks(startingAt slot: Int?, insteadOf other: Int?) -> Int {
        let start = slot.map { dayOfSlot[$0] }
        let end = other.flatMap { period.contains($0) ? dayOfSlot[$0] : nil }
        guard start != end else { return 0 }
        var units = 0
        if let start, startsOnDay[start] > 0 { units += blockUnits }
        if let end, startsOnDay[end] > 1 { units -= blockUnits }
        return units
    }
}

import Coverage

/// What a plan already asks of an operator and of their library: what one more stretch is judged against.
struct OperatorHours {
    let day: HourCount
    let week: HourCount
    /// Stretches that start on each day of the calendar, within the period.
    let startsOnDay: [Int]
    /// Slots that all operators of the library work.
    let slotsOfLibrary: Int
    let library: Int

    init(_ row: OperatorRow, _ table: PlacementTable, slotsOfLibrary: [Int], in problem: PlanningProblem) {
        day = HourCount(.maxHoursPerDay, row, table, in: problem)
        week = HourCount(.maxHoursPerWeek, row, table, in: problem)
        var starts = [Int](repeating: 0, count: problem.calendar.days.count)
        for stretch in row.stretches where problem.calendar.period.contains(stretch.slots.lowerBound) {
            starts[problem.calendar.dayOfSlot[stretch.slots.lowerBound]] += 1
        }
        startsOnDay = starts
        library = problem.libraryOfOperator[row.person]
        self.slotsOfLibrary = slotsOfLibrary[library]
    }
}

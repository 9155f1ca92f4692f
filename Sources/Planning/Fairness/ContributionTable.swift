package import Coverage

/// What each library gives in some slots beside what it promised, and of the unpopular hours beside its share.
///
/// Of a problem's whole period the figures are those of ``FairnessReport``; these can be told of one week of several too.
package struct ContributionTable: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        package let library: Library.ID
        /// What its operators work.
        package let minutes: Int
        /// Its promise for the days of the slots, rounded to a minute.
        package let promisedMinutes: Int
        /// Of ``minutes``, those at unpopular times.
        package let unpopularMinutes: Int
        /// Of all unpopular minutes the part that its promise is of all promises, rounded.
        package let unpopularShareMinutes: Int
    }

    /// In the problem's order.
    package let lines: [Line]
    package let unpopular: UnpopularHours

    /// Counts who is where.
    ///
    /// - Parameters:
    ///   - table: Who is where, fixed shifts included.
    ///   - slots: Indices of the problem's calendar: whole days.
    ///   - problem: The one that the table is of.
    ///   - unpopular: Which hours nobody likes.
    /// - Complexity: O(operators × slots)
    package init(
        _ table: PlacementTable, slots: Range<Int>, in problem: PlanningProblem, unpopular: UnpopularHours = .usual
    ) {
        self.unpopular = unpopular
        let isUnpopular = unpopular.slots(of: problem)
        let slotMinutes = problem.calendar.slotMinutes
        var all = [Int](repeating: 0, count: problem.libraries.count)
        var disliked = all
        for (person, library) in problem.libraryOfOperator.enumerated() {
            for slot in slots where table.queue(of: person, at: slot) != nil {
                all[library] += slotMinutes
                if isUnpopular[slot] { disliked[library] += slotMinutes }
            }
        }
        let days = Set(slots.map { problem.calendar.dayOfSlot[$0] }).count
        let promises = problem.libraries.map { max(0, $0.contributionHoursPerWeek.rawValue) }
        let (promised, unpopularMinutes) = (promises.reduce(0, +), disliked.reduce(0, +))
        lines = problem.libraries.indices.map { library in
            let share = promised > 0 ? Double(unpopularMinutes) * Double(promises[library]) / Double(promised) : 0
            return Line(
                library: problem.libraries[library].id, minutes: all[library],
                // Thousandths of an hour a week: a seventh for each day.
                promisedMinutes: (promises[library] * 60 * days + 3500).flooredQuotient(by: 7000),
                unpopularMinutes: disliked[library], unpopularShareMinutes: Int(share.rounded()))
        }
    }
}

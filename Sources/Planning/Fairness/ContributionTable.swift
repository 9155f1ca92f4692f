package import Coverage

/// What each library gives beside what it promised, and of the unpopular hours beside its share: from shifts alone.
///
/// The figures are those of ``FairnessReport``, without a ``PlanningProblem``.
package struct ContributionTable: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        package let library: Library.ID
        /// What its operators work in the period.
        package let minutes: Int
        /// Its promise for the period's days, rounded to a minute.
        package let promisedMinutes: Int
        /// Of ``minutes``, those at unpopular times.
        package let unpopularMinutes: Int
        /// Of all unpopular minutes the part that its promise is of all promises, rounded.
        package let unpopularShareMinutes: Int
    }

    /// In the order of the libraries given.
    package let lines: [Line]
    package let unpopular: UnpopularHours

    /// Counts shifts; those of operators of no library given are left out.
    ///
    /// - Parameters:
    ///   - shifts: In any order.
    ///   - libraries: Each once.
    ///   - libraryOfOperator: Whose operators are whose.
    ///   - calendar: What of shifts lies in its period counts.
    ///   - zone: The consortium's.
    ///   - unpopular: Which hours nobody likes.
    /// - Complexity: O(shifts × their slots)
    package init(
        of shifts: [Shift], libraries: [Library], libraryOfOperator: [Operator.ID: Library.ID], calendar: SlotCalendar,
        zone: TimeZoneRules, unpopular: UnpopularHours = .usual
    ) {
        self.unpopular = unpopular
        let isUnpopular = (0..<calendar.count).map { unpopular.contains(zone.civil(at: calendar.start(of: $0))) }
        let index = Dictionary(libraries.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        var all = [Int](repeating: 0, count: libraries.count)
        var disliked = all
        for shift in shifts {
            guard let library = libraryOfOperator[shift.operator].flatMap({ index[$0] }) else { continue }
            for slot in calendar.slots(of: shift.during).clamped(to: calendar.period) {
                all[library] += calendar.slotMinutes
                if isUnpopular[slot] { disliked[library] += calendar.slotMinutes }
            }
        }
        let days = calendar.period.isEmpty ? 0 : calendar.days.count
        let promises = libraries.map { max(0, $0.contributionHoursPerWeek.rawValue) }
        let (promised, unpopularMinutes) = (promises.reduce(0, +), disliked.reduce(0, +))
        lines = libraries.indices.map { library in
            let share = promised > 0 ? Double(unpopularMinutes) * Double(promises[library]) / Double(promised) : 0
            return Line(
                library: libraries[library].id, minutes: all[library],
                // Thousandths of an hour a week: a seventh for each day.
                promisedMinutes: (promises[library] * 60 * days + 3500).flooredQuotient(by: 7000),
                unpopularMinutes: disliked[library], unpopularShareMinutes: Int(share.rounded()))
        }
    }
}

/// Why somebody has no legal row: the limits of which it takes only one to be lifted.
package enum RosterObstacle: String, CaseIterable, Hashable, Sendable {
    case shiftsOfType
    case mostMinutes
    case fewestMinutes
    case mostConsecutiveShifts
    case fewestConsecutiveShifts
    case fewestConsecutiveDaysOff
    case weekends
    case daysOff

    /// The limits that stand alone between somebody and a legal row.
    ///
    /// - Parameters:
    ///   - person: Who has none.
    ///   - problem: Whose limits they are.
    /// - Returns: None where it takes more than one.
    /// - Complexity: a row's solution for each limit.
    package static func all(of person: Int, in problem: RosterProblem) -> [RosterObstacle] {
        allCases.filter { obstacle in
            let alone = RosterProblem(
                days: problem.days, shifts: problem.shifts,
                people: [obstacle.lifted(from: problem.people[person], problem)], requests: [], cover: [])
            let tables = RosterTables(alone)
            var search = RosterSearch(tables, RosterEngine.Settings(), thread: 0)
            return search.begin() == nil
        }
    }

    private func lifted(from person: RosterProblem.Person, _ problem: RosterProblem) -> RosterProblem.Person {
        var person = person
        switch self {
        case .shiftsOfType: person.mostOfType = person.mostOfType.map { _ in problem.days }
        case .mostMinutes: person.mostMinutes = problem.days * 1440
        case .fewestMinutes: person.fewestMinutes = 0
        case .mostConsecutiveShifts: person.mostConsecutiveShifts = problem.days
        case .fewestConsecutiveShifts: person.fewestConsecutiveShifts = 0
        case .fewestConsecutiveDaysOff: person.fewestConsecutiveDaysOff = 0
        case .weekends: person.mostWeekends = problem.days
        case .daysOff: person.daysOff = []
        }
        return person
    }
}

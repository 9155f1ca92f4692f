/// What a roster costs and which limits it breaks, added up from scratch.
package struct RosterScore: Hashable, Sendable {
    /// Wishes for shifts that are not followed.
    package private(set) var requestsForWork = 0
    /// Wishes against shifts that are not followed.
    package private(set) var requestsAgainstWork = 0
    package private(set) var under = 0
    package private(set) var over = 0
    /// People missing, over all days and shift types.
    package private(set) var missing = 0
    /// People more than wanted.
    package private(set) var surplus = 0
    package private(set) var violations: [RosterViolation] = []

    package var total: Int { requestsForWork + requestsAgainstWork + under + over }

    /// Judges a roster.
    ///
    /// - Parameters:
    ///   - roster: For each person for each day the shift type worked, or nil.
    ///   - problem: Whose people and limits they are.
    /// - Complexity: the roster's size, and the requests.
    package init(of roster: Roster, in problem: RosterProblem) {
        var counts = [Int](repeating: 0, count: problem.days * problem.shifts.count)
        for row in roster.rows {
            for (day, shift) in row.enumerated() {
                if let shift { counts[day * problem.shifts.count + shift] += 1 }
            }
        }
        for cover in problem.cover {
            let count = counts[cover.day * problem.shifts.count + cover.shift]
            missing += max(0, cover.wanted - count)
            surplus += max(0, count - cover.wanted)
            under += max(0, cover.wanted - count) * cover.weightUnder
            over += max(0, count - cover.wanted) * cover.weightOver
        }
        for request in problem.requests {
            let isWorked = roster.rows[request.person][request.day] == request.shift
            if request.isForWork, !isWorked { requestsForWork += request.weight }
            if !request.isForWork, isWorked { requestsAgainstWork += request.weight }
        }
        for (person, row) in roster.rows.enumerated() {
            violations += RosterViolation.all(of: person, row, in: problem)
        }
    }
}

/// A limit that somebody's row breaks.
package struct RosterViolation: Hashable, Sendable, CustomStringConvertible {
    package enum Limit: String, Hashable, Sendable {
        case succession
        case shiftsOfType
        case mostMinutes
        case fewestMinutes
        case mostConsecutiveShifts
        case fewestConsecutiveShifts
        case fewestConsecutiveDaysOff
        case weekends
        case dayOff
    }

    package let person: Int
    package let limit: Limit
    /// The day on which it is broken, or on which the run begins that breaks it; nil where it is the row as a whole.
    package let day: Int?

    package var description: String {
        "person \(person), \(limit.rawValue)\(day.map { ", day \($0)" } ?? "")"
    }

    /// Every limit that a row breaks.
    static func all(of person: Int, _ row: [Int?], in problem: RosterProblem) -> [RosterViolation] {
        let limits = problem.people[person]
        var found: [RosterViolation] = []
        func add(_ limit: Limit, _ day: Int? = nil) {
            found.append(RosterViolation(person: person, limit: limit, day: day))
        }
        for day in row.indices {
            guard let shift = row[day] else { continue }
            if limits.daysOff.contains(day) { add(.dayOff, day) }
            if day + 1 < row.count, let next = row[day + 1], problem.shifts[shift].neverBefore.contains(next) {
                add(.succession, day)
            }
        }
        for type in problem.shifts.indices where row.count(where: { $0 == type }) > limits.mostOfType[type] {
            add(.shiftsOfType)
        }
        let minutes = row.reduce(0) { $0 + ($1.map { problem.shifts[$0].minutes } ?? 0) }
        if minutes > limits.mostMinutes { add(.mostMinutes) }
        if minutes < limits.fewestMinutes { add(.fewestMinutes) }
        let weekends = stride(from: 5, to: row.count, by: 7).count { saturday in
            row[saturday] != nil || saturday + 1 < row.count && row[saturday + 1] != nil
        }
        if weekends > limits.mostWeekends { add(.weekends) }
        for run in runs(row) {
            let touchesEdge = run.days.lowerBound == 0 || run.days.upperBound == row.count
            let length = run.days.count
            if run.isWork, length > limits.mostConsecutiveShifts { add(.mostConsecutiveShifts, run.days.lowerBound) }
            if run.isWork, !touchesEdge, length < limits.fewestConsecutiveShifts {
                add(.fewestConsecutiveShifts, run.days.lowerBound)
            }
            if !run.isWork, !touchesEdge, length < limits.fewestConsecutiveDaysOff {
                add(.fewestConsecutiveDaysOff, run.days.lowerBound)
            }
        }
        return found
    }

    private static func runs(_ row: [Int?]) -> [(isWork: Bool, days: Range<Int>)] {
        var runs: [(isWork: Bool, days: Range<Int>)] = []
        var start = 0
        for day in row.indices where day + 1 == row.count || (row[day] != nil) != (row[day + 1] != nil) {
            runs.append((row[day] != nil, start..<day + 1))
            start = day + 1
        }
        return runs
    }
}

import Coverage

/// What the limits on hours leave an operator on each day and in each week beside their fixed shifts, in slots.
///
/// Slots inside an override of a limit do not count towards it: they are told apart by ``isExempt(_:)``.
struct HourCaps {
    /// No limit: where the rule is a guideline.
    static let none = Int.max / 4

    private let person: Int
    private let problem: PlanningProblem
    private let hasOverrides: Bool
    private let fixedOnDay: [Int: Int]
    private let fixedInWeek: [Int: Int]

    init(_ person: Int, in problem: PlanningProblem) {
        self.person = person
        self.problem = problem
        hasOverrides = problem.overrides.concerns(person)
        var (onDay, inWeek): ([Int: Int], [Int: Int]) = ([:], [:])
        // Of shifts that overlap a slot counts once.
        for slot in Set((problem.fixed[person] ?? []).flatMap(\.slots)) {
            if !problem.overrides.permits(breaking: .maxHoursPerDay, person, at: slot) {
                onDay[problem.calendar.dayOfSlot[slot], default: 0] += 1
            }
            if !problem.overrides.permits(breaking: .maxHoursPerWeek, person, at: slot) {
                inWeek[problem.calendar.weekOfSlot[slot], default: 0] += 1
            }
        }
        (fixedOnDay, fixedInWeek) = (onDay, inWeek)
    }

    /// By the day's index in the calendar.
    func onDay(_ day: Int) -> Int {
        guard !problem.rules.isGreen(.maxHoursPerDay) else { return Self.none }
        return max(0, problem.slotsPerDay(person) - (fixedOnDay[day] ?? 0))
    }

    /// By the week's index in the calendar.
    func inWeek(_ week: Int) -> Int {
        guard !problem.rules.isGreen(.maxHoursPerWeek) else { return Self.none }
        return max(0, problem.slotsPerWeek(person) - (fixedInWeek[week] ?? 0))
    }

    /// No day or week leaves less.
    var least: Int {
        let onDay = problem.rules.isGreen(.maxHoursPerDay) ? Self.none : problem.slotsPerDay(person)
        let inWeek = problem.rules.isGreen(.maxHoursPerWeek) ? Self.none : problem.slotsPerWeek(person)
        return min(onDay - (fixedOnDay.values.max() ?? 0), inWeek - (fixedInWeek.values.max() ?? 0))
    }

    /// Whether an override takes the slot out of a limit on hours.
    func isExempt(_ slot: Int) -> Bool {
        hasOverrides
            && (problem.overrides.permits(breaking: .maxHoursPerDay, person, at: slot)
                || problem.overrides.permits(breaking: .maxHoursPerWeek, person, at: slot))
    }

    /// Whether some slots fit into the limits all together.
    func allow(_ slots: [Int]) -> Bool {
        var (days, weeks): ([Int: Int], [Int: Int]) = ([:], [:])
        for slot in slots where !isExempt(slot) {
            days[problem.calendar.dayOfSlot[slot], default: 0] += 1
            weeks[problem.calendar.weekOfSlot[slot], default: 0] += 1
        }
        return days.allSatisfy { $0.value <= onDay($0.key) } && weeks.allSatisfy { $0.value <= inWeek($0.key) }
    }
}

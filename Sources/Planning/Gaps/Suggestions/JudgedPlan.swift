import Coverage

/// A plan with the permissions it needs, scored from scratch.
struct JudgedPlan {
    let shifts: [Shift]
    let permissions: [RuleOverride]
    let score: PlanScore
    /// Queues × slots: how many are there.
    let staffed: [Int32]

    init(_ shifts: [Shift], permitting permissions: [RuleOverride], in problem: PlanningProblem) {
        self.shifts = shifts
        self.permissions = permissions
        score = PlanScore(of: shifts, in: problem.permitting(permissions))
        staffed = Self.staffed(shifts, in: problem)
    }

    private static func staffed(_ shifts: [Shift], in problem: PlanningProblem) -> [Int32] {
        let calendar = problem.calendar
        var staffed = [Int32](repeating: 0, count: problem.queues.count * calendar.count)
        for shift in problem.fixed.values.joined() {
            for slot in shift.slots { staffed[shift.queue * calendar.count + slot] += 1 }
        }
        for shift in shifts {
            guard let queue = problem.queueIndex[shift.queue] else { continue }
            for slot in calendar.slots(of: shift.during).clamped(to: calendar.period) {
                staffed[queue * calendar.count + slot] += 1
            }
        }
        return staffed
    }

    /// Whether another plan breaks no rule that this one keeps.
    func breaksNoLess(than other: JudgedPlan) -> Bool {
        var known: [RuleViolation: Int] = [:]
        for violation in score.violations { known[violation, default: 0] += 1 }
        for violation in other.score.violations {
            known[violation, default: 0] -= 1
            if known[violation, default: 0] < 0 { return false }
        }
        return true
    }

    /// Minutes missing in a gap: below the minimum if it is critical, else below the target.
    func missing(in gap: Gap, of problem: PlanningProblem) -> Int {
        guard let queue = problem.queueIndex[gap.queue] else { return 0 }
        var slots = 0
        for slot in problem.calendar.slots(of: gap.during).clamped(to: problem.calendar.period) {
            slots += missing(queue * problem.demand.slots + slot, problem, gap.severity)
        }
        return slots * problem.calendar.slotMinutes
    }

    private func missing(_ cell: Int, _ problem: PlanningProblem, _ severity: Gap.Severity) -> Int {
        let wanted = severity == .critical ? problem.demand.minimum[cell] : problem.demand.target[cell]
        return max(0, Int(wanted - staffed[cell]))
    }

    /// Minutes below minimums, or below targets, that open in another plan where this one has them.
    func opened(in other: JudgedPlan, _ severity: Gap.Severity, of problem: PlanningProblem) -> Int {
        var slots = 0
        for cell in staffed.indices where other.staffed[cell] < staffed[cell] {
            slots += max(0, other.missing(cell, problem, severity) - missing(cell, problem, severity))
        }
        return slots * problem.calendar.slotMinutes
    }
}

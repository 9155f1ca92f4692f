import Coverage

/// What of a plan still stands after the data have changed.
struct SurvivingPlan {
    /// A part of a shift that can stay no longer.
    struct Loss: Hashable {
        let person: Int
        let queue: Int
        let slots: Range<Int>
        let cause: RuleViolation.Cause
    }

    /// The planned queue of each operator in each slot, operators × slots of the calendar; -1 for none.
    private(set) var queueOfCell: [Int16]
    /// By operator, then by time.
    private(set) var losses: [Loss] = []
    /// Shifts of operators or queues who are not in the problem.
    private(set) var strangers: [Shift] = []
    private let problem: PlanningProblem
    private let slots: Int

    /// Takes over the shifts of a plan, slot by slot, and drops what the rules forbid now: each slot that is
    /// forbidden in itself, and of stretches that then break a rule together the shortest, one after the other.
    ///
    /// - Parameters:
    ///   - shifts: The plan's; what lies outside the period, or where a fixed shift is, is left out.
    ///   - problem: The data as they are now.
    /// - Complexity: O(operators × slots), and for each operator with a loss as much once more
    init(of shifts: [Shift], in problem: PlanningProblem) {
        self.problem = problem
        slots = problem.calendar.count
        queueOfCell = [Int16](repeating: -1, count: problem.operators.count * slots)
        let fixed = PlacementTable(fixedIn: problem)
        for shift in shifts.sorted(by: Shift.precedes) {
            guard let person = problem.operatorIndex[shift.operator], let queue = problem.queueIndex[shift.queue] else {
                strangers.append(shift)
                continue
            }
            for slot in problem.calendar.slots(of: shift.during).clamped(to: problem.calendar.period)
            where queueOfCell[person * slots + slot] < 0 && fixed.queue(of: person, at: slot) != queue {
                if fixed.queue(of: person, at: slot) != nil {
                    lose(person, queue, slot..<slot + 1, .rule(.onePlaceAtATime))
                } else if let cause = cause(person, queue, slot) {
                    lose(person, queue, slot..<slot + 1, cause)
                } else {
                    queueOfCell[person * slots + slot] = Int16(queue)
                }
            }
        }
        let broken = Set(PlanScore(of: self.shifts(), in: problem).violations.map(\.operator))
        for person in broken.compactMap({ problem.operatorIndex[$0] }).sorted() { repair(person) }
        losses.sort { ($0.person, $0.slots.lowerBound) < ($1.person, $1.slots.lowerBound) }
    }

    private func cause(_ person: Int, _ queue: Int, _ slot: Int) -> RuleViolation.Cause? {
        if let rule = problem.obstacle(person, at: slot) { return .rule(rule) }
        if !problem.isSkilled(person, on: queue, at: slot) { return .rule(.skill) }
        return problem.demand.isOpen(queue, slot) ? nil : .noDemand
    }

    private mutating func lose(_ person: Int, _ queue: Int, _ slots: Range<Int>, _ cause: RuleViolation.Cause) {
        if let last = losses.last, last.person == person, last.queue == queue, last.cause == cause,
            last.slots.upperBound == slots.lowerBound
        {
            losses[losses.count - 1] = Loss(
                person: person, queue: queue, slots: last.slots.lowerBound..<slots.upperBound, cause: cause)
        } else {
            losses.append(Loss(person: person, queue: queue, slots: slots, cause: cause))
        }
    }

    /// Drops stretches of an operator until no rule is broken.
    private mutating func repair(_ person: Int) {
        while true {
            let own = shifts(of: person)
            guard let violation = PlanScore.Row(of: own, person, in: problem).violations.first,
                let shift = Self.shortest(own, at: violation.during)
            else { return }
            let slots = problem.calendar.slots(of: shift.during)
            for slot in slots { queueOfCell[person * self.slots + slot] = -1 }
            lose(person, problem.queueIndex[shift.queue] ?? 0, slots, violation.cause)
        }
    }

    /// The shortest shift in a time, or beside it: a violation of rest is the break between two.
    private static func shortest(_ shifts: [Shift], at time: Range<Instant>) -> Shift? {
        func length(_ shift: Shift) -> Int64 { shift.during.upperBound.seconds(since: shift.during.lowerBound) }
        let near = shifts.filter { shift in
            shift.during.lowerBound <= time.upperBound && time.lowerBound <= shift.during.upperBound
        }
        let inside = near.filter { $0.during.overlaps(time) }
        return (inside.isEmpty ? near.isEmpty ? shifts : near : inside).min { length($0) < length($1) }
    }

    /// The planned shifts, one for each stretch.
    func shifts() -> [Shift] {
        problem.operators.indices.flatMap(shifts).sorted(by: Shift.precedes)
    }

    private func shifts(of person: Int) -> [Shift] {
        var found: [Shift] = []
        var slot = problem.calendar.period.lowerBound
        while slot < problem.calendar.period.upperBound {
            let queue = queueOfCell[person * slots + slot]
            let start = slot
            while slot < problem.calendar.period.upperBound, queueOfCell[person * slots + slot] == queue { slot += 1 }
            guard queue >= 0 else { continue }
            found.append(
                Shift(
                    queue: problem.queues[Int(queue)].id, operator: problem.operators[person].id,
                    during: problem.calendar.instants(of: start..<slot)))
        }
        return found
    }
}

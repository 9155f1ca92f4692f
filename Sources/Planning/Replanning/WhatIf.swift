package import Coverage

/// Who could take one open shift, and what the whole plan would cost then.
///
/// Nothing is estimated: each operator's row is judged with the shift by the rules' own code, and the differences in
/// cost are those that a score of the whole new plan would have.
package struct ShiftRanking: Sendable {
    /// How an operator stands to the shift.
    package enum Standing: Hashable, Sendable {
        /// Nothing stands in the way, but that they would leave other places.
        case able
        /// On the queue for all of the time already.
        case there
        /// These rules would be broken, in the order of the score.
        case unable([RuleViolation])
    }

    /// One operator.
    package struct Candidate: Sendable {
        package let `operator`: Operator.ID
        package let library: Library.ID
        package let standing: Standing
        /// By how much the plan's cost changes, by part; parts that do not change are left out.
        ///
        /// Also for who is unable: what it would be worth to lift the rules.
        package let parts: [PlanScore.Part: PlanCost]
        /// The times in which they would leave other queues for the shift.
        package let leaves: [Shift]

        /// By how much the plan's cost changes; below zero it becomes better.
        package var cost: PlanCost { parts.values.reduce(.zero, +) }
    }

    package let shift: Shift.Place
    /// The plan's cost as it is.
    package let cost: PlanCost
    /// Who is able first, the plan that becomes cheapest first of all; then who is unable, those with the fewest
    /// broken rules first.
    package let candidates: [Candidate]
}

extension Shift {
    /// A shift that nobody has yet.
    package struct Place: Hashable, Sendable {
        package var queue: Queue.ID
        package var during: Range<Instant>

        package init(queue: Queue.ID, during: Range<Instant>) {
            self.queue = queue
            self.during = during
        }
    }
}

/// A plan, ready for questions about single shifts.
///
/// Making it costs as much as a score, O(operators × slots); a ranking then O(slots) for each operator who is asked
/// about closely, and less for those whom a rule about slots keeps away.
package struct WhatIf: Sendable {
    private let problem: PlanningProblem
    private let tally: ScoreTally
    private let cost: PlanCost
    private let slotsOfLibrary: [Int]

    package init(_ shifts: [Shift], in problem: PlanningProblem) {
        self.problem = problem
        let score = PlanScore(of: shifts, in: problem)
        cost = score.total
        var tally = ScoreTally(problem)
        for shift in shifts { tally.place(shift) }
        slotsOfLibrary = tally.table.slotsByLibrary(in: problem)
        self.tally = tally
    }

    /// The plan that stands in a table, as if a shift of it were nobody's.
    ///
    /// - Parameters:
    ///   - table: The plan with the fixed shifts around it.
    ///   - shift: What is taken out; nil is nothing.
    ///   - problem: The one that the table is of.
    package init(_ table: PlacementTable, without shift: Shift? = nil, in problem: PlanningProblem) {
        self.problem = problem
        var tally = ScoreTally(problem, table)
        if let shift { tally.take(shift) }
        slotsOfLibrary = tally.table.slotsByLibrary(in: problem)
        self.tally = tally
        for person in problem.operators.indices { tally.judge(person) }
        tally.cover()
        tally.contribute()
        cost = PlanCost(rawValue: tally.units.values.reduce(0, +))
    }

    /// Ranks the operators for a shift.
    ///
    /// - Parameter place: Its queue and time, both ends rounded down to slots.
    /// - Returns: All operators; nil where the queue is not in the consortium or no slot of the time in the period.
    package func ranking(for place: Shift.Place) -> ShiftRanking? {
        let slots = problem.calendar.slots(of: place.during)
        guard let queue = problem.queueIndex[place.queue], !slots.isEmpty,
            slots.clamped(to: problem.calendar.period) == slots
        else { return nil }
        var trial = RowTrial(problem, tally, slotsOfLibrary, queue: queue, slots: slots)
        let candidates = problem.operators.indices.map { trial.candidate($0) }
        return ShiftRanking(shift: place, cost: cost, candidates: candidates.sorted(by: Self.precedes))
    }

    private static func precedes(_ left: ShiftRanking.Candidate, _ right: ShiftRanking.Candidate) -> Bool {
        func key(_ candidate: ShiftRanking.Candidate) -> (Int, Int) {
            switch candidate.standing {
            case .able: (0, 0)
            case .there: (1, 0)
            case .unable(let violations): (2, Set(violations.map(\.cause)).count)
            }
        }
        let (first, second) = (key(left), key(right))
        if first != second { return first < second }
        return left.cost == right.cost ? left.operator < right.operator : left.cost < right.cost
    }
}

/// One shift, tried on one operator after the other.
private struct RowTrial {
    private let problem: PlanningProblem
    private var tally: ScoreTally
    private let slotsOfLibrary: [Int]
    private let queue: Int
    private let slots: Range<Int>

    init(
        _ problem: PlanningProblem, _ tally: ScoreTally, _ slotsOfLibrary: [Int], queue: Int, slots: Range<Int>
    ) {
        self.problem = problem
        self.tally = tally
        self.slotsOfLibrary = slotsOfLibrary
        self.queue = queue
        self.slots = slots
    }

    mutating func candidate(_ person: Int) -> ShiftRanking.Candidate {
        let before = slots.map { tally.table.queue(of: person, at: $0) }
        guard before.contains(where: { $0 != queue }) else { return candidate(person, .there, [:], []) }
        let wasPlanned = slots.map { tally.table.isPlanned[person, $0] }
        let old = judge(person)
        var units = coverage(before)
        for (slot, old) in zip(slots, before) where old != queue {
            tally.table.move(person, to: queue, at: slot, planned: true)
        }
        let new = judge(person)
        for (slot, (old, planned)) in zip(slots, zip(before, wasPlanned)) {
            tally.table.move(person, to: old, at: slot, planned: planned)
        }
        for (part, cost) in new.units { units[part, default: 0] += cost }
        for (part, cost) in old.units { units[part, default: 0] -= cost }
        units[.libraryContribution, default: 0] += contribution(person, more: before.count { $0 == nil })
        var broken = slotViolations(person, before)
        let known = Set(old.violations.map(Broken.init))
        broken += new.violations.filter { !known.contains(Broken($0)) }
        return candidate(
            person, broken.isEmpty ? .able : .unable(broken),
            units.filter { $0.value != 0 }.mapValues { PlanCost(rawValue: $0) }, leaves(person, before))
    }

    private func candidate(
        _ person: Int, _ standing: ShiftRanking.Standing, _ parts: [PlanScore.Part: PlanCost], _ leaves: [Shift]
    ) -> ShiftRanking.Candidate {
        ShiftRanking.Candidate(
            operator: problem.operators[person].id,
            library: problem.libraries[problem.libraryOfOperator[person]].id, standing: standing, parts: parts,
            leaves: leaves)
    }

    /// What makes a violation the same before and after: the rule and where it is, whatever the numbers.
    private struct Broken: Hashable {
        let cause: RuleViolation.Cause
        let during: Range<Instant>
        let detail: String

        init(_ violation: RuleViolation) {
            (cause, during, detail) = (violation.cause, violation.during, violation.detail)
        }
    }

    private mutating func judge(_ person: Int) -> (units: [PlanScore.Part: Int], violations: [RuleViolation]) {
        tally.forget()
        tally.judge(person)
        return (tally.units, tally.violations)
    }

    /// What changes on the queues: one more here, one less where the operator leaves.
    private func coverage(_ before: [Int?]) -> [PlanScore.Part: Int] {
        var units: [PlanScore.Part: Int] = [:]
        func add(_ queue: Int, _ slot: Int, _ change: Int) {
            let there = tally.table.staffed(queue, at: slot)
            let was = problem.coverageUnits(queue, slot, staffed: there)
            let now = problem.coverageUnits(queue, slot, staffed: there + change)
            units[.gap, default: 0] += now.gap - was.gap
            units[.thin, default: 0] += now.thin - was.thin
            units[.over, default: 0] += now.over - was.over
        }
        for (slot, old) in zip(slots, before) where old != queue {
            add(queue, slot, 1)
            if let old { add(old, slot, -1) }
        }
        return units
    }

    private func contribution(_ person: Int, more slots: Int) -> Int {
        let library = problem.libraryOfOperator[person]
        func units(_ slots: Int) -> Int {
            problem.rules.contributionUnits(
                slots: slots, hoursPerWeek: problem.libraries[library].contributionHoursPerWeek, days: problem.days)
        }
        return units(slotsOfLibrary[library] + slots) - units(slotsOfLibrary[library])
    }

    /// The rules about slots that keep the operator away; a fixed shift of theirs stays where it is.
    private func slotViolations(_ person: Int, _ before: [Int?]) -> [RuleViolation] {
        var causes: [(RuleViolation.Cause, Range<Int>)] = []
        for (slot, old) in zip(slots, before) where old != queue {
            var found = tally.causes(person, queue, slot).filter { $0 != .rule(.onePlaceAtATime) }
            if old != nil, !tally.table.isPlanned[person, slot] { found.append(.rule(.onePlaceAtATime)) }
            for cause in found {
                if let index = causes.lastIndex(where: { $0.0 == cause && $0.1.upperBound == slot }) {
                    causes[index].1 = causes[index].1.lowerBound..<slot + 1
                } else {
                    causes.append((cause, slot..<slot + 1))
                }
            }
        }
        return causes.map { cause, slots in
            RuleViolation(
                cause: cause, operator: problem.operators[person].id, queue: problem.queues[queue].id,
                during: problem.calendar.instants(of: slots), detail: tally.words(cause, queue))
        }
    }

    private func leaves(_ person: Int, _ before: [Int?]) -> [Shift] {
        var found: [Shift] = []
        for (slot, old) in zip(slots, before) {
            guard let old, old != queue else { continue }
            let time = problem.calendar.instants(of: slot..<slot + 1)
            if let last = found.last, last.queue == problem.queues[old].id, last.during.upperBound == time.lowerBound {
                found[found.count - 1].during = last.during.lowerBound..<time.upperBound
            } else {
                found.append(
                    Shift(queue: problem.queues[old].id, operator: problem.operators[person].id, during: time))
            }
        }
        return found
    }
}

import Coverage

/// A plan, ready to have changes of single shifts tried on it.
///
/// Nothing is estimated: the rows of those who are concerned are judged by the rules' own code before and after, and the
/// differences in cost are those that a score of the whole new plan would have.
package struct PlanTrial: Sendable {
    private let problem: PlanningProblem
    private let table: PlacementTable

    /// - Parameters:
    ///   - table: The plan with the fixed shifts around it.
    ///   - problem: The one that the table is of.
    package init(_ table: PlacementTable, in problem: PlanningProblem) {
        self.table = table
        self.problem = problem
    }

    /// Tries a change.
    ///
    /// - Parameter edit: Times are rounded down to slots. Removed shifts that are not in the plan remove nothing.
    /// - Returns: What it costs, what it breaks, and how many are where.
    /// - Complexity: O(people concerned × slots), and one copy of the table.
    package func effect(of edit: ShiftEdit) -> EditEffect {
        let first = run(edit, permitting: [])
        let bends = first.broken.compactMap { bend($0, edit, first.table) }
        let permissions = bends.compactMap { $0.permission(because: "a trial", by: "a trial") }
        // What stays broken with the permission is not to be had by one.
        let rest = permissions.isEmpty ? first.broken : run(edit, permitting: permissions).broken
        let left = Set(rest.map(Broken.init))
        return EditEffect(
            parts: first.units.filter { $0.value != 0 }.mapValues { PlanCost(rawValue: $0) }, refusals: rest,
            bends: bends.filter { !left.contains(Broken($0.violation)) }, mended: first.mended,
            coverage: coverage(edit, first.table))
    }

    private struct Outcome {
        var units: [PlanScore.Part: Int] = [:]
        var broken: [RuleViolation] = []
        var mended: [RuleViolation] = []
        var table: PlacementTable
    }

    /// What makes a violation the same before and after.
    private struct Broken: Hashable {
        let cause: RuleViolation.Cause
        let person: Operator.ID
        let during: Range<Instant>
        let detail: String

        init(_ violation: RuleViolation) {
            (cause, person) = (violation.cause, violation.operator)
            (during, detail) = (violation.during, violation.detail)
        }
    }

    private func run(_ edit: ShiftEdit, permitting permissions: [RuleOverride]) -> Outcome {
        let permitted = problem.permitting(permissions)
        let people = Set((edit.removed + edit.added).compactMap { problem.operatorIndex[$0.operator] }).sorted()
        var tally = ScoreTally(permitted, table)
        for person in people { tally.judge(person) }
        let (before, old) = (tally.units, tally.violations)
        for shift in edit.removed { tally.take(shift) }
        tally.forget()
        for shift in edit.added { tally.place(shift) }
        for person in people { tally.judge(person) }
        var outcome = Outcome(table: tally.table)
        let (known, found) = (Set(old.map(Broken.init)), Set(tally.violations.map(Broken.init)))
        outcome.broken = tally.violations.filter { !known.contains(Broken($0)) }
        outcome.mended = old.filter { !found.contains(Broken($0)) }
        outcome.units = tally.units.merging(before.mapValues { -$0 }, uniquingKeysWith: +)
        add(edit, to: &outcome)
        return outcome
    }

    // MARK: What can be permitted

    /// The permission that a violation asks for; nil where its rule is not a yellow one.
    private func bend(_ violation: RuleViolation, _ edit: ShiftEdit, _ table: PlacementTable) -> EditEffect.Bend? {
        guard case .rule(let name) = violation.cause, problem.rules.book.isInForce(name),
            problem.rules.book[name].ruleClass == .yellow,
            let person = problem.operatorIndex[violation.operator]
        else { return nil }
        let slots = problem.calendar.slots(of: violation.during)
        let concerned = table.stretches(of: person).filter { stretch in
            stretch.isPlanned && stretch.slots.lowerBound <= slots.upperBound
                && slots.lowerBound <= stretch.slots.upperBound
        }
        // Rather what comes by the change than what was there before.
        let added = edit.added.filter { $0.operator == violation.operator }
        let own = concerned.first { stretch in
            added.contains { problem.calendar.slots(of: $0.during).overlaps(stretch.slots) }
        }
        return (own ?? concerned.first).map { stretch in
            EditEffect.Bend(violation: violation, during: problem.calendar.instants(of: stretch.slots))
        }
    }

    // MARK: Sums over people

    private func add(_ edit: ShiftEdit, to outcome: inout Outcome) {
        for (cell, counts) in changedCells(edit, outcome.table) {
            let was = problem.coverageUnits(cell.queue, cell.slot, staffed: counts.before)
            let now = problem.coverageUnits(cell.queue, cell.slot, staffed: counts.after)
            outcome.units[.gap, default: 0] += now.gap - was.gap
            outcome.units[.thin, default: 0] += now.thin - was.thin
            outcome.units[.over, default: 0] += now.over - was.over
        }
        let worked = table.slotsByLibrary(in: problem)
        var more: [Int: Int] = [:]
        for person in Set((edit.removed + edit.added).compactMap({ problem.operatorIndex[$0.operator] })) {
            more[problem.libraryOfOperator[person], default: 0] +=
                slots(of: person, outcome.table)
                - slots(of: person, table)
        }
        for (library, change) in more where change != 0 {
            outcome.units[.libraryContribution, default: 0] +=
                contribution(library, worked[library] + change)
                - contribution(library, worked[library])
        }
    }

    private func slots(of person: Int, _ table: PlacementTable) -> Int {
        problem.calendar.period.count { table.queue(of: person, at: $0) != nil }
    }

    private func contribution(_ library: Int, _ slots: Int) -> Int {
        problem.rules.contributionUnits(
            slots: slots, hoursPerWeek: problem.libraries[library].contributionHoursPerWeek, days: problem.days)
    }

    // MARK: Coverage

    private struct Cell: Hashable, Comparable {
        let queue: Int
        let slot: Int

        static func < (left: Cell, right: Cell) -> Bool { (left.queue, left.slot) < (right.queue, right.slot) }
    }

    private func changedCells(
        _ edit: ShiftEdit, _ changed: PlacementTable
    ) -> [(key: Cell, value: (before: Int, after: Int))] {
        var found: [Cell: (before: Int, after: Int)] = [:]
        for shift in edit.removed + edit.added {
            guard let queue = problem.queueIndex[shift.queue] else { continue }
            for slot in problem.calendar.slots(of: shift.during).clamped(to: problem.calendar.period) {
                let (before, after) = (table.staffed(queue, at: slot), changed.staffed(queue, at: slot))
                if before != after { found[Cell(queue: queue, slot: slot)] = (before, after) }
            }
        }
        return found.sorted { $0.key < $1.key }
    }

    private func coverage(_ edit: ShiftEdit, _ changed: PlacementTable) -> [EditEffect.CoverageChange] {
        var found: [EditEffect.CoverageChange] = []
        for (cell, counts) in changedCells(edit, changed) {
            let wanted = cell.queue * problem.demand.slots + cell.slot
            let change = EditEffect.CoverageChange(
                queue: problem.queues[cell.queue].id,
                during: problem.calendar.instants(of: cell.slot..<cell.slot + 1), before: counts.before,
                after: counts.after, minimum: max(0, Int(problem.demand.minimum[wanted])),
                target: max(0, Int(problem.demand.target[wanted])))
            if let last = found.last, last.during.upperBound == change.during.lowerBound, last.isLike(change) {
                found[found.count - 1].during = last.during.lowerBound..<change.during.upperBound
            } else {
                found.append(change)
            }
        }
        return found
    }
}

extension EditEffect.CoverageChange {
    fileprivate func isLike(_ other: Self) -> Bool {
        queue == other.queue && before == other.before && after == other.after && minimum == other.minimum
            && target == other.target
    }
}

import Coverage

/// Shifts that close a gap if a yellow rule is bent for one operator, or two.
///
/// Every stretch with a slot of the gap is tried for every operator who is free in it, and judged by all rules; those
/// that break one or two, and these yellow ones, are what a coordinator could permit.
struct OverrideSearch {
    private let task: GapTask
    private let problem: PlanningProblem
    private let bonus: Int
    /// So many of the cheapest are measured exactly.
    private static let most = 8
    /// What a second permission for the same shift weighs when operators are compared.
    private static let secondUnits = 250 * PlanCost.unitsPerOne

    /// - Parameters:
    ///   - task: What to close.
    ///   - problem: With all that is permitted so far.
    ///   - revision: The plan.
    init(_ task: GapTask, in problem: PlanningProblem, _ revision: borrowing PlanRevision) {
        self.task = task
        self.problem = problem
        bonus = task.bonus(task.missing(revision.state), in: problem)
    }

    private struct Candidate {
        let slots: Range<Int>
        let person: Int
        let bent: [BentRule]
        let estimate: Int
    }

    /// The drafts found, the best first; the revision is as it was.
    func drafts(_ revision: inout PlanRevision, until isOver: () -> Bool) -> [RevisionDraft] {
        let rules = problem.rules.book
        guard Rule.Name.allCases.contains(where: { rules[$0].ruleClass == .yellow }) else { return [] }
        let everyone =
            rules[.skill].ruleClass == .yellow
            ? Array(problem.operators.indices) : problem.operatorsOfQueue[task.queue]
        var candidates: [Candidate] = []
        for person in everyone {
            if isOver() { break }
            if let best = best(of: person, revision) { candidates.append(best) }
        }
        candidates.sort { ($0.estimate, $0.person) < ($1.estimate, $1.person) }
        let before = revision.units
        var found: [RevisionDraft] = []
        for candidate in candidates.prefix(Self.most) {
            let person = candidate.person
            let old = revision.stretches(of: person)
            let new = Self.adding(candidate.slots, task.queue, to: old)
            revision.replace(person, by: new)
            found.append(
                RevisionDraft(
                    rows: [(person, new)], bent: candidate.bent, missing: task.missing(revision.state),
                    units: revision.units - before))
            revision.replace(person, by: old)
        }
        return found.enumerated().sorted { left, right in
            let first = left.element.units + left.element.missing * bonus
            let second = right.element.units + right.element.missing * bonus
            return first == second ? left.offset < right.offset : first < second
        }.map(\.element)
    }

    /// The stretches with one more, which may join its neighbours; all in slots of the week.
    private static func adding(_ slots: Range<Int>, _ queue: Int, to old: [RowStretch]) -> [RowStretch] {
        var found: [RowStretch] = []
        let added = RowStretch(queue: queue, start: slots.lowerBound, length: slots.count)
        for stretch in (old + [added]).sorted(by: { $0.start < $1.start }) {
            if let last = found.last, last.queue == stretch.queue, last.start + last.length == stretch.start {
                found[found.count - 1] = RowStretch(
                    queue: queue, start: last.start, length: last.length + stretch.length)
            } else {
                found.append(stretch)
            }
        }
        return found
    }

    // MARK: One operator

    private func best(of person: Int, _ revision: borrowing PlanRevision) -> Candidate? {
        let week = revision.tables.weeks[task.week].slots
        var couldCome = false
        for slot in task.slots where !couldCome && task.missing(slot, revision.state) > 0 {
            let obstacle = problem.obstacle(person, at: week.lowerBound + slot)
            couldCome =
                (obstacle.map { problem.rules.book[$0].ruleClass == .yellow } ?? true)
                && revision.queue(of: person, at: week.lowerBound + slot) < 0
        }
        guard couldCome else { return nil }
        let trial = BentTrial(person, on: task.queue, revision, in: problem)
        let lengths = problem.lengths(on: task.queue)
        let mayBeShort = problem.rules.book[.shiftLength].ruleClass == .yellow
        let longest = mayBeShort ? max(lengths.upperBound, task.slots.count) : lengths.upperBound
        var best: Candidate?
        for start in max(0, task.slots.lowerBound - longest + 1)..<task.slots.upperBound {
            var (gain, estimate) = (0, 0)
            for slot in start..<min(week.count, start + longest) {
                let calendarSlot = week.lowerBound + slot
                guard trial.queue(at: calendarSlot) < 0, problem.demand.isOpen(task.queue, calendarSlot) else { break }
                if task.missing(slot, revision.state) > 0 { gain += 1 }
                estimate += revision.state.marginal[task.queue * week.count + slot]
                estimate += problem.rules.preferenceUnits * trial.dislike(calendarSlot)
                var total = estimate - gain * bonus
                guard gain > 0, total < best?.estimate ?? .max else { continue }
                guard let bent = trial.bent(week.lowerBound + start..<calendarSlot + 1) else { continue }
                total += (bent.count - 1) * Self.secondUnits
                guard total < best?.estimate ?? .max else { continue }
                best = Candidate(slots: start..<slot + 1, person: person, bent: bent, estimate: total)
            }
        }
        return best
    }
}

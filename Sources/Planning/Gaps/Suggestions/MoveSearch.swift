import Coverage

/// Moves within all rules that close a gap: one operator comes, and others take the places that they leave.
///
/// For each operator who could be in the gap their best row is found exactly, with the gap's cells so cheap that
/// nothing outweighs them, and no gain from any other cell that is not theirs already: so that no more changes than is
/// needed. Where that row leaves others short, the rows of some who could help there are solved again in the same way,
/// up to a chain of three: ejection chains (Glover, 1996) whose links are whole rows.
struct MoveSearch {
    private let task: GapTask
    private let frozen: Set<Int>
    /// What a missing operator in the gap costs here for a slot: more than anything else could.
    private let bonus: Int
    private let inertia: Int

    /// So many operators are tried for a gap, and at each link of a chain.
    private static let mostFirst = 300
    private static let mostNext = 32
    /// So many first moves are followed by chains.
    private static let mostChains = 5
    private static let mostLinks = 3
    /// So many of the cells left short are looked at in a link.
    private static let mostLost = 3

    /// - Parameters:
    ///   - task: What to close.
    ///   - frozen: Operators whose rows stand.
    ///   - revision: The plan.
    init(_ task: GapTask, frozen: Set<Int>, _ revision: borrowing PlanRevision) {
        self.task = task
        self.frozen = frozen
        let problem = revision.tables.problem
        bonus = task.bonus(task.missing(revision.state), in: problem)
        inertia = PlanCost.unitsPerOne / 60 * problem.rules.slotMinutes
    }

    /// The drafts found, the best first; the revision is as it was.
    func drafts(_ revision: inout PlanRevision, until isOver: () -> Bool) -> [RevisionDraft] {
        let missing = task.missing(revision.state)
        guard missing > 0 else { return [] }
        let before = revision.units
        var firsts: [RevisionDraft] = []
        let people = candidates(for: Array(task.slots), on: task.queue, revision)
        for person in revision.sample(people, most: Self.mostFirst) {
            if isOver() { break }
            if let draft = move(person, to: [], &revision), draft.missing < missing { firsts.append(draft) }
        }
        sort(&firsts)
        var found: [RevisionDraft] = []
        for first in firsts.prefix(Self.mostChains) {
            if isOver() { break }
            found.append(chain(from: first, &revision))
        }
        for index in found.indices { found[index].units -= before }
        sort(&found)
        return found
    }

    private func sort(_ drafts: inout [RevisionDraft]) {
        drafts = drafts.enumerated().sorted { left, right in
            let (first, second) = (worth(left.element), worth(right.element))
            return first == second ? left.offset < right.offset : first < second
        }.map(\.element)
    }

    private func worth(_ draft: RevisionDraft) -> Int { draft.units + draft.missing * bonus }

    // MARK: One row

    /// One operator's best row for the gap and some cells beside it; nil where it is the one that they have.
    ///
    /// - Returns: The draft, with what the plan then costs as its units.
    private func move(_ person: Int, to cells: [Int], _ revision: inout PlanRevision) -> RevisionDraft? {
        let old = revision.stretches(of: person)
        let new = revision.solve(person) { extra(old, cells, $0) }
        guard new != old else { return nil }
        revision.replace(person, by: new)
        defer { revision.replace(person, by: old) }
        return RevisionDraft(
            rows: [(person, new)], bent: [], missing: task.missing(revision.state), units: revision.units)
    }

    private func extra(_ old: [RowStretch], _ aims: [Int], _ state: borrowing WeekState) -> [Int] {
        var extra = state.marginal.map { max(0, -$0) + inertia }
        for stretch in old {
            for slot in stretch.start..<stretch.start + stretch.length { extra[stretch.queue * state.slots + slot] = 0 }
        }
        for cell in aims { extra[cell] = 0 }
        for slot in task.slots where task.missing(slot, state) > 0 { extra[task.queue * state.slots + slot] = -bonus }
        return extra
    }

    /// Those who could be on a queue in some slot of the week and are not.
    private func candidates(for slots: [Int], on queue: Int, _ revision: borrowing PlanRevision) -> [Int] {
        let tables = revision.tables
        let free = tables.weeks[task.week].freeOperators
        var found: Set<Int> = []
        for slot in slots {
            for index in free.range(of: slot) {
                let person = Int(free.elements[index])
                guard !frozen.contains(person), tables.queues[person].contains(queue),
                    revision.state.rows[person * revision.state.slots + slot] != Int16(queue)
                else { continue }
                found.insert(person)
            }
        }
        return found.sorted()
    }

    // MARK: Chains

    private func chain(from first: RevisionDraft, _ revision: inout PlanRevision) -> RevisionDraft {
        let staffed = revision.state.staffed
        var old: [(person: Int, stretches: [RowStretch])] = []
        func apply(_ draft: RevisionDraft) {
            for row in draft.rows {
                if !old.contains(where: { $0.person == row.person }) {
                    old.append((row.person, revision.stretches(of: row.person)))
                }
                revision.replace(row.person, by: row.stretches)
            }
        }
        apply(first)
        for _ in 0..<Self.mostLinks {
            guard let next = next(staffed, &revision) else { break }
            apply(next)
        }
        let draft = RevisionDraft(
            rows: old.map { ($0.person, revision.stretches(of: $0.person)) }, bent: [],
            missing: task.missing(revision.state), units: revision.units)
        for row in old.reversed() { revision.replace(row.person, by: row.stretches) }
        return draft
    }

    /// The row that repairs best what the change has left short; nil where none makes the plan better.
    private func next(_ staffed: [Int32], _ revision: inout PlanRevision) -> RevisionDraft? {
        let slots = revision.state.slots
        let (there, marginal) = (revision.state.staffed, revision.state.marginal)
        let lost = staffed.indices.filter { there[$0] < staffed[$0] && marginal[$0] < 0 }
            .sorted { (marginal[$0], $0) < (marginal[$1], $1) }
        let now = revision.units + task.missing(revision.state) * bonus
        var best: RevisionDraft?
        var tried: Set<Int> = []
        for cell in lost.prefix(Self.mostLost) {
            let people = candidates(for: [cell % slots], on: cell / slots, revision)
            for person in revision.sample(people, most: Self.mostNext) where tried.insert(person).inserted {
                guard let draft = move(person, to: lost, &revision), worth(draft) < now else { continue }
                if best.map({ worth(draft) < worth($0) }) ?? true { best = draft }
            }
        }
        return best
    }
}

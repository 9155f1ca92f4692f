import Coverage

/// Suggestions gap by gap, each on the plan with those before it.
struct SuggestionSearch: ~Copyable {
    private let problem: PlanningProblem
    private let settings: SuggestionList.Settings
    private let original: JudgedPlan
    private var revision: PlanRevision
    /// The plan with all steps so far.
    private(set) var plan: JudgedPlan
    /// Whether there is no step yet.
    private var isFirst = true
    /// By week the operators for whom a rule is bent: their rows stand, for the search of moves knows only the rules.
    private var frozen: [Int: Set<Int>] = [:]
    /// Whether scores are so dear that only what is accepted is scored.
    private var isLarge: Bool { problem.operators.count * problem.calendar.count > 3_000_000 }

    /// What one gap is tried to be closed by, one after the other, at most.
    private static let mostSteps = 6

    init(_ shifts: [Shift], _ problem: PlanningProblem, _ settings: SuggestionList.Settings) {
        self.problem = problem
        self.settings = settings
        original = JudgedPlan(shifts.sorted(by: Shift.precedes), permitting: [], in: problem)
        plan = original
        revision = PlanRevision(PlacementTable(shifts, in: problem), EngineTables(problem), seed: settings.seed)
    }

    var costBefore: PlanCost { original.score.total }

    mutating func advice(
        on gap: Gap, _ index: Int, isProven: Bool, until isOver: () -> Bool
    ) -> SuggestionList.Advice {
        guard plan.missing(in: gap, of: problem) > 0 else {
            return SuggestionList.Advice(gap: index, outcome: .closedBefore, steps: [], alternatives: [])
        }
        var steps: [Suggestion] = []
        var alternatives: [Suggestion] = []
        var wasStopped = false
        for task in GapTask.tasks(of: gap, revision.tables) {
            while steps.count < Self.mostSteps {
                if isOver() { wasStopped = true }
                guard !wasStopped else { break }
                let found = suggestions(for: task, gap, isProven: isProven, until: isOver)
                guard let best = found.first else { break }
                if steps.isEmpty { alternatives = found.dropFirst().map(\.suggestion) }
                steps.append(best.suggestion)
                accept(best)
            }
        }
        let outcome: SuggestionList.Advice.Outcome =
            steps.isEmpty
            ? (wasStopped ? .notTried : .nothingFound)
            : plan.missing(in: gap, of: problem) == 0 ? .closes : .closesSome
        // What is a step itself is no other way.
        alternatives.removeAll { other in steps.contains { $0.changes == other.changes } }
        return SuggestionList.Advice(gap: index, outcome: outcome, steps: steps, alternatives: alternatives)
    }

    /// A suggestion that was tried, with what it makes of the plan.
    private struct Tried {
        let suggestion: Suggestion
        let draft: RevisionDraft
        let plan: JudgedPlan
    }

    private mutating func accept(_ tried: Tried) {
        for row in tried.draft.rows { revision.replace(row.person, by: row.stretches) }
        for bent in tried.draft.bent { frozen[revision.state.week, default: []].insert(bent.person) }
        plan = tried.plan
        isFirst = false
    }

    // MARK: One step

    /// The ways that hold: what closes most first, of these what needs the fewest permissions, then the cheapest; at
    /// most one more than the alternatives wanted.
    private mutating func suggestions(
        for task: GapTask, _ gap: Gap, isProven: Bool, until isOver: () -> Bool
    ) -> [Tried] {
        revision.turn(to: task.week)
        guard task.missing(revision.state) > 0 else { return [] }
        var moves: [RevisionDraft] = []
        if !isProven {
            moves = MoveSearch(task, frozen: frozen[task.week] ?? [], revision).drafts(&revision, until: isOver)
        }
        let permitted = problem.permitting(plan.permissions)
        var drafts = moves + OverrideSearch(task, in: permitted, revision).drafts(&revision, until: isOver)
        drafts = drafts.enumerated().sorted { left, right in
            let (first, second) = (left.element, right.element)
            if first.missing != second.missing { return first.missing < second.missing }
            return (first.bent.count, first.units, first.rows.count, left.offset)
                < (second.bent.count, second.units, second.rows.count, right.offset)
        }.map(\.element)
        var found: [Tried] = []
        while let draft = next(of: &drafts, after: found) {
            if !found.isEmpty, isOver() { break }
            if let tried = tried(draft, gap, task.severity) { found.append(tried) }
            if found.count > (isLarge ? 0 : settings.mostAlternatives) { break }
        }
        return found
    }

    /// The next draft to try, of another operator than those found; the second is of the other sort, if there is one.
    private func next(of drafts: inout [RevisionDraft], after found: [Tried]) -> RevisionDraft? {
        let known = Set(found.compactMap { $0.draft.rows.first?.person })
        drafts.removeAll { known.contains($0.rows.first?.person ?? -1) }
        var index = drafts.indices.first
        if found.count == 1, let only = found.first {
            index = drafts.firstIndex { $0.bent.isEmpty != only.draft.bent.isEmpty } ?? index
        }
        return index.map { drafts.remove(at: $0) }
    }

    /// Makes the change, scores the plan from scratch, and keeps it only if it does what it is meant to do.
    private mutating func tried(_ draft: RevisionDraft, _ gap: Gap, _ severity: Gap.Severity) -> Tried? {
        let before = draft.rows.map { revision.shifts(of: $0.person) }
        let old = draft.rows.map { revision.stretches(of: $0.person) }
        for row in draft.rows { revision.replace(row.person, by: row.stretches) }
        let after = draft.rows.map { revision.shifts(of: $0.person) }
        for (row, stretches) in zip(draft.rows, old) { revision.replace(row.person, by: stretches) }
        let changes = self.changes(draft, before, after)
        let permissions = draft.bent.map { Self.permission(for: $0, gap, problem) }
        guard changes.allSatisfy({ settings.pins.isDisjoint(with: $0.removed) }),
            let shifts = Suggestion.apply(changes, to: plan.shifts)
        else { return nil }
        let next = JudgedPlan(
            shifts, permitting: plan.permissions + permissions.map(\.override), in: problem)
        let (missing, left) = (plan.missing(in: gap, of: problem), next.missing(in: gap, of: problem))
        let closed: Int = missing - left
        let opened = plan.opened(in: next, .thin, of: problem)
        guard closed > 0, plan.breaksNoLess(than: next), plan.opened(in: next, .critical, of: problem) == 0,
            severity == .critical || opened == 0
        else { return nil }
        let cost: PlanCost = next.score.total - plan.score.total
        let suggestion = Suggestion(
            gap: gap, changes: changes, permissions: permissions, costChange: cost, missingBefore: missing,
            missingAfter: left, openedMinutes: opened,
            holdsAlone: holdsAlone(changes, permissions, gap, closing: closed))
        return Tried(suggestion: suggestion, draft: draft, plan: next)
    }

    /// The shifts that make way and those that come; a stretch that the plan has in several shifts keeps them if it
    /// does not change.
    private func changes(_ draft: RevisionDraft, _ before: [[Shift]], _ after: [[Shift]]) -> [Suggestion.Change] {
        let people = Set(draft.rows.map { problem.operators[$0.person].id })
        let theirs = Dictionary(grouping: plan.shifts.filter { people.contains($0.operator) }, by: \.operator)
        return zip(draft.rows, zip(before, after)).compactMap { row, shifts in
            let id = problem.operators[row.person].id
            let (old, new) = (Set(shifts.0), Set(shifts.1))
            guard old != new else { return nil }
            let gone = old.subtracting(new)
            let removed = (theirs[id] ?? []).filter { shift in
                gone.contains { $0.queue == shift.queue && $0.during.contains(shift.during.lowerBound) }
            }
            return Suggestion.Change(
                operator: id, removed: removed.sorted(by: Shift.precedes),
                added: new.subtracting(old).sorted(by: Shift.precedes))
        }
    }

    private static func permission(
        for bent: BentRule, _ gap: Gap, _ problem: PlanningProblem
    ) -> Suggestion.Permission {
        Suggestion.Permission(
            override: RuleOverride(
                rule: bent.rule, operator: problem.operators[bent.person].id,
                during: problem.calendar.instants(of: bent.slots), reason: "closes a gap on \(gap.queue)",
                approvedBy: ""),
            excessMinutes: bent.excessSlots * problem.calendar.slotMinutes)
    }

    private func holdsAlone(
        _ changes: [Suggestion.Change], _ permissions: [Suggestion.Permission], _ gap: Gap, closing minutes: Int
    ) -> Bool? {
        guard !isFirst else { return true }
        guard !isLarge else { return nil }
        guard let shifts = Suggestion.apply(changes, to: original.shifts) else { return false }
        let alone = JudgedPlan(shifts, permitting: permissions.map(\.override), in: problem)
        return original.breaksNoLess(than: alone)
            && original.missing(in: gap, of: problem) - alone.missing(in: gap, of: problem) >= minutes
            && original.opened(in: alone, .critical, of: problem) == 0
    }
}

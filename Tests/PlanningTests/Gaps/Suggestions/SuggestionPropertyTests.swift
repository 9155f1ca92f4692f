import Coverage
import Planning
import Testing

@Suite("Suggestions for any plan")
struct SuggestionPropertyTests {
    private func list(_ plan: [Shift], _ problem: PlanningProblem) -> ([ExplainedGap], SuggestionList) {
        let gaps = GapReport(of: plan, in: problem).gaps
        let proofs = GapProofs(of: gaps, in: plan, for: problem)
        return (gaps, SuggestionList(for: gaps, proofs: proofs.proofs, of: plan, in: problem))
    }

    private func missing(_ gap: Gap, _ plan: [Shift], _ problem: PlanningProblem) -> Int {
        guard let queue = problem.queueIndex[gap.queue] else { return 0 }
        let table = PlacementTable(plan, in: problem)
        return problem.calendar.slots(of: gap.during).reduce(0) { sum, slot in
            let cell = queue * problem.demand.slots + slot
            let wanted = gap.severity == .critical ? problem.demand.minimum[cell] : problem.demand.target[cell]
            return sum + max(0, Int(wanted) - table.staffed(queue, at: slot)) * problem.calendar.slotMinutes
        }
    }

    @Test("hold one after the other, at the cost that they tell", arguments: RandomDesk.seeds)
    func inOrder(seed: Int) throws {
        let desk = try RandomDesk.of(seed)
        let (_, list) = list(desk.plan, desk.problem)
        var plan = desk.plan
        var permissions: [RuleOverride] = []
        var score = PlanScore(of: plan, in: desk.problem)
        #expect(list.costBefore == score.total)
        for advice in list.advice {
            for step in advice.steps {
                #expect(missing(step.gap, plan, desk.problem) == step.missingBefore)
                plan = try #require(step.applied(to: plan))
                permissions += step.permissions.map(\.override)
                let next = PlanScore(of: plan, in: desk.problem.permitting(permissions))
                #expect(next.violations.isEmpty)
                #expect(next.total - score.total == step.costChange)
                #expect(missing(step.gap, plan, desk.problem) == step.missingAfter)
                #expect(step.missingAfter < step.missingBefore)
                score = next
            }
            if advice.outcome == .closes { #expect(advice.steps.last?.missingAfter == 0) }
        }
        #expect(plan == list.shifts)
        #expect(score.total == list.costAfter)
        #expect(permissions == list.permissions)
    }

    @Test("need each permission that they ask for", arguments: RandomDesk.seeds)
    func permissions(seed: Int) throws {
        let desk = try RandomDesk.of(seed)
        let (_, list) = list(desk.plan, desk.problem)
        var plan = desk.plan
        var permissions: [RuleOverride] = []
        for step in list.advice.flatMap(\.steps) {
            plan = try #require(step.applied(to: plan))
            let own = step.permissions.map(\.override)
            for (index, missing) in own.enumerated() {
                var others = permissions + own
                others.remove(at: permissions.count + index)
                let broken = PlanScore(of: plan, in: desk.problem.permitting(others)).violations
                #expect(Set(broken.map(\.cause)) == [.rule(missing.rule)])
                #expect(broken.allSatisfy { $0.operator == missing.operator })
            }
            permissions += own
        }
    }

    @Test("have alternatives that hold in place of the first step", arguments: RandomDesk.seeds)
    func alternatives(seed: Int) throws {
        let desk = try RandomDesk.of(seed)
        let (_, list) = list(desk.plan, desk.problem)
        var plan = desk.plan
        var permissions: [RuleOverride] = []
        for advice in list.advice {
            let before = PlanScore(of: plan, in: desk.problem.permitting(permissions)).total
            for other in advice.alternatives {
                let changed = try #require(other.applied(to: plan))
                let permitted = desk.problem.permitting(permissions + other.permissions.map(\.override))
                let score = PlanScore(of: changed, in: permitted)
                #expect(score.violations.isEmpty)
                #expect(score.total - before == other.costChange)
                #expect(missing(other.gap, changed, desk.problem) == other.missingAfter)
            }
            for step in advice.steps {
                plan = try #require(step.applied(to: plan))
                permissions += step.permissions.map(\.override)
            }
        }
    }

    @Test("say truly whether they hold alone", arguments: RandomDesk.seeds)
    func alone(seed: Int) throws {
        let desk = try RandomDesk.of(seed)
        let (_, list) = list(desk.plan, desk.problem)
        for step in list.advice.flatMap(\.steps) where step.holdsAlone == true {
            let plan = try #require(step.applied(to: desk.plan))
            let permitted = desk.problem.permitting(step.permissions.map(\.override))
            #expect(PlanScore(of: plan, in: permitted).violations.isEmpty)
            let closed = missing(step.gap, desk.plan, desk.problem) - missing(step.gap, plan, desk.problem)
            #expect(closed >= step.missingBefore - step.missingAfter)
        }
    }

    @Test("are found again by the same seed", arguments: [3, 9])
    func repeats(seed: Int) throws {
        let desk = try RandomDesk.of(seed)
        #expect(list(desk.plan, desk.problem).1.advice == list(desk.plan, desk.problem).1.advice)
    }

    @Test("are of every sort among the consortia made by chance")
    func variety() throws {
        var seen: Set<String> = []
        for seed in RandomDesk.seeds {
            let desk = try RandomDesk.of(seed)
            for advice in list(desk.plan, desk.problem).1.advice {
                seen.insert(advice.outcome.rawValue)
                for step in advice.steps {
                    seen.insert(step.permissions.isEmpty ? "moves" : "permission")
                    if step.changes.count > 1 { seen.insert("chain") }
                    if step.permissions.count > 1 { seen.insert("two permissions") }
                    if step.holdsAlone == false { seen.insert("only with others") }
                }
            }
        }
        let expected: Set = [
            "closes", "closes_some", "closed_before", "nothing_found", "moves", "permission", "chain",
            "two permissions",
        ]
        #expect(expected.isSubset(of: seen), "\(seen.sorted())")
    }

    @Test("of a plan that breaks rules break no more", arguments: RandomDesk.seeds)
    func lawless(seed: Int) throws {
        var desk = try RandomDesk.of(seed)
        let plan = desk.lawlessPlan().sorted(by: Shift.precedes)
        let (_, list) = list(plan, desk.problem)
        let before = PlanScore(of: plan, in: desk.problem).violations
        let after = PlanScore(of: list.shifts, in: desk.problem.permitting(list.permissions)).violations
        #expect(after.count <= before.count)
    }
}

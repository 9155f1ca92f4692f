import Coverage
import Planning
import TestSupport
import Testing

@Suite("What a change of single shifts would mean")
struct PlanTrialTests {
    @Test("is told as scores of the whole plan before and after tell it", arguments: RandomDesk.seeds)
    func isExact(seed: Int) throws {
        let desk = try RandomDesk.withRowRules(seed)
        let (plan, problem) = (desk.plan, desk.problem)
        let trial = PlanTrial(PlacementTable(plan, in: problem), in: problem)
        var random = SplitMix64(seed: UInt64(seed))
        let old = PlanScore(of: plan, in: problem)
        for _ in 0..<60 {
            let edit = Self.edit(of: plan, problem, &random)
            let changed = plan.filter { !edit.removed.contains($0) } + edit.added
            let new = PlanScore(of: changed, in: problem)
            let effect = trial.effect(of: edit)
            let known = Set(old.violations)
            let broken = new.violations.filter { !known.contains($0) }
            // Who is in two places at once is counted in one of them here.
            guard !broken.contains(where: { $0.cause == .rule(.onePlaceAtATime) }) else {
                #expect(!effect.refusals.isEmpty)
                continue
            }
            #expect(effect.cost == new.total - old.total, "\(edit)")
            for part in PlanScore.Part.allCases {
                #expect(
                    effect.parts[part] ?? .zero == (new.parts[part] ?? .zero) - (old.parts[part] ?? .zero),
                    "\(part) of \(edit)")
            }
            #expect((effect.refusals.isEmpty && effect.bends.isEmpty) == broken.isEmpty, "\(broken)")
        }
    }

    @Test("what is permitted as it asks for breaks no rule any more", arguments: RandomDesk.seeds)
    func permissionsSuffice(seed: Int) throws {
        let desk = try RandomDesk.withRowRules(seed)
        let (plan, problem) = (desk.plan, desk.problem)
        let trial = PlanTrial(PlacementTable(plan, in: problem), in: problem)
        var random = SplitMix64(seed: UInt64(seed))
        for _ in 0..<60 {
            let edit = Self.edit(of: plan, problem, &random)
            let effect = trial.effect(of: edit)
            guard effect.refusals.isEmpty else { continue }
            let permitted = problem.permitting(effect.bends.compactMap { $0.permission(because: "tried", by: "ada") })
            let changed = plan.filter { !edit.removed.contains($0) } + edit.added
            #expect(PlanScore(of: changed, in: permitted).violations.isEmpty, "\(edit)")
            #expect(effect.bends.allSatisfy { problem.rules.book[$0.rule].ruleClass == .yellow })
        }
    }

    /// A shift that moves, is given to somebody, goes, or comes.
    private static func edit(
        of plan: [Shift], _ problem: PlanningProblem, _ random: inout SplitMix64
    ) -> ShiftEdit {
        let start = Int.random(in: problem.calendar.period, using: &random)
        let end = min(start + .random(in: 1...4, using: &random), problem.calendar.period.upperBound)
        var new = Shift(
            queue: problem.queues[.random(in: 0..<problem.queues.count, using: &random)].id,
            operator: problem.operators[.random(in: 0..<problem.operators.count, using: &random)].id,
            during: problem.calendar.instants(of: start..<end))
        guard let old = plan.randomElement(using: &random) else { return ShiftEdit(added: [new]) }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return ShiftEdit(added: [new])
        case 1: return ShiftEdit(removed: [old])
        case 2: new = Shift(queue: old.queue, operator: new.operator, during: old.during)
        case 3: new.operator = old.operator
        default: new = Shift(queue: new.queue, operator: old.operator, during: old.during)
        }
        return ShiftEdit(removed: [old], added: [new])
    }
}

extension EditEffect.Bend {
    fileprivate var rule: Rule.Name {
        guard case .rule(let name) = violation.cause else { return .skill }
        return name
    }
}

import Coverage
import Planning
import Testing

@Suite("What if somebody took a shift")
struct WhatIfTests {
    @Test("is told for every operator as a score of the whole plan tells it", arguments: RandomDesk.seeds)
    func isExact(seed: Int) throws {
        var desk = try RandomDesk.of(seed)
        for plan in [desk.plan, desk.lawlessPlan()] {
            let problem = desk.problem
            let whatIf = WhatIf(plan, in: problem)
            for start in stride(
                from: problem.calendar.period.lowerBound, to: problem.calendar.period.upperBound - 3, by: 7)
            {
                let queue = problem.queues[start % problem.queues.count].id
                let place = Shift.Place(
                    queue: queue, during: problem.calendar.instants(of: start..<start + 1 + start % 3))
                let ranking = try #require(whatIf.ranking(for: place))
                #expect(ranking.candidates.count == problem.operators.count)
                for candidate in ranking.candidates { try check(candidate, of: ranking, plan, problem) }
            }
        }
    }

    private func check(
        _ candidate: ShiftRanking.Candidate, of ranking: ShiftRanking, _ plan: [Shift], _ problem: PlanningProblem
    ) throws {
        let person = try #require(problem.operatorIndex[candidate.operator])
        let slots = problem.calendar.slots(of: ranking.shift.during)
        // What is fixed cannot be left, so there is no such plan to compare with.
        guard !(problem.fixed[person] ?? []).contains(where: { $0.slots.overlaps(slots) }) else { return }
        let old = PlanScore(of: plan, in: problem)
        let new = PlanScore(of: placing(candidate.operator, ranking.shift, plan), in: problem)
        guard isClean(plan, candidate.operator, problem) else { return }
        #expect(candidate.cost == new.total - old.total)
        for part in PlanScore.Part.allCases {
            #expect(
                candidate.parts[part] ?? .zero == (new.parts[part] ?? .zero) - (old.parts[part] ?? .zero), "\(part)")
        }
        // Of shifts that break rules already what is left of them breaks them at another time.
        guard old.violations.isEmpty else { return }
        let isBroken = new.violations.contains { violation in
            violation.operator == candidate.operator
        }
        switch candidate.standing {
        case .there: #expect(new.total == old.total)
        case .able: #expect(!isBroken)
        case .unable: #expect(isBroken)
        }
    }

    /// Whether no two shifts of the operator overlap: a slot has one place in a what-if.
    private func isClean(_ plan: [Shift], _ person: Operator.ID, _ problem: PlanningProblem) -> Bool {
        let own = plan.filter { $0.operator == person }
        return !PlanScore(of: own, in: problem).violations.contains { $0.cause == .rule(.onePlaceAtATime) }
    }

    /// The plan with an operator in a place, and nowhere else at that time.
    private func placing(_ person: Operator.ID, _ place: Shift.Place, _ plan: [Shift]) -> [Shift] {
        let others = plan.flatMap { shift -> [Shift] in
            guard shift.operator == person, shift.during.overlaps(place.during) else { return [shift] }
            let parts = [
                shift.during.lowerBound..<max(shift.during.lowerBound, place.during.lowerBound),
                min(shift.during.upperBound, place.during.upperBound)..<shift.during.upperBound,
            ]
            return parts.filter { !$0.isEmpty }.map { Shift(queue: shift.queue, operator: person, during: $0) }
        }
        return others + [Shift(queue: place.queue, operator: person, during: place.during)]
    }

    @Test("ranks who makes the plan cheapest first, and names the rule that keeps others away")
    func ranks() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add(queue: "spanish", skill: "spanish")
        desk.add("ann", likes: 0)
        desk.add("bob", likes: 2)
        desk.add("cid", skills: ["spanish"])
        desk.add("dan")
        desk.add("eve", skills: ["general", "spanish"])
        desk.add("fay", perDay: 1)
        try desk.absent("dan", 0)
        try desk.want("ask", 0, 8..<10)
        try desk.want("spanish", 0, 8..<10)
        let plan = [try desk.shift("spanish", "eve", 0, 8..<10)]
        let place = Shift.Place(queue: Queue.ID("ask"), during: try desk.time(0, 8..<10))
        let ranking = try #require(WhatIf(plan, in: try desk.problem()).ranking(for: place))
        #expect(ranking.candidates.map(\.operator.rawValue) == ["bob", "ann", "eve", "cid", "dan", "fay"])
        let costs = ranking.candidates.prefix(3).map(\.cost.description)
        #expect(costs == ["-1960.00", "-1952.00", "0.00"])
        #expect(ranking.candidates[2].leaves == plan)
        let causes = ranking.candidates.dropFirst(3).map { candidate -> [RuleViolation.Cause] in
            guard case .unable(let violations) = candidate.standing else { return [] }
            return violations.map(\.cause)
        }
        #expect(causes == [[.rule(.skill)], [.rule(.absence)], [.rule(.maxHoursPerDay)]])
    }

    @Test("has no answer for a queue or a time that the plan does not have")
    func hasNoAnswer() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann")
        let whatIf = WhatIf([], in: try desk.problem())
        #expect(whatIf.ranking(for: Shift.Place(queue: Queue.ID("email"), during: try desk.time(0, 8..<10))) == nil)
        #expect(whatIf.ranking(for: Shift.Place(queue: Queue.ID("ask"), during: try desk.time(-1, 8..<10))) == nil)
        let moment = try desk.time(0, 8..<10).lowerBound
        #expect(whatIf.ranking(for: Shift.Place(queue: Queue.ID("ask"), during: moment..<moment)) == nil)
    }
}

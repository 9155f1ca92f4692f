import Coverage
import Planning
import Testing

@Suite("What a search proves")
struct LowerBoundTests {
    @Test("is a cost that no plan goes below", arguments: RandomDesk.seeds)
    func holds(seed: Int) async throws {
        let desk = try RandomDesk.of(seed)
        let result = await PlanningEngine(
            problem: desk.problem, settings: .init(seed: UInt64(seed), threads: 2, checksSums: true)
        ).run(.steps(300))
        #expect(result.lowerBound <= result.cost)
        #expect(result.lowerBound <= PlanScore(of: desk.plan, in: desk.problem).total)
        #expect(result.lowerBound <= PlanScore(of: [], in: desk.problem).total)
    }

    @Test("holds for plans that keep fixed shifts", arguments: RandomDesk.seeds)
    func holdsAroundFixed(seed: Int) async throws {
        let desk = try RandomDesk.of(seed)
        let pins = desk.plan.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
        let others = desk.plan.enumerated().filter { !$0.offset.isMultiple(of: 2) }.map(\.element)
        let problem = desk.problem.fixing(pins)
        let result = await PlanningEngine(problem: problem, settings: .init(seed: UInt64(seed))).run(.steps(300))
        #expect(result.lowerBound <= PlanScore(of: others, in: problem).total)
        #expect(result.lowerBound <= result.cost)
    }

    @Test("comes close to the cost where nothing else is possible")
    func isSharp() async throws {
        var desk = SmallDesk()
        desk.add(queue: "ask", shift: 1...2)
        desk.add("ann", perWeek: 2, perDay: 2)
        try desk.want("ask", 0, 8..<12)
        let result = await PlanningEngine(problem: try desk.problem(), settings: .init()).run(.steps(400))
        #expect(result.lowerBound.doubleValue > result.cost.doubleValue * 0.99)
        #expect(result.lowerBound.doubleValue > 2000)
    }

    @Test("is told even where there was no time to search")
    func provesAtOnce() async throws {
        var desk = SmallDesk()
        desk.add(queue: "spanish", skill: "spanish")
        desk.add("ann")
        try desk.want("spanish", 0, 8..<12)
        let result = await PlanningEngine(problem: try desk.problem(), settings: .init()).run(.untilSpent { 1 })
        #expect(result.lowerBound.description == "4000.00")
        #expect(result.cost == result.lowerBound)
    }

    @Test("ends a search that is asked to come so close and no closer")
    func stops() async throws {
        var desk = SmallDesk()
        desk.add(queue: "ask", shift: 1...2)
        desk.add("ann", perWeek: 2, perDay: 2)
        try desk.want("ask", 0, 8..<12)
        let problem = try desk.problem()
        let search = PlanningEngine(problem: problem, settings: .init(stopsAtGap: 0.01))
        let result = await search.run(.steps(1_000_000))
        #expect(result.stoppedAtGap)
        #expect(result.steps < 1_000_000)
        #expect(result.cost.doubleValue <= result.lowerBound.doubleValue * 1.01)
        let again = await PlanningEngine(problem: problem, settings: .init()).run(.replaying(result.record))
        #expect(again.shifts == result.shifts)
        #expect(again.lowerBound == result.lowerBound)
    }
}

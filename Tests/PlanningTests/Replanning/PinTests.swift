import Coverage
import Planning
import Testing

@Suite("Shifts that stay")
struct PinTests {
    @Test("stay, in a plan that breaks no rule with them", arguments: RandomDesk.seeds)
    func stay(seed: Int) async throws {
        let desk = try RandomDesk.of(seed)
        let pins = desk.plan.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        // Half of the shifts of a stretch may be too short by themselves: such pins are refused.
        guard PlanScore(of: pins, in: desk.problem).violations.isEmpty else { return }
        let problem = try desk.pinning(pins)
        let settings = PlanningEngine.Settings(seed: UInt64(seed), checksSums: true)
        let found = await PlanningEngine(problem: problem, settings: settings).run(.steps(60))
        #expect(PlanScore(of: found.shifts, in: problem).total == found.cost)
        let whole = found.adding(pins, in: desk.problem)
        let score = PlanScore(of: whole.shifts, in: desk.problem)
        #expect(score.violations.isEmpty)
        #expect(score.total == whole.cost)
        #expect(Set(whole.shifts).isSuperset(of: pins))
        #expect(score.total <= PlanScore(of: pins, in: desk.problem).total)
    }

    @Test("stay where a search with them is cancelled, which is made again up to there")
    func stayCancelled() async throws {
        let desk = try RandomDesk.of(5)
        let problem = try desk.pinning(desk.plan)
        let engine = PlanningEngine(problem: problem, settings: .init(seed: 3))
        let search = Task { await engine.run(.untilSpent { 0 }) }
        search.cancel()
        let first = await search.value
        let again = await engine.run(.replaying(try #require(SearchRecord(first.record.description))))
        #expect(again.shifts == first.shifts)
        #expect(again.record == first.record)
    }

    @Test("leave every part of a week that they cut to be filled")
    func fillsParts() async throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann")
        for day in 0..<7 { try desk.want("ask", day, 9..<12) }
        // On Tuesday, Thursday and Saturday she is there already: four parts of the week are free.
        let pins = try [1, 3, 5].map { try desk.shift("ask", "ann", $0, 9..<12) }
        let problem = try desk.problem()
        desk.fixed = pins
        let found = await PlanningEngine(problem: try desk.problem(), settings: .init()).run(.steps(40))
        let whole = found.adding(pins, in: problem)
        #expect(PlanScore(of: whole.shifts, in: problem).parts[.gap] == .zero)
        #expect(whole.shifts.count == 7)
    }
}

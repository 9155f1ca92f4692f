import Coverage
import Planning
import Testing

@Suite("The search for a plan")
struct PlanningEngineTests {
    @Test("breaks no rule, and its cost is what the plan costs when it is added up anew", arguments: RandomDesk.seeds)
    func keepsRules(seed: Int) async throws {
        let problem = try RandomDesk.of(seed).problem
        let settings = PlanningEngine.Settings(seed: UInt64(seed), threads: 2, checksSums: true)
        let result = await PlanningEngine(problem: problem, settings: settings).run(.steps(60))
        let score = PlanScore(of: result.shifts, in: problem)
        #expect(score.violations.isEmpty)
        #expect(score.total == result.cost)
        #expect(score.total <= PlanScore(of: [], in: problem).total)
    }

    @Test("is no worse than a plan drawn by chance", arguments: RandomDesk.seeds)
    func beatsChance(seed: Int) async throws {
        let desk = try RandomDesk.of(seed)
        let result = await PlanningEngine(problem: desk.problem, settings: .init(seed: 1)).run(.steps(200))
        #expect(result.cost <= PlanScore(of: desk.plan, in: desk.problem).total)
    }

    @Test("gives the same plan for the same seed and steps, whatever the threads")
    func repeats() async throws {
        let problem = try RandomDesk.of(3).problem
        var plans: [[Shift]] = []
        for threads in [1, 1, 2, 3] {
            plans.append(
                await PlanningEngine(problem: problem, settings: .init(seed: 5, threads: threads)).run(.steps(80))
                    .shifts)
        }
        #expect(plans.allSatisfy { $0 == plans[0] })
        #expect(!plans[0].isEmpty)
    }

    @Test("with no time at all still gives a plan that breaks no rule")
    func stopsAtOnce() async throws {
        let problem = try RandomDesk.of(2).problem
        for budget in [PlanningEngine.Budget.steps(0), .untilSpent { 1 }] {
            let result = await PlanningEngine(problem: problem, settings: .init()).run(budget)
            #expect(PlanScore(of: result.shifts, in: problem).violations.isEmpty)
        }
    }

    @Test("ends when its task is cancelled, with the best plan so far")
    func isCancelled() async throws {
        let problem = try RandomDesk.of(4).problem
        let search = Task { await PlanningEngine(problem: problem, settings: .init(threads: 2)).run(.untilSpent { 0 }) }
        search.cancel()
        let result = await search.value
        #expect(PlanScore(of: result.shifts, in: problem).total == result.cost)
    }

    @Test("covers every hour of the nights on which clocks change", arguments: ["2026-10-26", "2027-03-08"])
    func coversChanges(start: String) async throws {
        var desk = SmallDesk(startsOn: start)
        desk.add(queue: "ask", shift: 1...6)
        for id in ["ann", "bob", "cid", "dan", "eve"] { desk.add(id, perDay: 8) }
        try desk.want("ask", 6, 0..<24)
        let problem = try desk.problem()
        let result = await PlanningEngine(problem: problem, settings: .init()).run(.steps(200))
        let score = PlanScore(of: result.shifts, in: problem)
        #expect(score.violations.isEmpty)
        #expect(score.parts[.gap] == .zero)
    }

    @Test("minds the hours that are published around the period")
    func mindsFixed() async throws {
        var desk = SmallDesk()
        desk.days = 1
        desk.add(queue: "ask")
        desk.add("ann", perWeek: 5)
        try desk.want("ask", 0, 8..<12)
        desk.fixed = [try desk.shift("ask", "ann", 1, 8..<12)]
        let result = await PlanningEngine(problem: try desk.problem(), settings: .init()).run(.steps(50))
        let minutes = result.shifts.reduce(0) { $0 + $1.during.upperBound.seconds(since: $1.during.lowerBound) / 60 }
        #expect(minutes == 60)
    }

    @Test("demand that nobody can meet, and no demand at all, are planned too")
    func extremes() async throws {
        var desk = SmallDesk()
        desk.add("ann")
        let nothing = await PlanningEngine(problem: try desk.problem(), settings: .init()).run(.steps(10))
        #expect(nothing.shifts.isEmpty)
        desk.add(queue: "spanish", skill: "spanish")
        try desk.want("spanish", 0, 8..<12)
        let hopeless = await PlanningEngine(problem: try desk.problem(), settings: .init()).run(.steps(10))
        #expect(hopeless.shifts.isEmpty)
        #expect(PlanScore(of: [], in: try desk.problem()).parts[.gap]?.description == "4000.00")
    }
}

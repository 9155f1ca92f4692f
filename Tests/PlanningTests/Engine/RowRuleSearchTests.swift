import Coverage
import Planning
import Testing

@Suite("With rules on late shifts and nights the search")
struct RowRuleSearchTests {
    @Test("breaks none, and its cost is what the plan costs when it is added up anew", arguments: RandomDesk.seeds)
    func keepsRules(seed: Int) async throws {
        let problem = try RandomDesk.withRowRules(seed).problem
        let settings = PlanningEngine.Settings(seed: UInt64(seed), threads: 2, checksSums: true)
        let result = await PlanningEngine(problem: problem, settings: settings).run(.steps(60))
        let score = PlanScore(of: result.shifts, in: problem)
        #expect(score.violations.isEmpty)
        #expect(score.total == result.cost)
        #expect(score.total <= PlanScore(of: [], in: problem).total)
        #expect(result.lowerBound <= result.cost)
    }

    @Test("is no worse than a plan drawn by chance", arguments: RandomDesk.seeds)
    func beatsChance(seed: Int) async throws {
        let desk = try RandomDesk.withRowRules(seed)
        let result = await PlanningEngine(problem: desk.problem, settings: .init(seed: 1)).run(.steps(200))
        #expect(result.cost <= PlanScore(of: desk.plan, in: desk.problem).total)
    }

    @Test("mends a plan around pinned shifts, with all sums checked", arguments: RandomDesk.seeds)
    func replans(seed: Int) throws {
        let desk = try RandomDesk.withRowRules(seed)
        let pins = desk.plan.enumerated().filter { $0.offset % 3 == 0 }.map(\.element)
        let problem = try desk.pinning(pins)
        let outcome = Replanning(
            problem: problem, known: desk.plan, pins: pins, pricePerHour: Thousandths(1),
            settings: .init(checksSums: true)
        ).run()
        #expect(PlanScore(of: outcome.shifts, in: problem).violations.isEmpty)
    }

    /// Four weeks of nights and evenings that three people share.
    private func month(_ rules: [Rule]) throws -> PlanningProblem {
        var desk = SmallDesk()
        desk.days = 28
        desk.bundle.consortium.weeks = 4
        desk.add(queue: "ask", shift: 2...6)
        desk.add(queue: "email", shift: 1...3)
        for (id, hours) in [("ann", 0..<24), ("bob", 0..<24), ("cid", 12..<24)] {
            desk.add(id, perWeek: 30, perDay: 6, hours: hours, likes: 1)
        }
        for day in 0..<28 {
            try desk.want("ask", day, 0..<4)
            try desk.want("ask", day, 18..<24)
            try desk.want("email", day, 9..<12)
        }
        desk.bundle.consortium.rules = RuleBook(rules)
        return try desk.problem()
    }

    private static func rules(_ late: Rule.Class, _ night: Rule.Class) -> [Rule] {
        func numbers(_ numbers: [Rule.Parameter: Thousandths], _ ruleClass: Rule.Class) -> [Rule.Parameter: Thousandths]
        {
            ruleClass == .green ? numbers.merging([.weight: Thousandths(40)]) { $1 } : numbers
        }
        return [
            Rule(
                name: .maxLateShiftsPerWeek, ruleClass: late,
                parameters: numbers([.shifts: Thousandths(2), .afterHour: Thousandths(21)], late)),
            Rule(
                name: .restAfterNight, ruleClass: night,
                parameters: numbers([.fromHour: .zero, .toHour: Thousandths(5)], night)),
        ]
    }

    @Test(
        "keeps them from one week into the next, in each class",
        arguments: [Rule.Class.red, .yellow, .green], [Rule.Class.red, .green])
    func month(late: Rule.Class, night: Rule.Class) async throws {
        let problem = try month(Self.rules(late, night))
        let settings = PlanningEngine.Settings(seed: 3, threads: 2, checksSums: true)
        let result = await PlanningEngine(problem: problem, settings: settings).run(.steps(400))
        let score = PlanScore(of: result.shifts, in: problem)
        #expect(score.violations.isEmpty)
        #expect(score.total == result.cost)
        #expect(!result.shifts.isEmpty)
    }

    @Test("places an operator beyond a yellow limit for the shift that is permitted, and for no other")
    func permitted() async throws {
        var desk = SmallDesk()
        desk.add(queue: "ask", shift: 2...2)
        desk.add("ann")
        for day in 0..<5 { try desk.want("ask", day, 20..<22) }
        desk.bundle.consortium.rules = RuleBook([Rule.Name.maxLateShiftsPerWeek.standard])
        func evenings() async throws -> [Range<Instant>] {
            await PlanningEngine(problem: try desk.problem(), settings: .init(checksSums: true)).run(.steps(200)).shifts
                .map(\.during)
        }
        #expect(try await evenings().count == 2)
        try desk.override(.maxLateShiftsPerWeek, "ann", 3, 20..<22)
        let found = try await evenings()
        #expect(found.count == 3)
        #expect(found.contains(try desk.time(3, 20..<22)))
    }
}

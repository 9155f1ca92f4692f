import Coverage
import Planning
import Testing

@Suite("A plan that breaks a rule is told so")
struct RuleViolationTests {
    /// Ann, for general questions from 8 to 20 and five hours a day at most, and a queue that is open all week.
    private static func desk() throws -> SmallDesk {
        var desk = SmallDesk()
        desk.add(queue: "ask", shift: 2...4)
        desk.add(queue: "spanish", skill: "spanish", shift: 2...4)
        desk.add("ann", perWeek: 12, perDay: 5, hours: 8..<20)
        for day in 0..<7 {
            try desk.want("ask", day, 6..<22)
            try desk.want("spanish", day, 6..<20)
        }
        return desk
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let names: [String]
        var prepare: @Sendable (inout SmallDesk) throws -> Void = { _ in }
        /// Queue, day and hours of Ann's shifts.
        let shifts: [(String, Int, Range<Int>)]
    }

    static let cases = [
        Case(testDescription: "nothing broken", names: [], shifts: [("ask", 0, 9..<12)]),
        Case(testDescription: "without the skill", names: ["skill"], shifts: [("spanish", 0, 9..<12)]),
        Case(testDescription: "before her hours", names: ["availability"], shifts: [("ask", 0, 7..<10)]),
        Case(
            testDescription: "while absent", names: ["absence"], prepare: { try $0.absent("ann", 0, 11..<12) },
            shifts: [("ask", 0, 9..<12)]),
        Case(
            testDescription: "while her library is closed", names: ["library_closed"],
            prepare: { $0.close("lib", 0) }, shifts: [("ask", 0, 9..<12)]),
        Case(
            testDescription: "while all libraries are closed", names: ["library_closed"],
            prepare: { $0.close(nil, 0) }, shifts: [("ask", 0, 9..<12)]),
        Case(testDescription: "too short", names: ["shift_length"], shifts: [("ask", 0, 9..<10)]),
        Case(testDescription: "too long", names: ["shift_length"], shifts: [("ask", 0, 9..<14)]),
        Case(
            testDescription: "two shifts that make one too long", names: ["shift_length"],
            shifts: [("ask", 0, 9..<11), ("ask", 0, 11..<14)]),
        Case(
            testDescription: "more than a day's hours", names: ["max_hours_per_day"],
            shifts: [("ask", 0, 9..<12), ("ask", 0, 14..<17)]),
        Case(
            testDescription: "more than a week's hours", names: ["max_hours_per_week"],
            shifts: (0..<5).map { ("ask", $0, 9..<12) }),
        Case(
            testDescription: "a break neither short nor a rest", names: ["min_rest_hours"],
            shifts: [("ask", 0, 8..<10), ("ask", 0, 16..<18)]),
        Case(
            testDescription: "too little rest overnight", names: ["min_rest_hours"],
            prepare: { desk in
                let long = Thousandths(14)
                desk.bundle.consortium.rules = RuleBook([
                    Rule(
                        name: .minRestHours, ruleClass: .yellow,
                        parameters: [.hours: long, .splitHours: Thousandths(4)])
                ])
            }, shifts: [("ask", 0, 18..<20), ("ask", 1, 8..<10)]),
        Case(
            testDescription: "a published shift before the period counts", names: ["min_rest_hours"],
            prepare: { desk in desk.fixed = [try desk.shift("ask", "ann", -1, 22..<24)] },
            shifts: [("ask", 0, 8..<10)]),
    ]

    @Test("with the rule's name", arguments: cases)
    func names(_ example: Case) throws {
        var desk = try Self.desk()
        try example.prepare(&desk)
        let shifts = try example.shifts.map { try desk.shift($0.0, "ann", $0.1, $0.2) }
        let score = PlanScore(of: shifts, in: try desk.problem())
        #expect(Set(score.violations.map(\.name)) == Set(example.names))
        #expect(score.violations.allSatisfy { $0.operator.rawValue == "ann" })
    }

    @Test("two places at a time, a slot nobody is wanted in, a time outside the period, an unknown operator")
    func others() throws {
        let desk = try Self.desk()
        let problem = try desk.problem()
        func broken(_ shifts: [Shift]) -> Set<String> {
            Set(PlanScore(of: shifts, in: problem).violations.map(\.name))
        }
        let twice = [try desk.shift("ask", "ann", 0, 9..<12), try desk.shift("spanish", "ann", 0, 10..<12)]
        #expect(broken(twice).contains("one_place_at_a_time"))
        #expect(broken([try desk.shift("ask", "ann", 0, 4..<8)]).contains("no_demand"))
        #expect(broken([try desk.shift("ask", "ann", 9, 9..<12)]) == ["outside_period"])
        #expect(broken([try desk.shift("ask", "nobody", 0, 9..<12)]) == ["unknown"])
    }

    @Test("in words that name the operator, the queue and the time")
    func words() throws {
        let desk = try Self.desk()
        let problem = try desk.problem()
        let score = PlanScore(of: [try desk.shift("ask", "ann", 0, 9..<14)], in: problem)
        let text = try #require(score.violations.first).text(in: problem.zone)
        #expect(text.hasPrefix("shift_length: ann on “ask”, Mon 2026-10-26 09:00–14:00"))
    }

    @Test("an override lifts its rule for its operator and time, and nothing else")
    func overrides() throws {
        var desk = try Self.desk()
        try desk.override(.maxHoursPerDay, "ann", 0, 0..<24)
        let problem = try desk.problem()
        func broken(_ day: Int) throws -> [String] {
            let shifts = [try desk.shift("ask", "ann", day, 9..<12), try desk.shift("ask", "ann", day, 14..<17)]
            return PlanScore(of: shifts, in: problem).violations.map(\.name)
        }
        #expect(try broken(0).isEmpty)
        #expect(try broken(1) == ["max_hours_per_day"])
    }

    @Test("a limit made green is not broken, but costs its weight an hour")
    func green() throws {
        var desk = try Self.desk()
        desk.bundle.consortium.rules = RuleBook([
            Rule(name: .maxHoursPerDay, ruleClass: .green, parameters: [.weight: Thousandths(7)])
        ])
        let shifts = [try desk.shift("ask", "ann", 0, 9..<12), try desk.shift("ask", "ann", 0, 14..<17)]
        let score = PlanScore(of: shifts, in: try desk.problem())
        #expect(score.violations.isEmpty)
        #expect(score.parts[.maxHoursPerDay]?.description == "7.00")
    }
}

import Coverage
import Planning
import Testing

@Suite("A day of rest after a night")
struct NightRestRuleTests {
    /// Ann, at any hour, and a queue that is always open; whoever works between 0:00 and 5:00 has the next day free.
    private static func desk(
        _ ruleClass: Rule.Class = .yellow, from: Int = 0, to: Int = 5
    ) throws -> SmallDesk {
        var desk = SmallDesk()
        desk.add(queue: "ask", shift: 1...8)
        desk.add("ann", perWeek: 100)
        for day in 0..<7 { try desk.want("ask", day, 0..<24) }
        var numbers: [Rule.Parameter: Thousandths] = [.fromHour: Thousandths(from), .toHour: Thousandths(to)]
        if ruleClass == .green { numbers[.weight] = Thousandths(25) }
        desk.bundle.consortium.rules = RuleBook([
            Rule(name: .restAfterNight, ruleClass: ruleClass, parameters: numbers)
        ])
        return desk
    }

    private func violations(_ shifts: [(Int, Range<Int>)], in desk: SmallDesk) throws -> [RuleViolation] {
        let plan = try shifts.map { try desk.shift("ask", "ann", $0.0, $0.1) }
        return PlanScore(of: plan, in: try desk.problem()).violations
    }

    /// From an hour of one day to an hour of the next.
    private func overnight(_ desk: SmallDesk, _ day: Int, from: Int, to: Int) throws -> Shift {
        Shift(
            queue: Queue.ID("ask"), operator: Operator.ID("ann"),
            during: try desk.time(day, from..<24).lowerBound..<(try desk.time(day + 1, 0..<to)).upperBound)
    }

    @Test("holds where the day after the night is free", arguments: [Rule.Class.red, .yellow])
    func holds(ruleClass: Rule.Class) throws {
        #expect(try violations([(0, 1..<4), (2, 9..<12)], in: try Self.desk(ruleClass)).isEmpty)
    }

    @Test("is broken by work on that day, which is told", arguments: [Rule.Class.red, .yellow])
    func isBroken(ruleClass: Rule.Class) throws {
        let desk = try Self.desk(ruleClass)
        let found = try violations([(0, 1..<4), (1, 16..<19)], in: desk)
        let zone = try desk.problem().zone
        #expect(
            found.map { $0.text(in: zone) } == [
                "rest_after_night: ann, Tue 2026-10-27 16:00–19:00: work on 2026-10-27, the day after one on which a "
                    + "shift at night (0–5 h) ends"
            ])
    }

    @Test("an evening and an early morning are no night")
    func noNight() throws {
        #expect(try violations([(0, 20..<24), (1, 12..<14), (2, 5..<9), (3, 9..<12)], in: try Self.desk()).isEmpty)
    }

    @Test("counts from the day on which the night ends")
    func ends() throws {
        let desk = try Self.desk()
        let problem = try desk.problem()
        let night = try overnight(desk, 0, from: 22, to: 2)
        let (second, third) = (try desk.shift("ask", "ann", 2, 9..<12), try desk.shift("ask", "ann", 3, 9..<12))
        #expect(PlanScore(of: [night, second], in: problem).violations.map(\.during) == [second.during])
        #expect(PlanScore(of: [night, third], in: problem).violations.isEmpty)
    }

    @Test("a shift that goes on into the day of rest is work on it")
    func reachesIn() throws {
        let desk = try Self.desk()
        let plan = [try desk.shift("ask", "ann", 0, 1..<4), try overnight(desk, 0, from: 23, to: 1)]
        #expect(PlanScore(of: plan, in: try desk.problem()).violations.map(\.during) == [plan[1].during])
    }

    @Test("a night may go over midnight")
    func overMidnight() throws {
        let desk = try Self.desk(from: 22, to: 5)
        #expect(try violations([(0, 20..<22), (1, 9..<12)], in: desk).isEmpty)
        #expect(try violations([(0, 20..<23), (1, 12..<14)], in: desk).count == 1)
        #expect(try violations([(0, 4..<6), (1, 12..<14)], in: desk).count == 1)
    }

    @Test("a night that was published for the Sunday before leaves no work on Monday")
    func published() throws {
        var desk = try Self.desk()
        desk.fixed = [try desk.shift("ask", "ann", -1, 1..<4)]
        #expect(try violations([(0, 16..<19)], in: desk).map(\.during) == [try desk.time(0, 16..<19)])
        desk.fixed.append(try desk.shift("ask", "ann", 0, 16..<19))
        #expect(try violations([(2, 16..<19)], in: desk).isEmpty, "what is published breaks it, not the plan")
    }

    @Test("costs its weight for each night, where it is green")
    func green() throws {
        let desk = try Self.desk(.green)
        let plan = try [(0, 1..<4), (1, 16..<19), (3, 1..<4), (4, 16..<19), (4, 21..<23)].map {
            try desk.shift("ask", "ann", $0.0, $0.1)
        }
        let score = PlanScore(of: plan, in: try desk.problem())
        #expect(!score.violations.map(\.name).contains("rest_after_night"))
        #expect(score.parts[.restAfterNight]?.description == "50.00")
    }

    @Test("is lifted by an override for the night or for the work after it, and for no other")
    func overrides() throws {
        let shifts = [(0, 1..<4), (1, 16..<19), (3, 1..<4), (4, 16..<19)]
        for (day, hours) in [(0, 1..<4), (1, 16..<19)] {
            var desk = try Self.desk()
            try desk.override(.restAfterNight, "ann", day, hours)
            #expect(try violations(shifts, in: desk).map(\.during) == [try desk.time(4, 16..<19)])
        }
    }

    @Test("does not exist where nobody named it")
    func off() throws {
        var desk = try Self.desk()
        desk.bundle.consortium.rules = RuleBook()
        #expect(try violations([(0, 1..<4), (1, 16..<19)], in: desk).isEmpty)
    }

    @Test("holds somebody from a gap, who is told so")
    func gap() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann")
        try desk.want("ask", 0, 1..<4)
        try desk.want("ask", 1, 16..<19)
        desk.bundle.consortium.rules = RuleBook([Rule.Name.restAfterNight.standard])
        let reasons = try desk.report([try desk.shift("ask", "ann", 0, 1..<4)]).gaps.map(\.reason.text)
        #expect(reasons == ["the day of rest after a night holds 1 (ann)"])
    }
}

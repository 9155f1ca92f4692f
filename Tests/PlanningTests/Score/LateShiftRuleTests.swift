import Coverage
import Planning
import Testing

@Suite("A limit on late shifts in a week")
struct LateShiftRuleTests {
    /// Ann, at any hour, and a queue that is always open; two shifts a week may end after 20:00.
    private static func desk(_ ruleClass: Rule.Class = .yellow, weight: Int = 30) throws -> SmallDesk {
        var desk = SmallDesk()
        desk.add(queue: "ask", shift: 1...8)
        desk.add(queue: "email", shift: 1...8)
        desk.add("ann", perWeek: 100)
        for day in 0..<7 {
            for queue in ["ask", "email"] { try desk.want(queue, day, 0..<24) }
        }
        var numbers: [Rule.Parameter: Thousandths] = [.shifts: Thousandths(2), .afterHour: Thousandths(20)]
        if ruleClass == .green { numbers[.weight] = Thousandths(weight) }
        desk.bundle.consortium.rules = RuleBook([
            Rule(name: .maxLateShiftsPerWeek, ruleClass: ruleClass, parameters: numbers)
        ])
        return desk
    }

    private func violations(_ shifts: [(Int, Range<Int>)], in desk: SmallDesk) throws -> [RuleViolation] {
        let plan = try shifts.map { try desk.shift("ask", "ann", $0.0, $0.1) }
        return PlanScore(of: plan, in: try desk.problem()).violations
    }

    @Test(
        "holds while no more end late, and a shift that ends at the hour does not",
        arguments: [Rule.Class.red, .yellow])
    func holds(ruleClass: Rule.Class) throws {
        let shifts = [(0, 17..<21), (2, 20..<22), (4, 16..<20), (5, 16..<20)]
        #expect(try violations(shifts, in: try Self.desk(ruleClass)).isEmpty)
    }

    @Test("is broken by the third, which is told", arguments: [Rule.Class.red, .yellow])
    func isBroken(ruleClass: Rule.Class) throws {
        let desk = try Self.desk(ruleClass)
        let found = try violations([(0, 17..<21), (2, 20..<22), (4, 18..<22)], in: desk)
        #expect(found.map(\.name) == ["max_late_shifts_per_week"])
        #expect(found.map(\.during) == [try desk.time(4, 18..<22)])
        let zone = try desk.problem().zone
        #expect(
            found.map { $0.text(in: zone) } == [
                "max_late_shifts_per_week: ann, Fri 2026-10-30 18:00–22:00: "
                    + "one of 3 shifts of the week that end after 20 h, where at most 2 may"
            ])
    }

    @Test("counts a shift past midnight once, in the week in which it starts")
    func midnight() throws {
        let desk = try Self.desk()
        let night = Shift(
            queue: Queue.ID("ask"), operator: Operator.ID("ann"),
            during: try desk.time(4, 23..<24).lowerBound..<(try desk.time(5, 0..<2)).upperBound)
        let problem = try desk.problem()
        let evenings = try [0, 2].map { try desk.shift("ask", "ann", $0, 19..<22) }
        #expect(PlanScore(of: evenings + [night], in: problem).violations.count == 1)
        #expect(PlanScore(of: [evenings[0], night], in: problem).violations.isEmpty)
    }

    @Test("begins anew on Monday")
    func weeks() throws {
        var desk = try Self.desk()
        desk.fixed = try [-3, -2, -1].map { try desk.shift("ask", "ann", $0, 18..<22) }
        #expect(try violations([(0, 18..<22), (1, 18..<22)], in: desk).isEmpty)
    }

    @Test("counts what is published in the same week, but does not judge it")
    func published() throws {
        var desk = try Self.desk()
        desk.fixed = try [0, 1, 2].map { try desk.shift("ask", "ann", $0, 18..<22) }
        #expect(try violations([(4, 9..<12)], in: desk).isEmpty)
        #expect(try violations([(4, 18..<22)], in: desk).map(\.during) == [try desk.time(4, 18..<22)])
    }

    @Test("costs its weight for each shift too many, where it is green")
    func green() throws {
        let desk = try Self.desk(.green)
        let plan = try (0..<5).map { try desk.shift("ask", "ann", $0, 18..<22) }
        let score = PlanScore(of: plan, in: try desk.problem())
        #expect(score.violations.isEmpty)
        #expect(score.parts[.maxLateShiftsPerWeek]?.description == "90.00")
    }

    @Test("is lifted by an override for its shift alone, and only where it is yellow")
    func overrides() throws {
        for ruleClass in [Rule.Class.red, .yellow] {
            var desk = try Self.desk(ruleClass)
            try desk.override(.maxLateShiftsPerWeek, "ann", 2, 18..<22)
            let three = [(0, 18..<22), (2, 18..<22), (4, 18..<22)]
            #expect(try violations(three, in: desk).count == (ruleClass == .yellow ? 0 : 1))
            #expect(try violations(three + [(5, 18..<22)], in: desk).count == (ruleClass == .yellow ? 1 : 2))
        }
    }

    @Test("does not exist where nobody named it")
    func off() throws {
        var desk = try Self.desk()
        desk.bundle.consortium.rules = RuleBook()
        #expect(try violations((0..<7).map { ($0, 18..<22) }, in: desk).isEmpty)
    }

    @Test("holds somebody from a gap, who is told so")
    func gap() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann")
        for day in [0, 2, 4] { try desk.want("ask", day, 20..<22) }
        desk.bundle.consortium.rules = RuleBook([Rule.Name.maxLateShiftsPerWeek.standard])
        let plan = try [0, 2].map { try desk.shift("ask", "ann", $0, 20..<22) }
        #expect(try desk.report(plan).gaps.map(\.reason.text) == ["late shifts in the week hold 1 (ann)"])
    }

    @Test("is what a coordinator is told to ask for")
    func suggestion() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann")
        for day in [0, 2, 4] { try desk.want("ask", day, 20..<22) }
        desk.bundle.consortium.rules = RuleBook([Rule.Name.maxLateShiftsPerWeek.standard])
        let plan = try [0, 2].map { try desk.shift("ask", "ann", $0, 20..<22) }
        let problem = try desk.problem()
        let gaps = GapReport(of: plan, in: problem).gaps
        let proofs = GapProofs(of: gaps, in: plan, for: problem)
        let list = SuggestionList(for: gaps, proofs: proofs.proofs, of: plan, in: problem)
        let lines = list.advice.flatMap(\.steps).flatMap { SuggestionWords($0, in: problem).lines }
        #expect(
            lines == [
                "ask ann (ann, lib) for one more late shift in their week: ask Fri 2026-10-30 20:00–22:00 "
                    + "(override of max_late_shifts_per_week)"
            ])
    }
}

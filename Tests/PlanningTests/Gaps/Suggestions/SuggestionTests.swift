import Coverage
import Planning
import Testing

@Suite("Suggestions that close gaps")
struct SuggestionTests {
    private func list(_ desk: SmallDesk, _ shifts: [Shift] = []) throws -> SuggestionList {
        let problem = try desk.problem()
        let gaps = GapReport(of: shifts, in: problem).gaps
        let proofs = GapProofs(of: gaps, in: shifts, for: problem)
        return SuggestionList(for: gaps, proofs: proofs.proofs, of: shifts, in: problem)
    }

    private func words(_ list: SuggestionList, _ desk: SmallDesk) throws -> [String] {
        let problem = try desk.problem()
        return list.advice.flatMap(\.steps).flatMap { SuggestionWords($0, in: problem).lines }
    }

    @Test("place who is free")
    func place() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann")
        try desk.want("ask", 0, 9..<11)
        let list = try list(desk)
        #expect(list.advice.map(\.outcome) == [.closes])
        #expect(try words(list, desk) == ["ann (ann, lib) comes to ask Mon 2026-10-26 09:00–11:00"])
        #expect(list.costAfter.description == "40.00")
        #expect(list.shifts == [try desk.shift("ask", "ann", 0, 9..<11)])
    }

    @Test("move one operator, and let another take the place that is left")
    func chain() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add(queue: "spanish", skill: "spanish")
        desk.add("ann", skills: ["general", "spanish"])
        desk.add("bob")
        for queue in ["ask", "spanish"] { try desk.want(queue, 0, 9..<11) }
        let list = try list(desk, [try desk.shift("ask", "ann", 0, 9..<11)])
        #expect(list.advice.map(\.outcome) == [.closes])
        #expect(
            try words(list, desk) == [
                "ann (ann, lib) moves to spanish Mon 2026-10-26 09:00–11:00 from ask 09:00–11:00",
                "bob (bob, lib) comes to ask Mon 2026-10-26 09:00–11:00",
            ])
        #expect(list.permissions == [])
    }

    @Test("leave pinned shifts alone")
    func pinned() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add(queue: "spanish", skill: "spanish")
        desk.add("ann", skills: ["general", "spanish"])
        desk.add("bob")
        for queue in ["ask", "spanish"] { try desk.want(queue, 0, 9..<11) }
        let pin = try desk.shift("ask", "ann", 0, 9..<11)
        let problem = try desk.problem()
        let list = SuggestionList(
            for: GapReport(of: [pin], in: problem).gaps, proofs: [], of: [pin], in: problem,
            settings: SuggestionList.Settings(pins: [pin]))
        #expect(list.advice.map(\.outcome) == [.nothingFound])
        #expect(list.shifts == [pin])
    }

    @Test(
        "ask for one shift beyond a yellow rule, and say by how much",
        arguments: [
            (Rule.Name.maxHoursPerWeek, 3, 24, "for 1 h beyond their week"),
            (.maxHoursPerDay, 40, 3, "for 1 h beyond their day"),
        ])
    func overrides(rule: Rule.Name, perWeek: Int, perDay: Int, request: String) throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann", perWeek: perWeek, perDay: perDay)
        try desk.want("ask", 0, 9..<13)
        let list = try list(desk, [try desk.shift("ask", "ann", 0, 9..<12)])
        #expect(list.advice.map(\.outcome) == [.closes])
        #expect(list.permissions.map(\.rule) == [rule])
        #expect(list.advice[0].steps[0].permissions.map(\.excessMinutes) == [60])
        #expect(
            try words(list, desk) == [
                "ask ann (ann, lib) \(request): ask Mon 2026-10-26 09:00–13:00 in place of 09:00–12:00 "
                    + "(override of \(rule.rawValue))"
            ])
    }

    @Test("ask for a shorter rest")
    func rest() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann")
        try desk.want("ask", 0, 9..<10)
        try desk.want("ask", 0, 16..<17)
        let list = try list(desk, [try desk.shift("ask", "ann", 0, 9..<10)])
        #expect(list.permissions.map(\.rule) == [.minRestHours])
        #expect(list.advice[0].steps[0].permissions.map(\.excessMinutes) == [4 * 60])
    }

    @Test("never bend a red rule")
    func red() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann", perWeek: 3)
        desk.bundle.consortium.rules = RuleBook([Rule(name: .maxHoursPerWeek, ruleClass: .red)])
        try desk.want("ask", 0, 9..<13)
        let list = try list(desk, [try desk.shift("ask", "ann", 0, 9..<12)])
        #expect(list.advice.map(\.outcome) == [.nothingFound])
        #expect(list.costAfter == list.costBefore)
    }

    @Test("close no gap by opening one that matters as much")
    func exchange() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add(queue: "email")
        desk.add("ann")
        for queue in ["ask", "email"] { try desk.want(queue, 0, 9..<11) }
        let list = try list(desk, [try desk.shift("ask", "ann", 0, 9..<11)])
        #expect(list.advice.map(\.outcome) == [.nothingFound])
    }

    @Test("tell what it takes from others below their targets")
    func price() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add(queue: "email")
        desk.add("ann")
        try desk.want("ask", 0, 9..<10)
        try desk.want("email", 0, 9..<10, minimum: 0, target: 1)
        let list = try list(desk, [try desk.shift("email", "ann", 0, 9..<10)])
        let step = try #require(list.advice[0].steps.first)
        #expect(step.openedMinutes == 60)
        #expect(
            SuggestionWords(step, in: try desk.problem()).consequence
                == "closes it, leaves 1 h below a target elsewhere, cost -900.00")
    }

    @Test("change a plan whose stretches are cut into hours")
    func cut() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add(queue: "spanish", skill: "spanish")
        desk.add("ann", skills: ["general", "spanish"])
        desk.add("bob")
        for queue in ["ask", "spanish"] { try desk.want(queue, 0, 9..<11) }
        try desk.want("ask", 1, 9..<11)
        let hours = try [0, 1].flatMap { day in try [9, 10].map { try desk.shift("ask", "ann", day, $0..<$0 + 1) } }
        let list = try list(desk, hours)
        #expect(list.advice.map(\.outcome) == [.closes])
        #expect(list.advice[0].steps[0].changes[0].removed == Array(hours.prefix(2)))
    }

    @Test("are found where far more is wanted than there are people")
    func hugeDemand() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann")
        desk.add("bob")
        try desk.want("ask", 0, 9..<13, minimum: 1_000_000, target: 1_000_000)
        let list = try list(desk)
        #expect(list.advice.map(\.outcome) == [.closesSome])
        #expect(list.shifts.count == 2)
    }

    @Test("take several people for a gap that is long, one after the other")
    func several() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask", shift: 1...2)
        desk.add("ann", hours: 9..<11)
        desk.add("bob", hours: 11..<13)
        try desk.want("ask", 0, 9..<13)
        let list = try list(desk)
        #expect(list.advice.map(\.outcome) == [.closes])
        #expect(list.advice[0].steps.map(\.missingAfter) == [120, 0])
    }

    @Test("say what only holds after those before it")
    func onTop() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann", perWeek: 2)
        desk.add("bob", perWeek: 1)
        for day in 0..<3 { try desk.want("ask", day, 9..<10) }
        let list = try list(desk)
        let steps = list.advice.flatMap(\.steps)
        #expect(steps.count == 3)
        #expect(steps[0].holdsAlone == true)
        // Both have room on the empty plan: each of the steps would hold there.
        #expect(steps.allSatisfy { $0.holdsAlone == true })
    }

    @Test("are not looked for when time is over, or for more gaps than wanted")
    func bounded() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann")
        for day in 0..<3 { try desk.want("ask", day, 9..<10) }
        let problem = try desk.problem()
        let gaps = GapReport(of: [], in: problem).gaps
        let late = SuggestionList(for: gaps, proofs: [], of: [], in: problem) { true }
        #expect(late.advice.map(\.outcome) == [.notTried, .notTried, .notTried])
        let two = SuggestionList(
            for: gaps, proofs: [], of: [], in: problem, settings: SuggestionList.Settings(mostGaps: 2))
        #expect(two.advice.map(\.outcome) == [.closes, .closes, .notTried])
    }
}

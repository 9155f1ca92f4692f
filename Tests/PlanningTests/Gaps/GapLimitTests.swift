import Coverage
import Planning
import Testing

@Suite("Which limit holds those who are free")
struct GapLimitTests {
    @Test("weekly hours")
    func week() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann", perWeek: 3)
        try desk.want("ask", 0, 9..<12)
        try desk.want("ask", 3, 9..<11)
        let gaps = try desk.report([try desk.shift("ask", "ann", 0, 9..<12)]).gaps
        #expect(gaps.map(\.reason) == [GapReason(kind: .heldByLimit, text: "weekly hours hold 1 (ann)")])
        #expect(gaps.map(\.gap.during) == [try desk.time(3, 9..<11)])
    }

    @Test("daily hours, while the week has room")
    func day() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann", perDay: 3)
        try desk.want("ask", 0, 9..<14)
        let gaps = try desk.report([try desk.shift("ask", "ann", 0, 9..<12)]).gaps
        #expect(gaps.map(\.reason.text) == ["daily hours hold 1 (ann)"])
    }

    @Test("the rest after an evening, whose shift is published and not the plan's")
    func rest() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann")
        try desk.want("ask", 0, 6..<10)
        desk.fixed = [try desk.shift("ask", "ann", -1, 20..<24)]
        let gaps = try desk.report().gaps
        // 24:00 to 10:00 are the ten hours of a full rest, to 6:00 they are six.
        #expect(gaps.map(\.reason) == [GapReason(kind: .heldByLimit, text: "the rest between shifts holds 1 (ann)")])
    }

    @Test("the rest before a published shift, if the plan would carry that on")
    func restBeforeFixed() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask", shift: 1...6)
        desk.add("ann")
        try desk.want("ask", 0, 0..<1)
        desk.fixed = [try desk.shift("ask", "ann", -1, 20..<24)]
        #expect(try desk.report().gaps.map(\.reason.kind) == [.couldBePlaced])
        desk.fixed.append(try desk.shift("ask", "ann", -1, 10..<12))
        #expect(try desk.report().gaps.map(\.reason.text) == ["the rest between shifts holds 1 (ann)"])
    }

    @Test("the longest shift, where each stretch would join one's own")
    func length() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask", shift: 2...3)
        desk.add("ann")
        try desk.want("ask", 0, 9..<14)
        let shifts = [try desk.shift("ask", "ann", 0, 9..<12)]
        let gaps = try desk.report(shifts).gaps
        #expect(gaps.map(\.reason.text) == ["the longest shift holds 1 (ann)"])
    }

    @Test("hours and rest together: short of a full rest one way, too many hours the other")
    func several() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask", shift: 1...12)
        desk.add("ann", perDay: 6)
        try desk.want("ask", 0, 6..<17)
        // For the last hour: from 13:00 or later, the break after 8:00 is over four hours and short of ten; from
        // 12:00 or earlier, the day has seven hours or more.
        let shifts = [try desk.shift("ask", "ann", 0, 6..<8)]
        let gaps = try desk.report(shifts).gaps
        let last = try #require(gaps.last)
        #expect(last.gap.during == (try desk.time(0, 16..<17)))
        #expect(last.reason.text == "hours and rest together hold 1 (ann)")
    }

    @Test("each limit counts those whom it holds; three are named, then there are more")
    func counts() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        for number in 1...4 { desk.add("week-\(number)", perWeek: 0) }
        desk.add("day-1", perDay: 0)
        try desk.want("ask", 0, 9..<10)
        #expect(
            try desk.report().gaps.map(\.reason.text) == [
                "weekly hours hold 4 (week-1, week-2, week-3, …), daily hours hold 1 (day-1)"
            ])
    }

    @Test("a limit that the consortium made a guideline holds nobody")
    func green() throws {
        var desk = SmallDesk()
        desk.bundle.consortium.rules = RuleBook([
            Rule(name: .maxHoursPerWeek, ruleClass: .green, parameters: [.weight: Thousandths(10)])
        ])
        desk.add(queue: "ask")
        desk.add("ann", perWeek: 3)
        try desk.want("ask", 0, 9..<12)
        try desk.want("ask", 3, 9..<11)
        let gaps = try desk.report([try desk.shift("ask", "ann", 0, 9..<12)]).gaps
        #expect(gaps.map(\.reason.kind) == [.couldBePlaced])
    }
}

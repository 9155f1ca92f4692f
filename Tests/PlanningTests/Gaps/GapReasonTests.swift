import Coverage
import Planning
import Testing

@Suite("What stands in the way of a gap")
struct GapReasonTests {
    @Test("nobody has the skill")
    func nobodyHasTheSkill() throws {
        var desk = SmallDesk()
        desk.add(queue: "spanish", skill: "spanish")
        desk.add("ann")
        try desk.want("spanish", 0, 9..<11)
        let gaps = try desk.report().gaps
        #expect(gaps.map(\.reason) == [GapReason(kind: .nobodyHasSkill, text: "nobody has the skill “spanish”")])
        #expect(gaps.map(\.gap.during) == [try desk.time(0, 9..<11)])
        #expect(gaps.map(\.missingMinutes) == [120])
    }

    @Test("those who have the skill are not available: by their week, absent, or their library closed")
    func nobodyIsAvailable() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.bundle.libraries.append(SmallDesk.library("shut"))
        desk.add("ann", hours: 12..<17)
        desk.add("bob")
        desk.add("cid", library: "shut")
        desk.add("dan", skills: ["spanish"])
        try desk.absent("bob", 0)
        desk.close("shut", 0)
        try desk.want("ask", 0, 9..<10)
        let reason = try #require(try desk.report().gaps.first?.reason)
        #expect(reason.kind == .nobodyAvailable)
        #expect(
            reason.text == "nobody with the skill “general” is available: of 3 with the skill "
                + "1 is not available by their week, 1 is absent, 1 is at a closed library")
    }

    @Test("an absence outside somebody's week is not what keeps them away")
    func absentWhenNotAvailable() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann", hours: 12..<17)
        try desk.absent("ann", 0)
        try desk.want("ask", 0, 9..<10)
        let reason = try #require(try desk.report().gaps.first?.reason)
        #expect(reason.text.hasSuffix("of 1 with the skill 1 is not available by their week"))
    }

    @Test("all who are available are placed elsewhere, and where")
    func placedElsewhere() throws {
        var desk = SmallDesk()
        for queue in ["ask", "email", "night"] { desk.add(queue: queue) }
        for id in ["ann", "bob", "cid"] { desk.add(id) }
        desk.add("dan", hours: 12..<17)
        for queue in ["ask", "email", "night"] { try desk.want(queue, 0, 9..<11) }
        let shifts = [
            try desk.shift("email", "ann", 0, 9..<11), try desk.shift("email", "bob", 0, 9..<11),
            try desk.shift("night", "cid", 0, 9..<11),
        ]
        let gaps = try desk.report(shifts).gaps
        #expect(gaps.map(\.reason.kind) == [.placedElsewhere])
        #expect(
            gaps.map(\.reason.text) == [
                "all who are available are placed elsewhere (email 2, night 1); "
                    + "of 4 with the skill 1 is not available by their week"
            ])
    }

    @Test("all who have the skill are on the queue already")
    func allAreHere() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann")
        try desk.want("ask", 0, 9..<10, target: 2)
        let gaps = try desk.report([try desk.shift("ask", "ann", 0, 9..<10)]).gaps
        #expect(
            gaps.map(\.reason) == [
                GapReason(kind: .allPlacedHere, text: "all who have the skill “general” are here already")
            ])
    }

    @Test("free for less than the shortest shift")
    func tooShort() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask", shift: 2...4)
        desk.add("ann", hours: 9..<10)
        try desk.want("ask", 0, 8..<12)
        let gaps = try desk.report().gaps
        #expect(gaps.map(\.reason.kind) == [.nobodyAvailable, .stretchTooShort, .nobodyAvailable])
        #expect(gaps[1].reason.text == "1 is free for less than the shortest shift of 120 min (ann)")
    }

    @Test("a stretch counts only where there is demand")
    func tooShortForDemand() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask", shift: 2...4)
        desk.add("ann")
        try desk.want("ask", 0, 9..<10)
        #expect(try desk.report().gaps.map(\.reason.kind) == [.stretchTooShort])
    }

    @Test("somebody could be placed: who, when, and what it would change")
    func couldBePlaced() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann")
        desk.add("bob", hours: 12..<17)
        try desk.want("ask", 0, 9..<11)
        let gap = try #require(try desk.report().gaps.first)
        #expect(gap.reason.kind == .couldBePlaced)
        #expect(gap.reason.proposals == [try desk.shift("ask", "ann", 0, 9..<11)])
        #expect(
            gap.reason.text == "could be placed, and the plan would be better for it: ann 09:00–11:00 "
                + "(cost -1960.00); of 2 with the skill 1 is not available by their week")
    }

    @Test("somebody could be placed, but the shortest shift puts too many into the slots around")
    func leftForCost() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask", shift: 4...8)
        desk.add("ann", likes: 0)
        desk.add("bob", likes: 0)
        try desk.want("ask", 0, 8..<11, minimum: 0, target: 1)
        try desk.want("ask", 0, 11..<12, minimum: 0, target: 2)
        let gap = try #require(try desk.report([try desk.shift("ask", "ann", 0, 8..<12)]).gaps.first)
        #expect(gap.reason.kind == .leftForCost)
        #expect(gap.reason.proposals == [try desk.shift("ask", "bob", 0, 8..<12)])
        // Three hours too many cost 90, four at a preference of none 16, the promise of nothing 80; the gap costs 100.
        #expect(
            gap.reason.text == "could be placed, but the plan would not be cheaper: bob 08:00–12:00 (cost +86.00); "
                + "of 2 with the skill 1 is here already")
    }

    @Test("a proposal that begins a stretch a day earlier moves it out of that day's count")
    func blocksAcrossMidnight() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann")
        try desk.want("ask", 0, 23..<24)
        try desk.want("ask", 1, 0..<2)
        try desk.want("ask", 1, 5..<6)
        let night = try desk.shift("ask", "ann", 1, 0..<2)
        // An hour below the minimum saves 1,000, an hour beyond the promise of none costs 20.
        #expect(try desk.report([night]).gaps[0].reason.text.hasSuffix("ann 23:00–24:00 (cost -980.00)"))
        // With another stretch on the second day, there is one less after the first of the day.
        let morning = try desk.shift("ask", "ann", 1, 5..<6)
        #expect(try desk.report([night, morning]).gaps[0].reason.text.hasSuffix("ann 23:00–24:00 (cost -990.00)"))
    }

    @Test("an override lets somebody come whom a rule would keep away")
    func overrideFrees() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann", perWeek: 2)
        try desk.want("ask", 0, 9..<11)
        try desk.want("ask", 1, 9..<10)
        let shifts = [try desk.shift("ask", "ann", 0, 9..<11)]
        #expect(try desk.report(shifts).gaps.map(\.reason.kind) == [.heldByLimit])
        try desk.override(.maxHoursPerWeek, "ann", 1, 9..<10)
        #expect(try desk.report(shifts).gaps.map(\.reason.kind) == [.couldBePlaced])
    }
}

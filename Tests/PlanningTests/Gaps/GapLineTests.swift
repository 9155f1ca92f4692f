import Coverage
import Planning
import Testing

@Suite("Lines of a gap report")
struct GapLineTests {
    @Test("neighbouring slots with one reason are one line, however the others are counted")
    func merged() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann", hours: 12..<17)
        desk.add("bob")
        try desk.absent("bob", 0, 0..<24)
        desk.add("cid", hours: 10..<17)
        try desk.absent("cid", 0, 0..<24)
        try desk.want("ask", 0, 8..<12)
        let gaps = try desk.report().gaps
        #expect(gaps.map(\.gap.during) == [try desk.time(0, 8..<12)])
        #expect(
            gaps.map(\.reason.text) == [
                "nobody with the skill “general” is available: of 3 with the skill "
                    + "1 to 2 are not available by their week, 1 to 2 are absent"
            ])
    }

    @Test("a slot below the minimum and below the target has a line for each")
    func bothSeverities() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        try desk.want("ask", 0, 9..<10, minimum: 2, target: 5)
        let gaps = try desk.report().gaps.map(\.gap)
        let during = try desk.time(0, 9..<10)
        #expect(
            gaps == [
                Gap(queue: Queue.ID("ask"), during: during, severity: .critical, missing: 2),
                Gap(queue: Queue.ID("ask"), during: during, severity: .thin, missing: 3),
            ])
    }

    @Test("another number missing begins another line")
    func otherNumber() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        try desk.want("ask", 0, 9..<11, minimum: 1, target: 1)
        try desk.want("ask", 0, 11..<12, minimum: 2, target: 2)
        try desk.want("ask", 0, 13..<14, minimum: 2, target: 2)
        #expect(try desk.report().gaps.map(\.gap.missing) == [1, 2, 2])
    }

    @Test("where other limits hold people, another line begins")
    func otherLimit() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann", perWeek: 0, hours: 9..<11)
        desk.add("bob", perDay: 0, hours: 10..<11)
        try desk.want("ask", 0, 9..<11)
        #expect(
            try desk.report().gaps.map(\.reason.text) == [
                "weekly hours hold 1 (ann); of 2 with the skill 1 is not available by their week",
                "weekly hours hold 1 (ann), daily hours hold 1 (bob)",
            ])
    }

    @Test("lines are in order of time, then queue")
    func order() throws {
        var desk = SmallDesk()
        for queue in ["zoo", "ask"] { desk.add(queue: queue) }
        for queue in ["zoo", "ask"] { try desk.want(queue, 1, 9..<10) }
        try desk.want("zoo", 0, 9..<10)
        #expect(try desk.report().gaps.map(\.gap.queue.rawValue) == ["zoo", "ask", "zoo"])
    }

    @Test("proposals meet as much of a line as three people can")
    func proposals() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        for id in ["ann", "bob", "cid", "dan"] { desk.add(id, hours: 9..<11) }
        desk.add("eve", hours: 11..<12)
        try desk.want("ask", 0, 9..<12)
        let gap = try #require(try desk.report().gaps.first)
        let covered = Set(gap.reason.proposals.map(\.during))
        #expect(gap.reason.proposals.count == 3)
        #expect(covered == [try desk.time(0, 9..<11), try desk.time(0, 11..<12)])
    }

    @Test("a plan that meets all demand has no gaps")
    func none() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann")
        try desk.want("ask", 0, 9..<10)
        let report = try desk.report([try desk.shift("ask", "ann", 0, 9..<10)])
        #expect(report.gaps.isEmpty && report.groups.isEmpty)
    }

    @Test("groups add up the lines of a queue, a severity and a kind, critical first, most minutes first")
    func groups() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add(queue: "rare", skill: "rare")
        desk.add("ann", perWeek: 0, hours: 9..<10)
        try desk.want("ask", 0, 9..<12, target: 2)
        try desk.want("ask", 1, 9..<12)
        try desk.want("rare", 1, 9..<10)
        let groups = try desk.report().groups
        #expect(groups.map(\.queue.rawValue) == ["ask", "ask", "ask", "ask", "rare"])
        #expect(groups.map(\.severity) == [.critical, .critical, .thin, .thin, .critical])
        #expect(groups.map(\.missingMinutes) == [240, 120, 120, 60, 60])
        #expect(groups.map(\.stretches) == [2, 2, 1, 1, 1])
        #expect(
            groups.map(\.text).prefix(2) == [
                "nobody with the skill “general” is available", "limits hold those who are free: weekly hours",
            ])
    }
}

@Suite("Gaps on the nights when clocks change")
struct GapClockTests {
    @Test("a day of 25 hours lacks 25, in one line")
    func longDay() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        try desk.want("ask", 6, 0..<24)
        #expect(try desk.report().gaps.map(\.missingMinutes) == [25 * 60])
    }

    @Test("a day of 23 hours lacks 23, in one line")
    func shortDay() throws {
        var desk = SmallDesk(startsOn: "2027-03-08")
        desk.add(queue: "ask")
        try desk.want("ask", 6, 0..<24)
        #expect(try desk.report().gaps.map(\.missingMinutes) == [23 * 60])
    }

    @Test("who is available from one to two can take both hours of that name, and the length tells so")
    func repeatedHour() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann", hours: 1..<2)
        try desk.want("ask", 6, 0..<3)
        let gaps = try desk.report().gaps
        #expect(gaps.map(\.reason.kind) == [.nobodyAvailable, .couldBePlaced, .nobodyAvailable])
        #expect(gaps.map(\.missingMinutes) == [60, 120, 60])
        #expect(gaps[1].reason.text.contains("ann 01:00–02:00, 120 min"))
    }
}

@Suite("What a plan covers")
struct CoverageSummaryTests {
    @Test("hours are told apart: wanted, covered, critical, thin and over")
    func hours() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add(queue: "email")
        for id in ["ann", "bob"] { desk.add(id) }
        try desk.want("ask", 0, 9..<11, minimum: 2, target: 4)
        try desk.want("email", 1, 9..<10)
        let shifts = [
            try desk.shift("ask", "ann", 0, 9..<10), try desk.shift("email", "ann", 1, 9..<10),
            try desk.shift("email", "bob", 1, 9..<10),
        ]
        let coverage = try desk.report(shifts).coverage
        #expect(coverage.queues.map(\.queue.rawValue) == ["ask", "email"])
        #expect(coverage.queues.map(\.hours.wantedMinutes) == [480, 60])
        #expect(coverage.queues.map(\.hours.coveredMinutes) == [60, 60])
        #expect(coverage.queues.map(\.hours.criticalMinutes) == [180, 0])
        #expect(coverage.queues.map(\.hours.thinMinutes) == [240, 0])
        #expect(coverage.queues.map(\.hours.overMinutes) == [0, 60])
        #expect(coverage.total.wantedMinutes == 540)
    }

    @Test("a library's promise counts for as much of a week as is planned")
    func contribution() throws {
        var desk = SmallDesk()
        desk.bundle.libraries = [SmallDesk.library("lib", hours: Thousandths(7)), SmallDesk.library("other")]
        desk.add(queue: "ask")
        desk.add("ann")
        try desk.want("ask", 0, 9..<11)
        desk.days = 2
        let lines = try desk.report([try desk.shift("ask", "ann", 0, 9..<11)]).coverage.libraries
        #expect(lines.map(\.library.rawValue) == ["lib", "other"])
        #expect(lines.map(\.minutes) == [120, 0])
        #expect(lines.map(\.promisedMinutes) == [120, 0])
    }
}

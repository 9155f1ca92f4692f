import Coverage
import Planning
import Testing

@Suite("What charts are drawn from")
struct StaffingTests {
    @Test("the hour through which clocks go twice counts twice, the one that they skip not at all")
    func clocks() throws {
        // Clocks go back in the night to 1 November, and forward in the night to 14 March.
        for (start, day, hour, slots) in [("2026-10-26", 6, 1, 2), ("2027-03-08", 6, 2, 0)] {
            var desk = SmallDesk(startsOn: start)
            desk.add(queue: "ask")
            desk.add("ann")
            try desk.want("ask", day, 0..<4)
            let problem = try desk.problem()
            let table = PlacementTable([try desk.shift("ask", "ann", day, 0..<2)], in: problem)
            let hourly = HourlyCoverage(table, queues: [0], slots: problem.calendar.period, in: problem)
            #expect(hourly.cells[day][hour].slots == slots)
            #expect(hourly.cells[day][hour].staffing?.target == (slots == 0 ? nil : slots))
            #expect(hourly.cells[day][0].staffing == Staffing(onShift: 1, minimum: 1, target: 1))
            #expect(hourly.cells[day][5].staffing == nil)
            #expect(hourly.cells.flatMap(\.self).reduce(0) { $0 + $1.slots } == problem.calendar.period.count)
        }
    }

    @Test("an operator too many on one queue makes up for nobody on another")
    func apart() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add(queue: "law")
        desk.add("ann")
        desk.add("bob")
        try desk.want("ask", 0, 9..<10, minimum: 0, target: 1)
        try desk.want("law", 0, 9..<10, minimum: 1, target: 2)
        let shifts = [try desk.shift("ask", "ann", 0, 9..<10), try desk.shift("ask", "bob", 0, 9..<10)]
        let problem = try desk.problem()
        let table = PlacementTable(shifts, in: problem)
        let all = table.staffing(of: [0, 1], in: problem.calendar.period, of: problem)
        let sum = try #require(all[9])
        #expect((sum.onShift, sum.target, sum.critical, sum.thin) == (2, 3, 1, 1))
        #expect(sum.state == .critical)
        #expect(sum.coveredPercent == 33)
        #expect(all[8] == nil)
        #expect(table.onShift(from: 0, on: [0], in: 9..<10, of: problem) == [2])
        #expect(table.onShift(from: 0, on: [1], in: 9..<10, of: problem) == [0])
    }

    @Test("sums over a whole period are those of the gap report and of fairness", arguments: RandomDesk.seeds)
    func sums(seed: Int) throws {
        var desk = try RandomDesk.of(seed)
        for plan in [desk.plan, desk.lawlessPlan(), []] {
            let table = PlacementTable(plan, in: desk.problem)
            let period = desk.problem.calendar.period
            let slotMinutes = desk.problem.calendar.slotMinutes
            let staffing = table.staffing(of: Array(desk.problem.queues.indices), in: period, of: desk.problem)
            let total = GapReport(of: plan, in: desk.problem).coverage.total
            let sum = staffing.compactMap(\.self).reduce(Staffing(onShift: 0, minimum: 0, target: 0), +)
            #expect(sum.critical * slotMinutes == total.criticalMinutes)
            #expect(sum.thin * slotMinutes == total.thinMinutes)
            #expect(sum.target * slotMinutes == total.wantedMinutes)
            #expect((sum.target - sum.missing) * slotMinutes == total.coveredMinutes)

            let fairness = FairnessReport(of: plan, in: desk.problem)
            let lines = ContributionTable(table, slots: period, in: desk.problem).lines
            for (line, fair) in zip(lines, fairness.libraries) {
                #expect(line.library == fair.library)
                #expect(line.minutes == fair.minutes)
                #expect(line.unpopularMinutes == fair.unpopularMinutes)
                #expect(abs(Double(line.promisedMinutes) - fair.shareMinutes) <= 0.5 + 1e-6)
                #expect(abs(Double(line.unpopularShareMinutes) - fair.unpopularShareMinutes) <= 0.5 + 1e-6)
            }
        }
    }
}

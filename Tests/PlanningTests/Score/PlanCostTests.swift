import Coverage
import Planning
import Testing

@Suite("What a plan costs")
struct PlanCostTests {
    /// One hour of demand for two, three better, of priority 2, and people who would like to come or would rather not.
    private func desk() throws -> SmallDesk {
        var desk = SmallDesk()
        desk.bundle.libraries = [SmallDesk.library("lib", hours: Thousandths(5))]
        desk.add(queue: "ask", priority: 2)
        for (id, preference) in [("ann", 2), ("bob", 0), ("cid", -1), ("dan", -2)] { desk.add(id, likes: preference) }
        try desk.want("ask", 0, 9..<10, minimum: 2, target: 3)
        return desk
    }

    @Test(
        "gaps, thin hours, hours beyond the target, promises and wishes each have their price",
        arguments: [
            ([], "200.00", "0.00", "100.00", "0.00"),
            (["ann"], "200.00", "0.00", "80.00", "0.00"),
            (["ann", "bob"], "200.00", "0.00", "60.00", "4.00"),
            (["ann", "bob", "cid"], "0.00", "0.00", "40.00", "10.00"),
            (["ann", "bob", "cid", "dan"], "0.00", "30.00", "20.00", "18.00"),
        ])
    func prices(
        people: [String], thin: String, over: String, contribution: String, preference: String
    ) throws {
        let desk = try desk()
        let shifts = try people.map { try desk.shift("ask", $0, 0, 9..<10) }
        let score = PlanScore(of: shifts, in: try desk.problem())
        let missing = max(0, 2 - people.count)
        #expect(score.parts[.gap]?.description == "\(missing * 2000).00")
        #expect(score.parts[.thin]?.description == thin)
        #expect(score.parts[.over]?.description == over)
        #expect(score.parts[.libraryContribution]?.description == contribution)
        #expect(score.parts[.preference]?.description == preference)
        #expect(score.total == score.parts.values.reduce(.zero, +))
        #expect(score.violations.isEmpty)
    }

    @Test("coming to the desk twice on a day costs once")
    func blocks() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann")
        try desk.want("ask", 0, 9..<14)
        let shifts = [try desk.shift("ask", "ann", 0, 9..<10), try desk.shift("ask", "ann", 0, 12..<14)]
        #expect(PlanScore(of: shifts, in: try desk.problem()).parts[.blocksPerDay]?.description == "10.00")
    }

    @Test("the night on which clocks go back has an hour more, and the one on which they go forward one less")
    func countsHoursOfChanges() throws {
        for (start, day, hours) in [("2026-10-26", 6, 25), ("2027-03-08", 6, 23)] {
            var desk = SmallDesk(startsOn: start)
            desk.add(queue: "ask")
            try desk.want("ask", day, 0..<24)
            #expect(try PlanScore(of: [], in: desk.problem()).parts[.gap]?.description == "\(hours * 1000).00")
        }
    }
}

import Coverage
import Planning
import Testing

@Suite("How fair a plan is")
struct FairnessTests {
    @Test("is 1 by Jain and 0 by Gini where all are equal, and told of those with nothing")
    func indices() {
        #expect(FairnessIndex.jain([2, 2, 2]) == 1)
        #expect(FairnessIndex.gini([2, 2, 2]) == 0)
        #expect(FairnessIndex.jain([1, 0, 0, 0]) == 0.25)
        #expect(FairnessIndex.gini([0, 0, 0, 1]) == 0.75)
        #expect(FairnessIndex.jain([1, 1, 0, 0]) == 0.5)
        #expect(FairnessIndex.gini([1, 1, 0, 0]) == 0.5)
        #expect(FairnessIndex.gini([3, 1]) == 0.25)
        for nothing in [[], [0, 0]] as [[Double]] {
            #expect(FairnessIndex.jain(nothing) == nil)
            #expect(FairnessIndex.gini(nothing) == nil)
        }
    }

    @Test("counts libraries and people without a shift", arguments: RandomDesk.seeds)
    func countsAll(seed: Int) throws {
        var desk = try RandomDesk.of(seed)
        for plan in [desk.plan, desk.lawlessPlan(), []] {
            let report = FairnessReport(of: plan, in: desk.problem)
            #expect(report.libraries.map(\.id) == desk.problem.libraries.map(\.id))
            #expect(report.operators.map(\.id) == desk.problem.operators.map(\.id))
            let minutes = report.operators.reduce(0) { $0 + $1.minutes }
            #expect(report.libraries.reduce(0) { $0 + $1.minutes } == minutes)
            for library in report.libraries {
                let own = report.operators.filter { $0.library == library.id }
                #expect(own.reduce(0) { $0 + $1.minutes } == library.minutes)
                #expect(own.reduce(0) { $0 + $1.unpopularMinutes } == library.unpopularMinutes)
                #expect(library.unpopularMinutes <= library.minutes)
                if !own.isEmpty {
                    #expect(abs(own.reduce(0) { $0 + $1.shareMinutes } - library.shareMinutes) < 1e-6)
                }
            }
            let ratios = report.libraries.compactMap(\.ratio)
            #expect(report.libraryHours.jain == FairnessIndex.jain(ratios))
            if let jain = report.operatorHours.jain { #expect(jain > 0 && jain <= 1 + 1e-9) }
            if let gini = report.operatorHours.gini { #expect(gini >= -1e-9 && gini < 1) }
        }
    }

    @Test("measures nights, Saturdays and Sundays by what each library promised")
    func measuresUnpopular() throws {
        var desk = SmallDesk()
        desk.bundle.libraries = [
            SmallDesk.library("lib", hours: Thousandths(6)), SmallDesk.library("far", hours: Thousandths(2)),
            SmallDesk.library("own"),
        ]
        desk.add(queue: "ask", shift: 1...8)
        desk.add("ann", perWeek: 30)
        desk.add("bob", perWeek: 10)
        desk.add("cid", library: "far")
        let plan = try [
            desk.shift("ask", "ann", 0, 20..<24), desk.shift("ask", "ann", 1, 4..<8),
            desk.shift("ask", "cid", 6, 10..<14),
        ]
        let report = FairnessReport(of: plan, in: try desk.problem())
        #expect(report.libraries.map(\.minutes) == [480, 240, 0])
        #expect(report.libraries.map(\.unpopularMinutes) == [240, 240, 0])
        #expect(report.libraries.map(\.unpopularShareMinutes) == [360, 120, 0])
        #expect(report.libraries.map(\.ratio) == [480.0 / 360, 2, nil])
        #expect(report.operators.map(\.shareMinutes) == [270, 90, 120])
        #expect(report.operators.map(\.unpopularRatio) == [240.0 / 270, 0, 2])
        #expect(report.operatorsWithoutShift == 1)
        #expect(report.librariesWithoutShift == 1)
        #expect(report.libraryUnpopularHours.jain == FairnessIndex.jain([2.0 / 3, 2]))
    }
}

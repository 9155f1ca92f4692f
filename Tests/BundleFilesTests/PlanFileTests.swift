import BundleFiles
import Coverage
import Foundation
import Testing

@Suite("A plan as a file")
struct PlanFileTests {
    private let folder: BundleFolder
    private let bundle: ConsortiumBundle
    private let zone: TimeZoneRules

    init() throws {
        folder = try BundleFolder()
        bundle = try BundleReader(folder: folder.path).read()
        zone = try TimeZoneRules(identifier: bundle.consortium.timeZone)
    }

    @Test("shifts are written by start, queue and operator, in the consortium's offsets, and read again")
    func written() throws {
        let night = bundle.demand[2].during
        let morning = bundle.demand[0].during
        let shifts = [
            Shift(queue: "ask", operator: "pub01-01", during: night),
            Shift(queue: "email", operator: "acad01-01", during: morning),
            Shift(queue: "ask", operator: "pub01-01", during: morning),
        ]
        let file = PlanFile(path: folder.file("plan.csv"))
        try file.write(shifts, in: zone)
        #expect(
            try folder.text(of: "plan.csv") == """
                queue_id,starts_at,ends_at,operator_id
                ask,2027-03-08T09:00:00-05:00,2027-03-08T10:00:00-05:00,pub01-01
                email,2027-03-08T09:00:00-05:00,2027-03-08T10:00:00-05:00,acad01-01
                ask,2027-03-14T01:00:00-05:00,2027-03-14T03:00:00-04:00,pub01-01

                """)
        #expect(try file.read(of: bundle) == shifts.sorted(by: Shift.precedes))
    }

    @Test("what a plan cannot say is named with its line")
    func faults() throws {
        try folder.write(
            """
            queue_id,starts_at,ends_at,operator_id
            ask,2027-03-08T09:00:00-05:00,2027-03-08T09:00:00-05:00,pub01-01
            ask,2027-03-08T09:00:00-05:00,2027-03-08T10:00:00-05:00,pub01-02

            """, to: "plan.csv")
        do {
            _ = try PlanFile(path: folder.file("plan.csv")).read(of: bundle)
            Issue.record("the plan was taken")
        } catch {
            #expect(
                error.faults.map(\.description) == [
                    "plan.csv:2: ends_at: “2027-03-08T09:00:00-05:00” is not after starts_at "
                        + "“2027-03-08T09:00:00-05:00”, expected a later time",
                    "plan.csv:3: operator_id: there is no operator “pub01-02” in operators.csv, "
                        + "expected the id of one that is",
                ])
        }
    }

    @Test("a plan that cannot be written leaves what is there")
    func unwritable() throws {
        let path = folder.file("nowhere/plan.csv")
        #expect(throws: BundleWritingRefusal.cannotWrite(path: path)) { try PlanFile(path: path).write([], in: zone) }
    }
}

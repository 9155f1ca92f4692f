import Coverage
import Planning
import PostgresClient
import Scheduling
import Storage
import StorageTestSupport
import Testing

@Suite("From a draft to the schedule")
struct PlanPublicationTests {
    private let now = Instant(secondsSince1970: 1_790_000_000)
    private let monday = Shift.valid("ask", "pub01-01", date: "2026-10-26", hour: 10, hours: 2)
    private let tuesday = Shift.valid("ask", "pub01-01", date: "2026-10-27", hour: 10, hours: 2)

    @Test("a period is planned, kept as a draft with how it was made, and published")
    func plansAndPublishes() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let number = try await plan(.whole, in: pool)
            let outcome = try await publish(number, in: pool)
            #expect(outcome.plan.state == .published)
            #expect(outcome.plan.making.contains("\"seed\": 7"))
            #expect(outcome.plan.shiftCount > 0)
            #expect(try await pool.publishedShifts().count == outcome.plan.shiftCount)
            let acts = try await pool.withConnection { try await AuditRepository(consortium: "two").latest(1, in: $0) }
            #expect(acts.map(\.subject) == ["plan \(number)"])
        }
    }

    @Test("a draft that the data have overtaken is refused, and each broken rule is named")
    func refusesBroken() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let number = try await pool.drafting([monday])
            var ill = ConsortiumBundle.valid()
            ill.absences.append(.valid(operator: "pub01-01", date: try #require(CivilDate("2026-10-26"))))
            try await pool.importing(ill)
            let refusal = await #expect(throws: SchedulingRefusal.self) { try await publish(number, in: pool) }
            #expect(refusal?.description.contains("pub01-01") == true)
            #expect(refusal?.description.contains("absence") == true)
            #expect(try await pool.publishedShifts().isEmpty)
        }
    }

    @Test("what is published cannot be published again")
    func refusesPublished() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let number = try await pool.drafting([monday])
            try await publish(number, in: pool)
            await #expect(throws: SchedulingRefusal.self) { try await publish(number, in: pool) }
            await #expect(throws: SchedulingRefusal.self) { try await publish(nil, in: pool) }
            await #expect(throws: SchedulingRefusal.self) { try await publish(99, in: pool) }
        }
    }

    @Test("without a number the draft made last is published")
    func publishesLatest() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            _ = try await pool.drafting([monday])
            let latest = try await pool.drafting([tuesday])
            #expect(try await publish(nil, in: pool).plan.number == latest)
            #expect(try await pool.publishedShifts() == [tuesday])
        }
    }

    @Test("planning a part of the period minds the hours that are published around it")
    func mindsNeighbours() async throws {
        try await withServiceDatabase { pool in
            // Six hours a week: four of them are published on Monday for one of the two who can take “academic”.
            var bundle = ConsortiumBundle.valid()
            bundle.operators = bundle.operators.map { person in
                var person = person
                person.maxHoursPerWeek = Thousandths(4)
                person.maxHoursPerDay = Thousandths(4)
                return person
            }
            try await pool.importing(bundle)
            let full = [10, 12].map { hour in
                Shift.valid("academic", "acad01-01", date: "2026-10-26", hour: hour, hours: 2)
            }
            _ = try await publish(try await pool.drafting([full[0]]), in: pool)
            let number = try await plan(
                .days(from: CivilDate("2026-10-27"), to: CivilDate("2026-10-27")), in: pool)
            let shifts = try await pool.withConnection {
                try await PlanRepository(consortium: "two").shifts(of: number, in: $0)
            }
            let minutes = shifts.filter { $0.operator == "acad01-01" }
                .reduce(0) { $0 + $1.during.upperBound.seconds(since: $1.during.lowerBound) / 60 }
            #expect(minutes <= 120)
        }
    }

    @Test("days outside the consortium's period are refused, with the period named")
    func refusesOutside() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let refusal = await #expect(throws: SchedulingRefusal.self) {
                try await plan(.week(of: try #require(CivilDate("2027-01-04"))), in: pool)
            }
            #expect(refusal?.description.contains("2026-10-26 to 2026-11-01") == true)
        }
    }

    @Test("planning before anything was imported says what to do first")
    func refusesEmpty() async throws {
        try await withServiceDatabase { pool in
            let refusal = await #expect(throws: SchedulingRefusal.self) { try await plan(.whole, in: pool) }
            #expect(refusal?.description.contains("coverdesk import") == true)
        }
    }

    @discardableResult
    private func publish(_ number: Int?, in pool: PostgresPool) async throws -> PlanPublication.Outcome {
        try await PlanPublication(consortium: "two").run(plan: number, in: pool, actor: "ada", message: "", at: now)
    }

    @discardableResult
    private func plan(_ selection: PeriodSelection, in pool: PostgresPool) async throws -> Int {
        let drafting = PlanDrafting(consortium: "two")
        let inputs = try await drafting.inputs(selection, in: pool).inputs
        let settings = PlanningEngine.Settings(seed: 7, threads: 1)
        let result = await PlanningEngine(problem: try inputs.problem(), settings: settings).run(.steps(50))
        return try await drafting.save(
            result.shifts, making: PlanMaking(result, settings), inputs: inputs, in: pool, actor: "ada", at: now)
    }
}

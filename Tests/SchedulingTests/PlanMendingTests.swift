import Coverage
import Planning
import PostgresClient
import Scheduling
import Storage
import StorageTestSupport
import Testing

@Suite("Mending the published plan")
struct PlanMendingTests {
    private let now = Instant(secondsSince1970: 1_790_000_000)
    private let monday = Shift.valid("ask", "pub01-01", date: "2026-10-26", hour: 10, hours: 3)
    private let tuesday = Shift.valid("ask", "pub01-01", date: "2026-10-27", hour: 10, hours: 3)

    @Test("reads what is published for the days that are meant, and takes what reaches into them as fixed")
    func readsPublished() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            try await publish([monday, tuesday], in: pool)
            let drafting = PlanDrafting(consortium: "two")
            let (whole, all) = try await drafting.inputs(.whole, in: pool)
            #expect(all.shifts == [monday, tuesday])
            #expect(all.plans == [1])
            #expect(whole.fixed.isEmpty)
            let (rest, part) = try await drafting.inputs(
                .days(from: CivilDate("2026-10-27"), to: nil), in: pool)
            #expect(part.shifts == [tuesday])
            #expect(rest.fixed == [monday])
        }
    }

    @Test("gives the place of one who fell ill to a colleague, and says in the draft what it mends")
    func replaces() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            try await publish([monday], in: pool)
            var ill = ConsortiumBundle.valid()
            ill.absences.append(.valid(operator: "pub01-01", date: try #require(CivilDate("2026-10-26"))))
            try await pool.importing(ill)
            let drafting = PlanDrafting(consortium: "two")
            let (inputs, published) = try await drafting.inputs(.whole, in: pool)
            let problem = try inputs.problem()
            let outcome = Replanning(
                problem: problem, known: published.shifts, pricePerHour: Thousandths(20), settings: .init()
            ).run()
            #expect(outcome.difference.minutes(.lost) == 180)
            #expect(outcome.shifts.contains { $0.queue == "ask" && $0.operator != "pub01-01" })
            let result = PlanResult(shifts: outcome.shifts, cost: outcome.cost, steps: outcome.steps)
            var making = PlanMaking(result, .init())
            making.replans = published.plans
            let number = try await drafting.save(
                result.shifts, making: making, inputs: inputs, in: pool, actor: "ada", at: now)
            let plan = try await drafting.plan(number, at: now, in: pool).plan
            #expect(PlanMaking(json: plan.making)?.replans == [1])
            await #expect(throws: SchedulingRefusal.self) { try await drafting.making(of: number, in: pool) }
            _ = try await PlanPublication(consortium: "two").run(
                plan: number, in: pool, actor: "ada", message: "", at: now)
            #expect(try await pool.publishedShifts() == outcome.shifts)
        }
    }

    @Test("refuses pinned shifts that break a rule, and names it")
    func refusesPins() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let inputs = try await PlanDrafting(consortium: "two").inputs(.whole, in: pool).inputs
            #expect(try inputs.problem(pinning: [monday]).fixed.count == 1)
            let refusal = #expect(throws: SchedulingRefusal.self) {
                try inputs.problem(pinning: [.valid("academic", "pub01-01", date: "2026-10-26", hour: 10)])
            }
            #expect(refusal?.description.contains("skill") == true)
        }
    }

    @Test("a draft that a search found is made again from what the database keeps of it")
    func replays() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let drafting = PlanDrafting(consortium: "two")
            let inputs = try await drafting.inputs(.whole, in: pool).inputs
            let settings = PlanningEngine.Settings(seed: 7, threads: 1)
            let problem = try inputs.problem()
            let result = await PlanningEngine(problem: problem, settings: settings).run(.steps(90))
            let number = try await drafting.save(
                result.shifts, making: PlanMaking(result, settings), inputs: inputs, in: pool, actor: "ada", at: now)
            let making = try await drafting.making(of: number, in: pool)
            let again = await PlanningEngine(problem: problem, settings: .init(seed: making.seed, threads: 2)).run(
                .replaying(try #require(making.record)))
            #expect(again.shifts == result.shifts)
            await #expect(throws: SchedulingRefusal.self) { try await drafting.making(of: 99, in: pool) }
        }
    }

    private func publish(_ shifts: [Shift], in pool: PostgresPool) async throws {
        let number = try await pool.drafting(shifts)
        _ = try await PlanPublication(consortium: "two").run(plan: number, in: pool, actor: "ada", message: "", at: now)
    }
}

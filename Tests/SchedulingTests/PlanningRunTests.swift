import Coverage
import Planning
import PostgresClient
import Scheduling
import Storage
import StorageTestSupport
import TestSupport
import Testing

@Suite("Searches that people start")
struct PlanningRunTests {
    private let now = Instant(secondsSince1970: 1_790_000_000)
    private let monday = Shift.valid("ask", "pub01-01", date: "2026-10-26", hour: 10, hours: 2)

    // MARK: From asking to a draft

    @Test("a search ends with a draft, its curve and who asked for it")
    func finishes() async throws {
        try await withWorker { pool, runs, _ in
            let number = try await runs.plan(.whole, mending: false, .init(seconds: 1, seed: 7), by: "ada", at: now)
            #expect(number == 1)
            let run = try await over(number, runs)
            #expect(run.state == .finished, "\(run)")
            #expect(run.message.isEmpty)
            let plan = try await PlanVersions(consortium: "two", pool: pool).plan(try #require(run.draft))
            #expect(plan.state == .draft)
            #expect(plan.createdBy == "ada")
            #expect(plan.shiftCount > 0)
            #expect(PlanMaking(json: plan.making)?.seed == 7)
            let curve = SearchCurve(json: run.curve)
            #expect(curve.points.count > 1)
            #expect(curve.points.last?.cost == PlanOrigin(json: plan.making).cost)
            let acts = try await pool.withConnection { try await AuditRepository(consortium: "two").latest(1, in: $0) }
            #expect(acts.map(\.action) == ["start search"])
        }
    }

    @Test("who stops a search keeps the best that was found so far")
    func stops() async throws {
        try await withWorker { _, runs, _ in
            let number = try await runs.plan(.whole, mending: false, .init(seconds: 600), by: "ada", at: now)
            try await eventually("search \(number) has found something") {
                try await !SearchCurve(json: runs.run(number).curve).points.isEmpty
            }
            try await runs.stop(number, by: "bo", at: now)
            let run = try await over(number, runs)
            #expect(run.state == .stopped)
            #expect(run.stopAskedBy == "bo")
            #expect(run.draft != nil)
            await #expect(throws: RunRefusal.notOpen(number)) { try await runs.stop(number, by: "bo", at: now) }
        }
    }

    @Test("a node that is told to end keeps what its search has found")
    func keepsAtShutdown() async throws {
        try await withWorker { _, runs, worker in
            let number = try await runs.plan(.whole, mending: false, .init(seconds: 600), by: "ada", at: now)
            try await eventually("search \(number) has found something") {
                try await !SearchCurve(json: runs.run(number).curve).points.isEmpty
            }
            worker.stop()
            let run = try await over(number, runs)
            #expect(run.state == .stopped)
            #expect(run.draft != nil)
            #expect(run.message.contains("The service was stopped"))
        }
    }

    @Test("what is published is mended")
    func mends() async throws {
        try await withWorker { pool, runs, _ in
            _ = try await pool.publishing(try await pool.drafting([monday]))
            let number = try await runs.plan(.whole, mending: true, .init(seconds: 5), by: "ada", at: now)
            let run = try await over(number, runs)
            #expect(run.state == .finished, "\(run)")
            let plan = try await PlanVersions(consortium: "two", pool: pool).plan(try #require(run.draft))
            #expect(PlanOrigin(json: plan.making).replans == [1])
        }
    }

    // MARK: One at a time

    @Test("where one is open another is refused, with the number of the first")
    func oneAtATime() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let runs = PlanningRuns(consortium: "two", pool: pool)
            let first = try await runs.plan(.whole, mending: false, .init(seconds: 1), by: "ada", at: now)
            await #expect(throws: RunRefusal.alreadyOpen(run: first)) {
                try await runs.plan(.whole, mending: false, .init(seconds: 1), by: "bo", at: now)
            }
            // Nobody has taken it, so it is over as soon as somebody wants that.
            try await runs.stop(first, by: "ada", at: now)
            #expect(try await runs.run(first).state == .stopped)
            #expect(try await runs.again(first, by: "bo", at: now) == 2)
            await #expect(throws: RunRefusal.notOver(2)) { try await runs.again(2, by: "bo", at: now) }
        }
    }

    @Test("of two nodes one takes it")
    func isTakenOnce() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let number = try await PlanningRuns(consortium: "two", pool: pool).plan(
                .whole, mending: false, .init(seconds: 1), by: "ada", at: now)
            #expect(try await claim("one", in: pool) == number)
            #expect(try await claim("two", in: pool) == nil)
        }
    }

    // MARK: Nodes that die

    @Test("the search of a node that was killed is broken off, and can be started again")
    func breaksOff() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let runs = PlanningRuns(consortium: "two", pool: pool)
            let number = try await runs.plan(.whole, mending: false, .init(seconds: 1), by: "ada", at: now)
            // A lease of no time has run out when it begins, as that of a node that died does after a while.
            #expect(try await claim("dead", leaseSeconds: 0, in: pool) == number)
            #expect(try await runs.run(number).state == .brokenOff)
            let again = try await runs.again(number, by: "ada", at: now)
            #expect(try await claim("alive", in: pool) == again)
            #expect(try await runs.run(number).state == .brokenOff)
        }
    }

    @Test("a node that comes back too late writes nothing")
    func comesTooLate() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let runs = PlanningRuns(consortium: "two", pool: pool)
            let number = try await runs.plan(.whole, mending: false, .init(seconds: 1), by: "ada", at: now)
            _ = try await claim("slow", leaseSeconds: 0, in: pool)
            let repository = PlanningRunRepository(consortium: "two")
            let (renewal, hasEnded) = try await pool.withTransaction { transaction in
                let renewal = try await repository.renew(
                    number, as: "slow", leaseSeconds: 60, curve: "[]", in: transaction)
                try await repository.breakOffLost(at: now, in: transaction)
                return (
                    renewal,
                    try await repository.end(
                        number, as: "slow", .init(.finished, curve: "[]"), at: now, in: transaction)
                )
            }
            #expect(renewal == .lost)
            #expect(!hasEnded)
        }
    }

    // MARK: Refusals

    @Test("what cannot be planned is refused at once")
    func refuses() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let runs = PlanningRuns(consortium: "two", pool: pool)
            await #expect(throws: SchedulingRefusal.self) {
                try await runs.plan(.whole, mending: true, .init(seconds: 1), by: "ada", at: now)
            }
            await #expect(throws: SchedulingRefusal.self) {
                try await runs.plan(
                    .week(of: try #require(CivilDate("2027-01-04"))), mending: false, .init(seconds: 1), by: "ada",
                    at: now)
            }
            await #expect(throws: RunRefusal.badSeconds(601)) {
                try await runs.plan(.whole, mending: false, .init(seconds: 601), by: "ada", at: now)
            }
            await #expect(throws: RunRefusal.badSeed(-1)) {
                try await runs.plan(.whole, mending: false, .init(seconds: 1, seed: -1), by: "ada", at: now)
            }
            await #expect(throws: RunRefusal.noRun(9)) { try await runs.run(9) }
            #expect(try await runs.latest(5).isEmpty)
        }
    }

    @Test("a search that cannot be done says why")
    func fails() async throws {
        try await withWorker { pool, runs, _ in
            let draft = try await pool.drafting([monday])
            let number = try await pool.withTransaction { transaction in
                try await PlanningRunRepository(consortium: "two").ask(
                    .init(
                        purpose: .mend, days: try #require(CivilDate("2026-10-26"))...#require(CivilDate("2026-10-27")),
                        seconds: 1, seed: 1), by: "ada", at: now, in: transaction)
            }
            let run = try await over(number, runs)
            #expect(run.state == .failed)
            #expect(run.message.contains("Nothing is published"), "\(run.message)")
            #expect(draft == 1)
        }
    }

    // MARK: Suggestions

    @Test("a suggestion that is accepted makes a new draft, and the one before stays")
    func accepts() async throws {
        try await withWorker { pool, runs, _ in
            let draft = try await pool.drafting([monday])
            let number = try await runs.advise(on: draft, weekOf: nil, .init(seconds: 5), by: "ada", at: now)
            let run = try await over(number, runs)
            let record = try #require(run.findings.flatMap { AdviceRecord(json: $0) }, "\(run)")
            let step = try #require(record.gaps.first { !$0.steps.isEmpty }?.steps.first)
            #expect(step.costChange < 0)
            #expect(!step.text.contains("pub01-0"), "names, not ids: \(step.text)")
            let acceptance = AdviceAcceptance(consortium: "two", pool: pool)
            let changed = try await acceptance.accept(
                step.number, of: number, for: draft, because: "", by: "ada", at: now)
            let versions = PlanVersions(consortium: "two", pool: pool)
            #expect(try await versions.lineage(of: changed).map(\.number) == [changed, draft])
            #expect(try await versions.plan(draft).shiftCount == 1)
            let origin = PlanOrigin(json: try await versions.plan(changed).making)
            #expect(origin.advice?.step == step.number)
            let again = await #expect(throws: AdviceRefusal.self) {
                try await acceptance.accept(99, of: number, for: draft, because: "", by: "ada", at: now)
            }
            #expect(again == .noSuggestion)
            let reviews = PlanReviews(consortium: "two", pool: pool, now: { self.now })
            let (before, after) = (try await reviews.review(draft), try await reviews.review(changed))
            let difference = after.score.total.doubleValue - before.score.total.doubleValue
            #expect((difference - step.costChange).magnitude < 0.01)
        }
    }

    @Test("a rule is bent only with a reason, which is recorded with who gave it")
    func bends() async throws {
        try await withServiceDatabase { pool in
            // Hours in a week are yellow by themselves; two hours are all that anybody may work.
            var bundle = ConsortiumBundle.valid()
            bundle.operators = bundle.operators.filter { $0.id == "pub01-01" }.map { person in
                var person = person
                person.maxHoursPerWeek = Thousandths(2)
                return person
            }
            bundle.availability = bundle.availability.filter { $0.operator == "pub01-01" }
            bundle.absences = []
            try await pool.importing(bundle)
            let runs = PlanningRuns(consortium: "two", pool: pool)
            let worker = worker(in: pool)
            let draft = try await pool.drafting([monday])
            try await withThrowingTaskGroup { group in
                group.addTask { await worker.run() }
                let number = try await runs.advise(on: draft, weekOf: nil, .init(seconds: 5), by: "ada", at: now)
                let run = try await over(number, runs)
                let record = try #require(run.findings.flatMap { AdviceRecord(json: $0) }, "\(run)")
                let steps: [AdviceRecord.Step] = record.gaps.flatMap { $0.steps + $0.alternatives }
                let step = try #require(steps.first { !$0.permissions.isEmpty })
                let acceptance = AdviceAcceptance(consortium: "two", pool: pool)
                await #expect(throws: AdviceRefusal.reasonMissing) {
                    try await acceptance.accept(step.number, of: number, for: draft, because: "", by: "ada", at: now)
                }
                let changed = try await acceptance.accept(
                    step.number, of: number, for: draft, because: "She offered to", by: "ada", at: now)
                let always = Instant(secondsSince1970: 0)..<Instant(secondsSince1970: 4_000_000_000)
                let overrides = try await pool.withConnection {
                    try await ConsortiumRepository(consortium: "two").overrides(in: $0, touching: always)
                }
                #expect(overrides.map(\.reason) == ["She offered to"])
                #expect(overrides.map(\.approvedBy) == ["ada"])
                let review = try await PlanReview.read("two", changed, in: pool)
                #expect(review.score.violations.isEmpty)
                worker.stop()
            }
        }
    }

    @Test("a suggestion whose shifts are gone is refused")
    func refusesGone() async throws {
        try await withWorker { pool, runs, _ in
            let draft = try await pool.drafting([monday])
            let number = try await runs.advise(on: draft, weekOf: nil, .init(seconds: 5), by: "ada", at: now)
            let run = try await over(number, runs)
            let record = try #require(run.findings.flatMap { AdviceRecord(json: $0) })
            let steps: [AdviceRecord.Step] = record.gaps.flatMap { $0.steps + $0.alternatives }
            let step = try #require(steps.first { !$0.removed.isEmpty } ?? steps.first)
            let other = try await pool.drafting([])
            let acceptance = AdviceAcceptance(consortium: "two", pool: pool)
            guard !step.removed.isEmpty else {
                #expect(step.applied(to: []) != nil)
                return
            }
            await #expect(throws: AdviceRefusal.doesNotFit) {
                try await acceptance.accept(step.number, of: number, for: other, because: "x", by: "ada", at: now)
            }
        }
    }

    // MARK: What they share

    private func worker(in pool: PostgresPool) -> PlanningWorker {
        let now = now
        return PlanningWorker(
            consortium: "two", pool: pool, node: "node", settings: .init(threads: 1), now: { now },
            failed: { run, error in Issue.record("search \(run) failed: \(error)") })
    }

    private func withWorker(
        _ body: (PostgresPool, PlanningRuns, PlanningWorker) async throws -> Void
    ) async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.unproven())
            let worker = worker(in: pool)
            try await withThrowingTaskGroup { group in
                group.addTask { await worker.run() }
                defer { worker.stop() }
                try await body(pool, PlanningRuns(consortium: "two", pool: pool), worker)
            }
        }
    }

    private func over(_ number: Int, _ runs: PlanningRuns) async throws -> PlanningRun {
        try await eventually("search \(number) is over") { try await !runs.run(number).state.isOpen }
        return try await runs.run(number)
    }

    private func claim(_ node: String, leaseSeconds: Int = 60, in pool: PostgresPool) async throws -> Int? {
        try await pool.withConnection { connection in
            try await PlanningRunRepository(consortium: "two").claim(
                advising: false, as: node, leaseSeconds: leaseSeconds, at: now, in: connection)?.number
        }
    }
}

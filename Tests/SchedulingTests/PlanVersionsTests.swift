import Coverage
import Planning
import PostgresClient
import Scheduling
import Storage
import StorageTestSupport
import Testing

@Suite("Versions of the schedule")
struct PlanVersionsTests {
    private let now = Instant(secondsSince1970: 1_790_000_000)
    private let monday = Shift.valid("ask", "pub01-01", date: "2026-10-26", hour: 10, hours: 2)
    private let tuesday = Shift.valid("ask", "pub01-01", date: "2026-10-27", hour: 10, hours: 2)

    @Test("a draft that is thrown away is gone, and its number means no other plan")
    func discards() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let versions = PlanVersions(consortium: "two", pool: pool)
            let number = try await pool.drafting([monday])
            let boards = WeekBoards(consortium: "two", pool: pool, now: { self.now })
            let day = try #require(CivilDate("2026-10-26"))
            #expect(try await boards.board(weekOf: day, .plan(number)).shifts == [monday])
            try await versions.discard(number, by: "ada", at: now)
            await #expect(throws: SchedulingRefusal.self) { try await versions.plan(number) }
            await #expect(throws: SchedulingRefusal.self) { try await boards.board(weekOf: day, .plan(number)) }
            #expect(try await pool.drafting([tuesday]) == number + 1)
            await #expect(throws: SchedulingRefusal.self) { try await versions.discard(number, by: "ada", at: now) }
        }
    }

    @Test("a plan that libraries have seen cannot be thrown away")
    func keepsPublished() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let number = try await pool.drafting([monday])
            _ = try await pool.publishing(number)
            let versions = PlanVersions(consortium: "two", pool: pool)
            await #expect(throws: SchedulingRefusal.self) { try await versions.discard(number, by: "ada", at: now) }
            #expect(try await versions.plan(number).state == .published)
        }
    }

    @Test("an earlier version comes back as a draft, and is published as any")
    func restores() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let first = try await pool.drafting([monday])
            _ = try await pool.publishing(first)
            _ = try await pool.publishing(try await pool.drafting([tuesday]))
            let versions = PlanVersions(consortium: "two", pool: pool)
            let draft = try await versions.restore(first, by: "ada", at: now)
            let plan = try await versions.plan(draft)
            #expect(plan.state == .draft)
            #expect(PlanOrigin(json: plan.making).restores == first)
            #expect(try await pool.publishedShifts() == [tuesday])
            _ = try await PlanPublication(consortium: "two").run(
                plan: draft, in: pool, actor: "ada", message: "back", at: now)
            #expect(try await pool.publishedShifts() == [monday])
        }
    }

    @Test("a version that the data have overtaken comes back, and is not published")
    func checksRestored() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let first = try await pool.drafting([monday])
            _ = try await pool.publishing(first)
            var ill = ConsortiumBundle.valid()
            ill.absences.append(.valid(operator: "pub01-01", date: try #require(CivilDate("2026-10-26"))))
            try await pool.importing(ill)
            let draft = try await PlanVersions(consortium: "two", pool: pool).restore(first, by: "ada", at: now)
            await #expect(throws: SchedulingRefusal.self) {
                try await PlanPublication(consortium: "two").run(
                    plan: draft, in: pool, actor: "ada", message: "", at: now)
            }
        }
    }

    @Test("a plan is judged beside what is published, and anew when something has changed")
    func reviews() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let reviews = PlanReviews(consortium: "two", pool: pool, now: { self.now })
            let number = try await pool.drafting([tuesday])
            let alone = try await reviews.review(number)
            #expect(alone.published.isEmpty)
            #expect(alone.difference.minutes(.gained) == 120)
            _ = try await pool.publishing(try await pool.drafting([monday]))
            let review = try await reviews.review(number)
            #expect(review.published == [2])
            #expect(review.difference.minutes(.lost) == 120)
            #expect(review.difference.minutes(.gained) == 120)
            #expect(review.coverage.total.coveredMinutes == review.coverageNow.total.coveredMinutes)
        }
    }
}

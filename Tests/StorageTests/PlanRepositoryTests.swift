import Coverage
import PostgresClient
import Storage
import StorageTestSupport
import Testing

@Suite("Plans in the database")
struct PlanRepositoryTests {
    private let repository = PlanRepository(consortium: "two")
    private let early = Shift.valid("ask", "pub01-01", date: "2026-10-26", hour: 10)
    private let night = Shift.valid("ask", "pub01-02", date: "2026-11-01", hour: 23, hours: 2)
    private let late = Shift.valid("ask", "pub01-01", date: "2026-11-03", hour: 10)

    @Test("publishing takes the place of what was published")
    func supersedes() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid(weeks: 2))
            let first = try await pool.drafting([early, late], weeks: 2)
            let second = try await pool.drafting([late], weeks: 2)
            #expect(try await pool.publishing(first) == [])
            #expect(try await pool.publishing(second) == [first])
            let states = try await pool.withConnection { try await repository.all(in: $0).map(\.state) }
            #expect(states == [.published, .superseded])
        }
    }

    @Test("publishing for one week leaves the other weeks as they are")
    func splits() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid(weeks: 2))
            let both = try await pool.drafting([early, night, late], weeks: 2)
            _ = try await pool.publishing(both)
            let second = try await pool.drafting([], startsOn: "2026-11-02", weeks: 1)
            _ = try await pool.publishing(second)
            let published = try await pool.publishedShifts()
            // The night shift is cut at the midnight where the new plan begins.
            var cut = night
            cut.during = night.during.lowerBound..<Instant.newYork(.init(daysSince1970: 20_759), hour: 0)
            #expect(published == [early, cut])
        }
    }

    @Test("the change log follows what is published, and knows no drafts")
    func logsPublications() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid(weeks: 2))
            let before = try await pool.changeCount()
            let first = try await pool.drafting([early, late], weeks: 2)
            #expect(try await pool.changeCount() == before)
            _ = try await pool.publishing(first)
            #expect(try await pool.changeCount() == before + 3)
            let second = try await pool.drafting([late], weeks: 2)
            _ = try await pool.publishing(second)
            #expect(try await pool.changeCount() == before + 3 + 3 + 2)
        }
    }
}

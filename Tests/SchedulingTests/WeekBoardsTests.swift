import Coverage
import PostgresClient
import Scheduling
import StorageTestSupport
import Testing

@Suite("Weeks that are kept")
struct WeekBoardsTests {
    private static let monday = "2026-10-26"

    @Test("a week is shown as it stands, whatever was published since it was looked at last")
    func fresh() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let boards = WeekBoards(consortium: "two", pool: pool, now: { Instant(secondsSince1970: 1_793_026_800) })
            let day = try #require(CivilDate(Self.monday))
            #expect(try await boards.board(weekOf: day, .published).shifts.isEmpty)
            for hour in 10...12 {
                let shift = Shift.valid("ask", "pub01-01", date: Self.monday, hour: hour)
                _ = try await pool.publishing(try await pool.drafting([shift]))
                #expect(try await boards.board(weekOf: day, .published).shifts == [shift])
                #expect(try await boards.board(weekOf: day, .published).shifts == [shift])
            }
        }
    }

    @Test("however many ask at once while it changes, each has an answer")
    func crowd() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let boards = WeekBoards(consortium: "two", pool: pool, now: { Instant(secondsSince1970: 1_793_026_800) })
            let day = try #require(CivilDate(Self.monday))
            for hour in 10...19 {
                let shift = Shift.valid("ask", "pub01-01", date: Self.monday, hour: hour)
                _ = try await pool.publishing(try await pool.drafting([shift]))
                try await withThrowingTaskGroup(of: [Shift].self) { group in
                    for _ in 0..<40 {
                        group.addTask { try await boards.board(weekOf: day, .published).shifts }
                    }
                    for try await shifts in group { #expect(shifts == [shift]) }
                }
            }
        }
    }
}

import Coverage
import PostgresClient
import Scheduling
import Storage
import StorageTestSupport
import Synchronization
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

    private final class Newest: Sendable {
        /// The newest plan that is surely published; 0 is none yet, nil is the end.
        let plan = Mutex(Int?.some(0))
    }

    @Test("while it changes nobody who asks sees a week that is older than what was published by then")
    func race() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let boards = WeekBoards(consortium: "two", pool: pool, now: { Instant(secondsSince1970: 1_793_026_800) })
            let day = try #require(CivilDate(Self.monday))
            let newest = Newest()
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        var looks = 0
                        while let before = newest.plan.withLock({ $0 }) {
                            let seen = try await boards.board(weekOf: day, .published).plans.map(\.number).max() ?? 0
                            #expect(seen >= before, "saw plan \(seen) after plan \(before) was published")
                            looks += 1
                        }
                        return looks
                    }
                }
                for round in 0..<20 {
                    let shift = Shift.valid("ask", "pub01-01", date: Self.monday, hour: 10 + round % 4)
                    let draft = try await pool.drafting([shift])
                    _ = try await pool.publishing(draft)
                    newest.plan.withLock { $0 = draft }
                }
                newest.plan.withLock { $0 = nil }
                for try await looks in group { #expect(looks > 0) }
            }
        }
    }
}

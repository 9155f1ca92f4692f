import Coverage
import PostgresClient
import Scheduling
import Storage
import StorageTestSupport
import Testing

@Suite("Asking to be away")
struct LeaveRequestsTests {
    private static let start = Instant(secondsSince1970: 1_792_000_000)
    private static let shift = Shift.valid("ask", "pub01-01", date: "2026-10-26", hour: 10)
    private static let wish = Absence(operator: "pub01-01", during: shift.during, reason: "a wedding")

    private func withDesk(_ body: (PostgresPool, LeaveRequests) async throws -> Void) async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            _ = try await pool.publishing(try await pool.drafting([Self.shift]))
            for (name, role) in [
                ("pat", Account.Role.operator("pub01-01")), ("mo", .manager("pub01")), ("other", .manager("acad01")),
                ("ada", .coordinator),
            ] {
                let email = try #require(EmailAddress("\(name)@example.org"))
                _ = try await pool.withTransaction { transaction in
                    try await AccountRepository(consortium: "two").insert(
                        AccountRepository.NewAccount(email: email, name: name, role: role), by: "test",
                        at: Self.start, in: transaction)
                }
            }
            let boards = WeekBoards(consortium: "two", pool: pool, now: { Self.start })
            try await body(
                pool, LeaveRequests(consortium: "two", boards: boards, pool: pool, now: { Self.start }))
        }
    }

    private func news(in pool: PostgresPool) async throws -> [String: [Notice]] {
        try await pool.withConnection { connection in
            try await connection.execute("UPDATE notification SET state = 'due'")
            let repository = NotificationRepository(consortium: "two")
            let claims = try await repository.claim(atMost: 50, at: Self.start, leaseSeconds: 60, in: connection)
            for claim in claims { try await repository.finish(claim, in: connection) }
            return Dictionary(grouping: claims, by: \.name).mapValues { $0.map(\.notice) }
        }
    }

    private func absences(in pool: PostgresPool) async throws -> Int {
        try await pool.stored()?.absences.filter { $0.operator == "pub01-01" }.count ?? 0
    }

    @Test("changes nothing until it is granted to what was looked at, and then is an absence")
    func grants() async throws {
        try await withDesk { pool, leave in
            let number = try await leave.ask(for: Self.wish, at: "pub01", by: "pat@example.org")
            #expect(try await absences(in: pool) == 0)
            let request = try #require(try await leave.open().first)
            #expect(request.absence == Self.wish && request.number == number)
            let impact = try await leave.impact(of: request)
            #expect(impact.hits.map(\.shift.shift.operator) == ["pub01-01"])
            await #expect(throws: LibraryRefusal.scheduleChangedMeanwhile) {
                try await leave.grant(number, seen: "", by: "mo@example.org")
            }
            #expect(try await leave.open().count == 1, "nothing of it is done")
            try await leave.grant(number, seen: impact.fingerprint, by: "mo@example.org")
            #expect(try await absences(in: pool) == 1)
            #expect(try await leave.open().isEmpty)
        }
    }

    @Test("is told to the library's manager and to coordinators, and the answer to whoever asked, once")
    func tells() async throws {
        try await withDesk { pool, leave in
            let number = try await leave.ask(for: Self.wish, at: "pub01", by: "pat@example.org")
            let asked = try await news(in: pool)
            #expect(Set(asked.keys) == ["mo", "ada"])
            guard case .requestWaiting(let request, "a wedding", "pat@example.org")? = asked["mo"]?.first else {
                Issue.record("mo was told \(String(describing: asked["mo"]))")
                return
            }
            #expect(request.kind == .leave && request.person == "Operator pub01-01")
            let request1 = try #require(try await leave.open().first)
            let seen = try await leave.impact(of: request1).fingerprint
            try await leave.grant(number, seen: seen, by: "mo@example.org")
            let told = try await news(in: pool)
            #expect(told.keys.sorted() == ["pat"] && told["pat"]?.count == 1)
            guard case .requestDecided(_, true, "", "mo@example.org")? = told["pat"]?.first else {
                Issue.record("pat was told \(String(describing: told["pat"]))")
                return
            }
        }
    }

    @Test("is not asked twice for the same time, nor for what has begun, nor for somebody of another library")
    func refuses() async throws {
        try await withDesk { pool, leave in
            let number = try await leave.ask(for: Self.wish, at: "pub01", by: "pat@example.org")
            var longer = Self.wish
            longer.during = Self.start.advanced(byMinutes: 60)..<Self.wish.during.upperBound.advanced(byMinutes: 60)
            await #expect(throws: ShiftRequests.Refusal.self) {
                try await leave.ask(for: longer, at: "pub01", by: "pat@example.org")
            }
            try await leave.close(number, ShiftRequestRepository.Decision(.withdrawn, by: "pat@example.org"))
            try await leave.ask(for: longer, at: "pub01", by: "pat@example.org")
            var past = Self.wish
            past.during = Self.start.advanced(byMinutes: -60)..<Self.start.advanced(byMinutes: 60)
            await #expect(throws: ShiftRequests.Refusal.self) {
                try await leave.ask(for: past, at: "pub01", by: "pat@example.org")
            }
            await #expect(throws: LibraryRefusal.notOurs("pub01-01", "acad01")) {
                try await leave.ask(for: Self.wish, at: "acad01", by: "x")
            }
            await #expect(throws: ShiftRequests.Refusal.self) {
                try await leave.close(number, ShiftRequestRepository.Decision(.refused, by: "mo@example.org"))
            }
            #expect(try await absences(in: pool) == 0)
        }
    }
}

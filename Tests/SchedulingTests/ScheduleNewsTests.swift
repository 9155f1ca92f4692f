import Coverage
import PostgresClient
import Scheduling
import Storage
import StorageTestSupport
import Testing

@Suite("News of a schedule that changes")
struct ScheduleNewsTests {
    private static let sunday = Instant.newYork(CivilDate(daysSince1970: 20_751), hour: 12)
    private static let kept = Shift.valid("ask", "pub01-01", date: "2026-10-26", hour: 10)
    private static let lost = Shift.valid("ask", "pub01-01", date: "2026-10-27", hour: 10)
    private static let gained = Shift.valid("ask", "pub01-01", date: "2026-10-27", hour: 12)
    private static let others = Shift.valid("ask", "pub01-02", date: "2026-10-26", hour: 12)

    private func account(_ name: String, of person: Operator.ID, in pool: PostgresPool) async throws {
        let email = try #require(EmailAddress("\(name)@example.org"))
        _ = try await pool.withTransaction { transaction in
            try await AccountRepository(consortium: "two").insert(
                AccountRepository.NewAccount(email: email, name: name, role: .operator(person)), by: "test",
                at: Self.sunday, in: transaction)
        }
    }

    private func news(in pool: PostgresPool, at now: Instant = sunday) async throws -> [String: Notice] {
        let claims = try await pool.withConnection { connection in
            try await NotificationRepository(consortium: "two").claim(
                atMost: 100, at: now, leaseSeconds: 60, in: connection)
        }
        return Dictionary(claims.map { ($0.name, $0.notice) }) { first, _ in first }
    }

    @Test("tells each person what they gained and lost by a plan that is published, and nobody whose shifts stay")
    func publishing() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            try await account("pat", of: "pub01-01", in: pool)
            try await account("quiet", of: "acad01-01", in: pool)
            _ = try await pool.publishing(try await pool.drafting([Self.kept, Self.lost]))
            let draft = try await pool.drafting([Self.kept, Self.gained, Self.others])
            _ = try await PlanPublication(consortium: "two").run(
                plan: draft, in: pool, actor: "ada@example.org", message: "November", at: Self.sunday)
            let told = try await news(in: pool)
            #expect(
                told == [
                    "pat": .scheduleChanged(
                        gained: [NoticeShift(queue: "Queue ask", during: Self.gained.during)],
                        lost: [NoticeShift(queue: "Queue ask", during: Self.lost.during)], message: "November")
                ])
        }
    }

    @Test("does not tell of what is over")
    func past() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            try await account("pat", of: "pub01-01", in: pool)
            let draft = try await pool.drafting([Self.kept])
            let later = Self.kept.during.lowerBound.advanced(byMinutes: 1)
            _ = try await PlanPublication(consortium: "two").run(
                plan: draft, in: pool, actor: "ada@example.org", message: "", at: later)
            #expect(try await news(in: pool, at: later).isEmpty)
        }
    }

    @Test("tells a person of an absence that somebody else entered, and not of their own")
    func absences() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            try await account("pat", of: "pub01-01", in: pool)
            let book = AbsenceBook(consortium: "two", library: "pub01")
            let absence = Absence(operator: "pub01-01", during: Self.kept.during, reason: "leave")
            for actor in ["pat@example.org", "boss@example.org"] {
                try await book.add(absence, seen: "", by: actor, at: Self.sunday, in: pool)
                let told = try await news(in: pool)
                let notice = Notice.absenceAdded(NoticeTime(absence.during), reason: "leave", by: actor)
                #expect(told == (actor == "pat@example.org" ? [:] : ["pat": notice]))
                #expect(try await book.remove(absence, by: "pat@example.org", at: Self.sunday, in: pool))
            }
            await #expect(throws: LibraryRefusal.notOurs("acad01-01", "pub01")) {
                try await book.add(
                    Absence(operator: "acad01-01", during: Self.kept.during), seen: "", by: "x", at: Self.sunday,
                    in: pool)
            }
        }
    }
}

import Coverage
import PostgresClient
import Scheduling
import Storage
import StorageTestSupport
import Testing

@Suite("The weekly times of a library's people")
struct AvailabilityBookTests {
    private static let sunday = Instant.newYork(CivilDate(daysSince1970: 20_751), hour: 12)

    private func book(of person: Operator.ID = "pub01-01", at library: Library.ID = "pub01") throws -> AvailabilityBook
    {
        AvailabilityBook(
            consortium: "two", library: library, person: person,
            zone: try TimeZoneRules(identifier: "America/New_York"))
    }

    private func week(_ spans: (weekday: Weekday, from: Int, to: Int, liking: Int)...) throws -> WeeklyAvailability {
        try WeeklyAvailability(
            spans.map { span in
                WeeklyAvailability.Span(
                    weekday: span.weekday, from: MinuteOfDay(rawValue: span.from * 60) ?? .startOfDay,
                    to: MinuteOfDay(rawValue: span.to * 60) ?? .endOfDay,
                    liking: WeeklyAvailability.Liking(sum: span.liking))
            })
    }

    private func pat(in pool: PostgresPool) async throws {
        let email = try #require(EmailAddress("pat@example.org"))
        _ = try await pool.withTransaction { transaction in
            try await AccountRepository(consortium: "two").insert(
                AccountRepository.NewAccount(email: email, name: "pat", role: .operator("pub01-01")), by: "test",
                at: Self.sunday, in: transaction)
        }
    }

    private func news(in pool: PostgresPool) async throws -> [Notice] {
        try await pool.withConnection { connection in
            try await NotificationRepository(consortium: "two").claim(
                atMost: 100, at: Self.sunday, leaseSeconds: 60, in: connection)
        }.map(\.notice)
    }

    @Test("a week takes the place of all that the person had, in the audit log with both, and tells the person")
    func replaces() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            try await pat(in: pool)
            let (book, new) = (try book(), try week((.monday, 9, 12, 2), (.monday, 12, 14, -1)))
            let seen = try await book.standing(at: Self.sunday, in: pool).week.text
            #expect(seen == "0 09:00-17:00 0;1 09:00-17:00 0")
            #expect(
                try await book.set(
                    new, seen: seen, seenHits: "", by: "boss@example.org", at: Self.sunday, in: pool))
            let rows = try await pool.stored()?.availability.filter { $0.operator == "pub01-01" }
            #expect(rows == new.rows(of: "pub01-01"))
            #expect(try await pool.stored()?.availability.count == 8, "nobody else’s are touched")
            let texts = try await pool.withConnection { connection in
                try await connection.query(
                    """
                    SELECT action, subject, before::text, after::text FROM audit_log
                    WHERE consortium_id = 'two' AND action = 'set availability'
                    """
                ).single().decode((String, String, String, String).self)
            }
            #expect(texts.1 == "operator pub01-01")
            #expect(texts.2.contains("17:00") && texts.3.contains("\"preference\": 2"), "\(texts)")
            #expect(try await news(in: pool) == [.availabilityChanged(by: "boss@example.org")])
        }
    }

    @Test("nobody is told of what they changed themselves, and the same again changes nothing")
    func own() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            try await pat(in: pool)
            let (book, new) = (try book(), try week((.friday, 9, 12, 0)))
            let seen = try await book.standing(at: Self.sunday, in: pool).week.text
            let actor = "pat@example.org"
            #expect(try await book.set(new, seen: seen, seenHits: "", by: actor, at: Self.sunday, in: pool))
            let changes = try await pool.changeCount()
            #expect(
                try await !book.set(new, seen: new.text, seenHits: "", by: actor, at: Self.sunday, in: pool))
            #expect(try await pool.changeCount() == changes)
            #expect(try await news(in: pool).isEmpty)
        }
    }

    @Test("what somebody else has changed meanwhile is not overwritten, and the refusal says what is there")
    func conflict() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let (book, theirs) = (try book(), try week((.friday, 9, 12, 0)))
            let seen = try await book.standing(at: Self.sunday, in: pool).week.text
            _ = try await book.set(theirs, seen: seen, seenHits: "", by: "first", at: Self.sunday, in: pool)
            let mine = try week((.monday, 9, 12, 0))
            await #expect(throws: LibraryRefusal.availabilityChangedMeanwhile(theirs)) {
                try await book.set(mine, seen: seen, seenHits: "", by: "second", at: Self.sunday, in: pool)
            }
            #expect(try await book.standing(at: Self.sunday, in: pool).week == theirs)
        }
    }

    @Test("coming published shifts outside the new times are told; those that came since are not passed over")
    func hits() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            _ = try await pool.publishing(
                try await pool.drafting([
                    .valid("ask", "pub01-01", date: "2026-10-26", hour: 10, hours: 2),
                    .valid("ask", "pub01-02", date: "2026-10-26", hour: 12),
                ]))
            let (book, new) = (try book(), try week((.monday, 9, 11, 0)))
            let standing = try await book.standing(at: Self.sunday, in: pool)
            let hits = try await book.hits(of: new, standing, at: Self.sunday, in: pool)
            #expect(hits.map(\.shift.shift.operator) == ["pub01-01"])
            let eleven = Instant.newYork(CivilDate(daysSince1970: 20_752), hour: 11)
            #expect(hits.map(\.outside) == [[eleven..<eleven.advanced(byMinutes: 60)]])
            #expect(try await book.hits(of: new, standing, at: eleven, in: pool).isEmpty, "it has begun")
            await #expect(throws: LibraryRefusal.scheduleChangedMeanwhile) {
                try await book.set(
                    new, seen: standing.week.text, seenHits: "", by: "x", at: Self.sunday, in: pool)
            }
            #expect(
                try await book.set(
                    new, seen: standing.week.text, seenHits: AvailabilityBook.fingerprint(hits), by: "x",
                    at: Self.sunday, in: pool))
            #expect(try await pool.publishedShifts().count == 2, "they stay")
        }
    }

    @Test("people of other libraries are none of its own")
    func others() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let book = try book(of: "acad01-01")
            await #expect(throws: LibraryRefusal.notOurs("acad01-01", "pub01")) {
                try await book.standing(at: Self.sunday, in: pool)
            }
            let week = try week()
            await #expect(throws: LibraryRefusal.notOurs("acad01-01", "pub01")) {
                try await book.set(week, seen: "", seenHits: "", by: "x", at: Self.sunday, in: pool)
            }
        }
    }

    @Test("of many who save at once what they saw, one is heard")
    func race() async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let book = try book()
            let seen = try await book.standing(at: Self.sunday, in: pool).week.text
            let weeks = try (0..<6).map { try week((.friday, 9 + $0, 18, 0)) }
            let saved = try await withThrowingTaskGroup(of: Bool.self) { group in
                for week in weeks {
                    group.addTask {
                        do {
                            return try await book.set(
                                week, seen: seen, seenHits: "", by: "x", at: Self.sunday, in: pool)
                        } catch LibraryRefusal.availabilityChangedMeanwhile {
                            return false
                        }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(saved == 1)
            #expect(weeks.contains(try await book.standing(at: Self.sunday, in: pool).week))
        }
    }
}

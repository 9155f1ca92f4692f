import Coverage
import Foundation
import GRDB
import Replication
import TestSupport
import Testing

@Suite("The views for people")
struct ViewTests {
    @Test("tell times by the library's clock, also on the nights on which clocks change")
    func tellsLocalTimes() async throws {
        let service = ModelService()
        // 2026-11-01: clocks in New York go from 02:00 EDT back to 01:00 EST at 06:00 UTC. 2026-03-08: forward.
        service.commit([
            ModelService.put("shift", ["1", "1", "chat", "cecil", "ada", "1793509200", "1793516400"]),
            ModelService.put("shift", ["1", "2", "chat", "cecil", "ada", "1793512800", "1793516400"]),
            ModelService.put("shift", ["1", "3", "chat", "cecil", "ada", "1772951400", "1772955000"]),
            ModelService.put("shift", ["1", "4", "chat", "harford", "joe", "1793570400", "1793595600"]),
        ])
        try await withCache { cache, rows in
            _ = try await cache.take(try #require(service.answer(cursor: nil)))
            let told = try rows.read { db in
                try Row.fetchAll(
                    db,
                    sql: "SELECT day, starts, ends, starts_local, ends_local FROM shift_local ORDER BY shift_number"
                ).map { $0.databaseValues.map { String.fromDatabaseValue($0) ?? "" }.joined(separator: " ") }
            }
            #expect(
                told == [
                    "2026-11-01 01:00 02:00 2026-11-01T01:00:00-04:00 2026-11-01T02:00:00-05:00",
                    "2026-11-01 01:00 02:00 2026-11-01T01:00:00-05:00 2026-11-01T02:00:00-05:00",
                    "2026-03-08 01:30 03:30 2026-03-08T01:30:00-05:00 2026-03-08T03:30:00-04:00",
                    "2026-11-01 17:00 24:00 2026-11-01T17:00:00-05:00 2026-11-02T00:00:00-05:00",
                ])
        }
    }

    @Test("list today's shifts, this week's own ones, open gaps with who could take them, and coverage now")
    func tellsPresent() async throws {
        let now = Int(Date().timeIntervalSince1970) / 3600 * 3600
        func shift(_ number: Int, _ library: String, _ person: String, _ from: Int, _ to: Int) -> ModelService.Change {
            ModelService.put("shift", ["1", "\(number)", "chat", library, person, "\(now + from)", "\(now + to)"])
        }
        let service = ModelService()
        service.commit(
            ["ada", "bob"].flatMap { person in
                (0..<7).map { ModelService.put("availability", [person, "\($0)", "0", "1440", "0"]) }
            })
        service.commit([
            ModelService.put("plan", ["1", "\(now - 86_400)", "\(now + 86_400 * 9)", "\(now)", "eve", ""]),
            // Two wanted for three hours from now; one sits until the second, none in the third.
            ModelService.put("demand", ["chat", "\(now)", "\(now + 10_800)", "1", "2"]),
            shift(1, "cecil", "ada", 0, 3600), shift(2, "harford", "joe", 3600, 7200),
            shift(3, "harford", "joe", 86_400 * 20, 86_400 * 20 + 3600),
        ])
        try await withCache { cache, rows in
            _ = try await cache.take(try #require(service.answer(cursor: nil)))
            try rows.read { db in
                #expect(try String.fetchAll(db, sql: "SELECT operator FROM my_library_week") == ["Ada Byron"])
                #expect(try Int.fetchAll(db, sql: "SELECT shift_number FROM shift_today WHERE is_on_now") == [1])
                #expect(try String.fetchAll(db, sql: "SELECT standing FROM coverage_now") == ["thin"])
                let gaps = try Row.fetchAll(
                    db, sql: "SELECT severity, missing, who_could, ends_at FROM open_gap ORDER BY starts_at")
                #expect(gaps.map { $0["severity"] as String } == ["thin", "critical"])
                #expect(gaps.map { $0["missing"] as Int } == [1, 1])
                // Ada sits during a part of the first.
                #expect(gaps.map { $0["who_could"] as String } == ["Bob", "Ada Byron, Bob"])
                #expect(gaps.map { $0["ends_at"] as Int } == [now + 7200, now + 10_800])
            }
        }
    }

    @Test("name for a gap only those who are available for a shortest shift of it and have hours left")
    func tellsWhoCould() async throws {
        // Two hours from ten on, the day after tomorrow; a shortest shift is one hour.
        let zone = try TimeZoneRules(identifier: "America/New_York")
        let today = zone.civil(at: Instant(secondsSince1970: Int64(Date().timeIntervalSince1970))).date
        let date = today.advanced(byDays: 2)
        let ten = try #require(MinuteOfDay(rawValue: 600))
        let start = Int(zone.firstInstant(ofDate: date, time: ten).secondsSince1970)
        let weekday = date.weekday.rawValue
        let service = ModelService()
        var changes = [
            ModelService.put("plan", ["1", "\(start - 864_000)", "\(start + 864_000)", "1", "eve", ""]),
            ModelService.put("demand", ["chat", "\(start)", "\(start + 7200)", "1", "1"]),
            ModelService.put("queue", ["mail", "Mail", "email", "general", "1", "60", "240"]),
        ]
        for (name, day, from, to, hoursPerWeek, hoursPerDay) in [
            ("free", weekday, 0, 1440, 40, 4), ("brief", weekday, 600, 630, 40, 4),
            ("other", (weekday + 3) % 7, 0, 1440, 40, 4), ("fullday", weekday, 0, 1440, 40, 4),
            ("fullweek", weekday, 0, 1440, 20, 24),
        ] {
            changes += [
                ModelService.put("operator", [name, "cecil", name, "", "\(hoursPerWeek)", "\(hoursPerDay)", "1"]),
                ModelService.put("operator_skill", [name, "general"]),
                ModelService.put("availability", [name, "\(day)", "\(from)", "\(to)", "0"]),
            ]
        }
        // All four hours of the day, before the gap; all but half an hour of the week's twenty, on a day beside it.
        let beside = start - 36_000 + (weekday == 0 ? 86_400 : -86_400)
        changes += [
            ModelService.put("shift", ["1", "1", "mail", "cecil", "fullday", "\(start - 18_000)", "\(start - 3600)"]),
            ModelService.put("shift", ["1", "2", "mail", "cecil", "fullweek", "\(beside)", "\(beside + 70_200)"]),
        ]
        service.commit(changes)
        try await withCache { cache, rows in
            _ = try await cache.take(try #require(service.answer(cursor: nil)))
            #expect(try rows.list("SELECT who_could FROM open_gap WHERE queue_id = 'chat'") == ["free"])
        }
    }

    @Test("list the library's tickets, the most urgent first, and its swaps from either side")
    func tellsTicketsAndSwaps() async throws {
        let service = OfflineTests.service()
        let old = "1790000000"
        service.commit([
            ModelService.put("queue", ["mail", "Mail", "email", "general", "1", "60", "240"]),
            ModelService.put("ticket", ["7", "mail", "cecil", "\\N", "waiting", old, "4000000000", "atlas?"]),
            ModelService.put("ticket", ["8", "mail", "harford", "ada", "held", old, "1790003600", "map?"]),
            ModelService.put("ticket", ["9", "mail", "cecil", "joe", "held", old, "\\N", ""]),
            ModelService.put(
                "swap_request", ["r1", "3", "17", "ada", "3", "18", "open", "exam", old, "cecil", "harford"]),
            ModelService.put(
                "swap_request", ["r2", "3", "18", "joe", "\\N", "\\N", "open", "", old, "harford", "cecil"]),
        ])
        try await withCache { cache, rows in
            _ = try await cache.take(try #require(service.answer(cursor: nil)))
            let tickets = try rows.list(
                """
                SELECT number || ' ' || state || ' ' || coalesce(operator, '-') || ' ' || patrons_library || ' '
                    || is_overdue || is_own_patrons || is_held_here FROM my_library_ticket
                """)
            #expect(
                tickets == [
                    "8 held Ada Byron Harford 101", "7 waiting - Cecil County 010", "9 held joe Cecil County 010",
                ])
            #expect(
                try rows.value("SELECT asked || ' ' || due FROM my_library_ticket WHERE number = 8")
                    == "2026-09-21 10:13 2026-09-21 11:13")
            let swaps = try rows.list(
                """
                SELECT is_asked_here || ' ' || operator || ' ' || day || ' ' || starts || ' for '
                    || coalesce(for_operator || ' ' || for_day || ' ' || for_starts, 'anything') FROM my_library_swap
                """)
            #expect(
                swaps == [
                    "1 Ada Byron 2026-11-30 09:46 for joe 2026-11-30 12:33", "0 joe 2026-11-30 12:33 for anything",
                ])
        }
    }
}

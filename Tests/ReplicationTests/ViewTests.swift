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
}

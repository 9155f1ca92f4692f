import Accounts
import Coverage
import PostgresClient
import Storage
import StorageTestSupport
import Testing

@Suite("The page of somebody's weekly times")
struct AvailabilityPageTests {
    private static let page = "/library/pub01/people/pub01-01/availability"
    private static let stands = "0 09:00-17:00 0;1 09:00-17:00 0"

    /// One row, of a week as it was imported.
    private static func fields(_ change: [String: String] = [:]) -> [String: String] {
        [
            "rows": "1", "weekday-1": "0", "from-1": "9", "to-1": "11:00", "liking-1": "2", "seen": stands,
            "action": "look",
        ].merging(change) { $1 }
    }

    private func withShift(_ body: (ServedSite) async throws -> Void) async throws {
        try await withSite(arguments: .atSunday) { site in
            _ = try await site.pool.publishing(
                try await site.pool.drafting([.valid("ask", "pub01-01", date: "2026-10-26", hour: 10, hours: 2)]))
            try await body(site)
        }
    }

    private func stored(_ site: ServedSite) async throws -> [Availability] {
        try await site.pool.stored()?.availability.filter { $0.operator == "pub01-01" } ?? []
    }

    @Test("a manager looks what new times mean, with the shifts outside and the hours, and saves them")
    func saves() async throws {
        try await withShift { site in
            var manager = try await site.browser(of: .manager("pub01"))
            #expect(try await manager.get("/library/pub01?date=2026-10-26").text.contains("href=\"\(Self.page)\""))
            #expect(try await manager.get("/library/pub01/absences").text.contains("href=\"\(Self.page)\""))
            let form = try await manager.get(Self.page).text
            #expect(form.contains("16 h a week, of which at most 6 h may be planned"))
            let look = try await manager.submit(Self.page, from: Self.page, Self.fields())
            #expect(look.status == 200, "\(look.text)")
            #expect(look.text.contains("2 h a week; before, it was 16 h"))
            #expect(look.text.contains("less than the 6 h"))
            #expect(look.text.contains("1 published shift lies outside") && look.text.contains("outside: 11:00–12:00"))
            #expect(look.text.contains("href=\"/requests/new?shift=pub01-01"))
            #expect(try await stored(site).count == 2, "nothing is saved yet")
            let shifts = try #require(look.value(after: #"name="seen-shifts" value=""#))
            let save = Self.fields(["action": "save", "seen-shifts": shifts])
            #expect(try await manager.submit(Self.page, from: Self.page, save).location == "\(Self.page)?notice=saved")
            #expect(try await stored(site).map(\.preference) == [2])
            let again = try await manager.submit(
                Self.page, from: Self.page, save.merging(["seen": "0 09:00-11:00 2"]) { $1 })
            #expect(again.location == "\(Self.page)?notice=same")
        }
    }

    @Test("what changed meanwhile is shown anew: the times, and the schedule")
    func conflicts() async throws {
        try await withShift { site in
            var manager = try await site.browser(of: .manager("pub01"))
            let stale = Self.fields(["action": "save", "seen": "0 09:00-10:00 0", "to-1": "10:00"])
            for fields in [stale, stale.merging(["action": "look"]) { $1 }] {
                let answer = try await manager.submit(Self.page, from: Self.page, fields)
                #expect(answer.status == 409 && answer.text.contains("Somebody else has changed these times"))
                #expect(answer.text.contains("value=\"10:00\"") && answer.text.contains("value=\"\(Self.stands)\""))
            }
            let unseen = try await manager.submit(
                Self.page, from: Self.page, Self.fields(["action": "save", "seen-shifts": ""]))
            #expect(unseen.status == 409 && unseen.text.contains("has changed since you looked"))
            #expect(try await stored(site).count == 2)
        }
    }

    @Test("operators change their own, readers and colleagues look, and other libraries see nothing")
    func roles() async throws {
        try await withShift { site in
            let loved = Availability(
                operator: "pub01-01", weekday: .friday, from: .startOfDay, to: .endOfDay, preference: 2)
            var bundle = ConsortiumBundle.valid()
            bundle.availability = [loved]
            try await site.pool.importing(bundle)
            var own = try await site.browser(of: .operator("pub01-01"), "own")
            #expect(try await own.get("/library/pub01").text.contains("My times"))
            let seen = Self.fields(["seen": "4 00:00-24:00 2"])
            #expect(try await own.submit(Self.page, from: Self.page, seen).status == 200)
            var colleague = try await site.browser(of: .operator("pub01-02"), "colleague")
            let shown = try await colleague.get(Self.page).text
            #expect(
                shown.contains("00:00–24:00") && shown.contains("Favourite") && !shown.contains("See what it means"))
            #expect(try await colleague.submit(Self.page, from: "/account", seen).status == 403)
            var reader = try await site.browser(of: .reader("pub01"), "reader")
            #expect(try await reader.get(Self.page).status == 200)
            #expect(try await reader.submit(Self.page, from: "/account", seen).status == 403)
            var all = try await site.browser(of: .reader(nil), "all")
            let seenByAll = try await all.get(Self.page).text
            #expect(seenByAll.contains("00:00–24:00") && !seenByAll.contains("Favourite"), "not how it is liked")
            #expect(try await all.submit(Self.page, from: "/account", seen).status == 403)
            var coordinator = try await site.browser(of: .coordinator)
            let look = try await coordinator.submit(Self.page, from: Self.page, seen)
            #expect(look.status == 200 && look.text.contains("href=\"/week/shift?shift=pub01-01"))
            var other = try await site.browser(of: .manager("acad01"), "other")
            #expect(try await other.get(Self.page).status == 403)
            #expect(try await other.submit(Self.page, from: "/account", seen).status == 403)
            let strange = "/library/acad01/people/pub01-01/availability"
            #expect(try await other.get(strange).status == 404)
            #expect(try await other.submit(strange, from: "/account", seen).status == 404)
        }
    }

    @Test(
        "what is wrong is told at its row, what was typed stays, and nothing is saved",
        arguments: [
            (["from-1": "<i>nine</i>"], "is no time"), (["to-1": "8"], "is not after"),
            (["to-1": "9:30"], "Write 09:00 or"),
            (
                ["rows": "2", "weekday-2": "0", "from-2": "10", "to-2": "12", "liking-2": "0"],
                "It overlaps row 1"
            ),
        ])
    func faults(change: [String: String], words: String) async throws {
        try await withSite { site in
            var manager = try await site.browser(of: .manager("pub01"))
            let answer = try await manager.submit(Self.page, from: Self.page, Self.fields(change))
            #expect(answer.status == 422 && answer.text.contains(words), "\(answer.text)")
            #expect(answer.text.contains("class=\"fault\""))
            let typed = (change["from-1"] ?? "9").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            #expect(answer.text.contains("name=\"from-1\" value=\"\(typed)\""), "\(answer.text)")
            #expect(answer.text.contains("name=\"seen\" value=\"\(Self.stands)\""))
            #expect(try await stored(site).count == 2)
        }
    }

    @Test("more rows keep what was typed")
    func more() async throws {
        try await withSite { site in
            var manager = try await site.browser(of: .manager("pub01"))
            let answer = try await manager.submit(
                Self.page, from: Self.page, Self.fields(["action": "more", "from-1": "half past"]))
            #expect(answer.status == 200 && answer.text.contains("value=\"half past\""))
            #expect(answer.text.contains("name=\"from-5\"") && answer.text.contains("name=\"rows\" value=\"5\""))
        }
    }

    @Test("open hours say for whom they are a favourite time, and such people come first; so do shifts given away")
    func favourites() async throws {
        try await withSite(arguments: .atSunday) { site in
            var bundle = ConsortiumBundle.valid()
            bundle.availability += [.monday, .tuesday].map { day in
                Availability(operator: "pub01-02", weekday: day, from: .startOfDay, to: .endOfDay, preference: 2)
            }
            try await site.pool.importing(bundle)
            _ = try await site.pool.publishing(
                try await site.pool.drafting([.valid("ask", "pub01-01", date: "2026-10-26", hour: 10)]))
            var manager = try await site.browser(of: .manager("pub01"))
            let page = try await manager.get("/library/pub01?date=2026-10-26").text
            let favourite = try #require(page.firstRange(of: "a favourite time"))
            let openings = try #require(page.firstRange(of: "Where you could help"))
            let first = page[openings.upperBound..<favourite.lowerBound]
            #expect(first.contains("Operator pub01-02") && !first.contains("Operator pub01-01"), "\(first)")
            var own = try await site.browser(of: .operator("pub01-01"), "own")
            let start = Instant.newYork(CivilDate(daysSince1970: 20_752), hour: 10)
            let shift = "pub01-01~ask~\(start.minutesSince1970)~60"
            _ = try await own.submit(
                "/requests/giveaways", from: "/requests/new?shift=\(shift)", ["shift": shift, "reason": ""])
            #expect(try await manager.get("/requests").text.contains("Operator pub01-02 – a favourite time"))
            var all = try await site.browser(of: .reader(nil), "all")
            #expect(try await !all.get("/library/pub01?date=2026-10-26").text.contains("a favourite time"))
        }
    }
}

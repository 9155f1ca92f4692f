import Accounts
import Coverage
import PostgresClient
import Storage
import StorageTestSupport
import Testing

@Suite("The page of a library's hours and closures")
struct HoursPageTests {
    private static let page = "/library/pub01/hours"
    private static let week = ["monday": "9–12.30, 13:00-17", "tuesday": "09:00–17:00", "saturday": ""]

    @Test("a manager sets the hours, of which patrons are told, and an operator reads them")
    func setsHours() async throws {
        try await withSite { site in
            var manager = try await site.browser(of: .manager("pub01"))
            let set = try await manager.submit(Self.page, from: Self.page, Self.week.merging(["seen": ""]) { $1 })
            #expect(set.location == "\(Self.page)?notice=hours-set", "\(set.text)")
            let stored = try #require(try await site.pool.stored()?.libraryHours)
            #expect(
                stored.map { "\($0.weekday.rawValue) \($0.opens)-\($0.closes)" }
                    == ["0 09:00-12:30", "0 13:00-17:00", "1 09:00-17:00"])
            var pat = try await site.browser(of: .operator("pub01-01"))
            let read = try await pat.get(Self.page).text
            #expect(read.contains("09:00–12:30, 13:00–17:00") && !read.contains("Save the hours"))
            #expect(try await pat.submit(Self.page, from: "/account", ["seen": ""]).status == 403)
            var other = try await site.browser(of: .manager("acad01"), "other")
            #expect(try await other.get(Self.page).status == 403)
            let acts = try await site.pool.withConnection {
                try await AuditRepository(consortium: "two").latest(20, in: $0)
            }
            #expect(acts.filter { $0.action == "set hours" }.map(\.actor) == ["manager@example.org"])
        }
    }

    @Test(
        "what is wrong with hours is told at its day, and nothing is saved",
        arguments: [
            ("9 to 5", "is no span of hours"), ("12:00–09:00", "ends before it begins"),
            ("09:00–12:00, 11:00–13:00", "overlap"), ("25:00–26:00", "is no span of hours"),
        ])
    func tellsFaults(typed: String, words: String) async throws {
        try await withSite { site in
            var manager = try await site.browser(of: .manager("pub01"))
            let answer = try await manager.submit(Self.page, from: Self.page, ["monday": typed, "seen": ""])
            #expect(answer.status == 422)
            #expect(answer.text.contains("id=\"monday-fault\"") && answer.text.contains(words))
            #expect(answer.text.contains("value=\"\(typed)\""))
            #expect(try await site.pool.stored()?.libraryHours == nil)
        }
    }

    @Test("hours that somebody else has changed meanwhile are not overwritten: both are shown, and can be saved then")
    func conflict() async throws {
        try await withSite { site in
            var manager = try await site.browser(of: .manager("pub01"))
            var coordinator = try await site.browser(of: .coordinator)
            _ = try await coordinator.submit(Self.page, from: Self.page, ["monday": "10–11", "seen": ""])
            let mine = ["monday": "09:00–12:00", "seen": ""]
            let answer = try await manager.submit(Self.page, from: Self.page, mine)
            #expect(answer.status == 409)
            #expect(answer.text.contains("It says now: 10:00–11:00") && answer.text.contains("value=\"09:00–12:00\""))
            #expect(try await site.pool.stored()?.libraryHours?.map(\.opens.description) == ["10:00"])
            let seen = try #require(answer.value(after: #"name="seen" value=""#))
            let again = try await manager.submit(Self.page, from: Self.page, ["monday": "09:00–12:00", "seen": seen])
            #expect(again.status == 303)
            #expect(try await site.pool.stored()?.libraryHours?.map(\.opens.description) == ["09:00"])
        }
    }

    @Test("a closure is looked at before it is saved: which shifts it hits, and who is left")
    func closes() async throws {
        try await withSite(arguments: .atSunday) { site in
            _ = try await site.pool.publishing(
                try await site.pool.drafting([.valid("ask", "pub01-01", date: "2026-10-26", hour: 10)]))
            var manager = try await site.browser(of: .manager("pub01"))
            var fields = ["from": "2026-10-26", "to": "", "reason": "burst pipe", "action": "look"]
            let look = try await manager.submit("/library/pub01/closures", from: Self.page, fields)
            #expect(look.status == 200)
            #expect(look.text.contains("1 published shift cannot be worked then"))
            #expect(look.text.contains("10:00–11:00: 0 left of 2 wanted") && look.text.contains("below the minimum"))
            #expect(try await site.pool.stored()?.closures.count == 1, "nothing is saved yet")
            fields["action"] = "save"
            fields["seen"] = ""
            let stale = try await manager.submit("/library/pub01/closures", from: Self.page, fields)
            #expect(stale.status == 409 && stale.text.contains("has changed since you looked"))
            let seen = try #require(look.value(after: #"name="seen" value=""#))
            fields["seen"] = seen
            let saved = try await manager.submit("/library/pub01/closures", from: Self.page, fields)
            #expect(saved.location == "\(Self.page)?notice=closed")
            #expect(try await manager.get(Self.page).text.contains("burst pipe"))
            let opened = try await manager.submit(
                "/library/pub01/closures/remove", from: Self.page, ["date": "2026-10-26"])
            #expect(opened.location == "\(Self.page)?notice=opened")
            #expect(try await site.pool.stored()?.closures.count == 1)
            let past = try await manager.submit(
                "/library/pub01/closures/remove", from: Self.page, ["date": "2026-10-20"])
            #expect(past.status == 422)
            let yesterday = try await manager.submit(
                "/library/pub01/closures", from: Self.page, ["from": "2026-10-20", "action": "look"])
            #expect(yesterday.status == 422 && yesterday.text.contains("First day:"))
        }
    }
}

extension [String] {
    /// The day before the small consortium's week.
    static let atSunday = ["--clock-from", "2026-10-25T12:00:00-04:00"]
}

import Accounts
import Coverage
import PostgresClient
import Storage
import StorageTestSupport
import Testing

@Suite("The page of a library's absences")
struct AbsencePageTests {
    private static let page = "/library/pub01/absences"

    private static func fields(_ person: String, _ more: [String: String] = [:]) -> [String: String] {
        ["person": person, "from": "2026-10-26", "action": "look", "reason": "<i>flu</i>"].merging(more) { $1 }
    }

    private func withShift(_ body: (ServedSite) async throws -> Void) async throws {
        try await withSite(arguments: .atSunday) { site in
            _ = try await site.pool.publishing(
                try await site.pool.drafting([.valid("ask", "pub01-01", date: "2026-10-26", hour: 10, hours: 2)]))
            try await body(site)
        }
    }

    @Test("a manager looks what an absence does, saves it, and takes it back")
    func saves() async throws {
        try await withShift { site in
            var manager = try await site.browser(of: .manager("pub01"))
            let times = ["from-time": "11:00", "to-time": "15:00"]
            let look = try await manager.submit(Self.page, from: Self.page, Self.fields("pub01-01", times))
            #expect(look.status == 200)
            #expect(look.text.contains("missing 11:00–12:00") && look.text.contains("11:00–12:00: 0 left of 2 wanted"))
            let seen = try #require(look.value(after: #"name="seen" value=""#))
            let before = try await site.pool.stored()?.absences.count
            let save = Self.fields("pub01-01", times.merging(["action": "save", "seen": seen]) { $1 })
            #expect(try await manager.submit(Self.page, from: Self.page, save).location == "\(Self.page)?notice=added")
            #expect(try await site.pool.stored()?.absences.count == (before ?? 0) + 1)
            let list = try await manager.get(Self.page).text
            #expect(list.contains("Monday 26 October 2026, 11:00–15:00") && list.contains("&lt;i&gt;flu"))
            let start = Instant.newYork(CivilDate(daysSince1970: 20_752), hour: 11)
            let removal = [
                "person": "pub01-01", "starts": "\(start.secondsSince1970)",
                "ends": "\(start.advanced(byMinutes: 240).secondsSince1970)", "reason": "<i>flu</i>",
            ]
            let removed = try await manager.submit("\(Self.page)/remove", from: Self.page, removal)
            #expect(removed.location == "\(Self.page)?notice=removed")
            #expect(try await site.pool.stored()?.absences.count == before)
            let acts = try await site.pool.withConnection {
                try await AuditRepository(consortium: "two").latest(2, in: $0)
            }
            #expect(acts.map(\.action) == ["remove absence", "add absence"])
        }
    }

    @Test("what is saved is what was looked at: a schedule that changed meanwhile is shown anew")
    func looksAgain() async throws {
        try await withShift { site in
            var manager = try await site.browser(of: .manager("pub01"))
            let save = Self.fields("pub01-01", ["action": "save", "seen": ""])
            let answer = try await manager.submit(Self.page, from: Self.page, save)
            #expect(answer.status == 409 && answer.text.contains("has changed since you looked"))
            #expect(answer.text.contains("1 published shift"))
        }
    }

    @Test("operators tell of themselves alone, readers of nobody, and other libraries see nothing")
    func roles() async throws {
        try await withShift { site in
            var pat = try await site.browser(of: .operator("pub01-02"))
            #expect(try await pat.submit(Self.page, from: Self.page, Self.fields("pub01-01")).status == 403)
            let own = try await pat.submit(Self.page, from: Self.page, Self.fields("pub01-02"))
            #expect(own.status == 200 && own.text.contains("Operator pub01-02 is away"))
            let start = Instant.newYork(CivilDate(daysSince1970: 20_752), hour: 0)
            let removal = [
                "person": "pub01-01", "starts": "\(start.secondsSince1970)",
                "ends": "\(start.secondsSince1970 + 86_400)", "reason": "",
            ]
            #expect(try await pat.submit("\(Self.page)/remove", from: Self.page, removal).status == 403)
            var reader = try await site.browser(of: .reader("pub01"))
            #expect(try await reader.get(Self.page).text.contains("leave"))
            #expect(try await reader.submit(Self.page, from: "/account", Self.fields("pub01-01")).status == 403)
            var all = try await site.browser(of: .reader(nil), "all")
            #expect(try await !all.get(Self.page).text.contains("leave"), "not why")
            var other = try await site.browser(of: .manager("acad01"), "other")
            #expect(try await other.get(Self.page).status == 403)
            #expect(try await other.submit(Self.page, from: "/account", Self.fields("pub01-01")).status == 403)
            #expect(
                try await other.submit(
                    "/library/acad01/absences", from: "/library/acad01/absences", Self.fields("pub01-01")
                ).status == 422)
        }
    }

    @Test(
        "what is wrong with an absence is told by the field, and what was typed stays",
        arguments: [
            (["person": ""], "Who:"), (["from": "soon"], "First day:"), (["to": "2026-10-25"], "Until:"),
            (["from-time": "25:00"], "From:"), (["to-time": "noon"], "Until:"), (["from": "2026-10-01"], "Last day:"),
            (["to": "2028-10-25"], "Last day:"),
        ])
    func faults(change: [String: String], words: String) async throws {
        try await withShift { site in
            var manager = try await site.browser(of: .manager("pub01"))
            let answer = try await manager.submit(Self.page, from: Self.page, Self.fields("pub01-01", change))
            #expect(answer.status == 422 && answer.text.contains(words), "\(answer.text)")
            #expect(answer.text.contains("&lt;i&gt;flu"))
        }
    }
}

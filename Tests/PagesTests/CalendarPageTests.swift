import Accounts
import Coverage
import PostgresClient
import Storage
import StorageTestSupport
import Testing

@Suite("The pages of calendars")
struct CalendarPageTests {
    @Test("an operator makes an address that is told once, gives it another one, and takes it back")
    func ownAddress() async throws {
        try await withSite { site in
            var pat = try await site.browser(of: .operator("pub01-01"))
            #expect(try await pat.get("/account").text.contains("href=\"/calendars\""))
            let made = try await pat.submit("/calendars", from: "/calendars", ["kind": "operator", "id": "pub01-01"])
            #expect(made.status == 200)
            #expect(made.header("Cache-Control") == "no-store")
            let path = try made.calendarPath(at: site.base)
            var program = site.browser
            #expect(try await program.get(path).text.hasPrefix("BEGIN:VCALENDAR"))
            let list = try await pat.get("/calendars")
            #expect(list.text.contains("Address 1") && !list.text.contains(path))

            let renewed = try await pat.submit("/calendars/1/renew", from: "/calendars")
            let other = try renewed.calendarPath(at: site.base)
            #expect(try await program.get(path).status == 404)
            #expect(try await program.get(other).status == 200)
            let gone = try await pat.submit("/calendars/2/revoke", from: "/calendars")
            #expect(gone.location == "/calendars?notice=revoked")
            #expect(try await program.get(other).status == 404)
            #expect(try await pat.submit("/calendars/2/revoke", from: "/calendars").status == 404)
            let acts = try await site.pool.withConnection {
                try await AuditRepository(consortium: "two").latest(4, in: $0)
            }
            #expect(acts.map(\.action) == ["revoke calendar", "create calendar", "revoke calendar", "create calendar"])
            #expect(acts.allSatisfy { $0.actor == "operator@example.org" })
        }
    }

    @Test("nobody makes or takes back a calendar that is not theirs, and readers make none")
    func onlyOwn() async throws {
        try await withSite { site in
            var pat = try await site.browser(of: .operator("pub01-01"))
            var manager = try await site.browser(of: .manager("acad01"))
            var coordinator = try await site.browser(of: .coordinator)
            for (kind, id) in [("operator", "pub01-02"), ("library", "pub01"), ("queue", "ask")] {
                let fields = ["kind": kind, "id": id]
                #expect(try await pat.submit("/calendars", from: "/calendars", fields).status == 403)
                #expect(try await manager.submit("/calendars", from: "/calendars", fields).status == 403)
                #expect(try await coordinator.submit("/calendars", from: "/calendars", fields).status == 200)
            }
            #expect(try await pat.submit("/calendars/1/revoke", from: "/calendars").status == 404)
            #expect(try await manager.submit("/calendars/2/renew", from: "/calendars").status == 404)
            let none = try await coordinator.submit("/calendars", from: "/calendars", ["kind": "queue", "id": "none"])
            #expect(none.status == 404)
            var reader = try await site.browser(of: .reader(nil))
            #expect(try await reader.get("/calendars").status == 403)
            #expect(try await !reader.get("/account").text.contains("href=\"/calendars\""))
        }
    }
}

extension Browser.Answer {
    /// The path of the address that is shown.
    fileprivate func calendarPath(at base: String) throws -> String {
        let link = try #require(value(after: #"class="link" value=""#))
        #expect(link.hasPrefix("\(base)/calendar/"))
        return String(link.dropFirst(base.count))
    }
}

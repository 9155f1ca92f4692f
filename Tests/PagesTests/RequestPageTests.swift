import Accounts
import Coverage
import Foundation
import PostgresClient
import Scheduling
import Storage
import StorageTestSupport
import Testing

@Suite("The page of requests")
struct RequestPageTests {
    private static let shift = Shift.valid("ask", "pub01-01", date: "2026-10-26", hour: 10, hours: 2)
    private static let other = Shift.valid("ask", "acad01-01", date: "2026-10-27", hour: 12)

    private func withShifts(_ body: (ServedSite) async throws -> Void) async throws {
        try await withSite(arguments: .atSunday) { site in
            _ = try await site.pool.publishing(try await site.pool.drafting([Self.shift, Self.other]))
            try await body(site)
        }
    }

    /// As the page of one's library links to it.
    private func wish(_ shift: Shift, in browser: inout Browser, library: String) async throws -> (
        path: String, text: String
    ) {
        let page = try await browser.get("/library/\(library)?date=2026-10-26")
        let path = try #require(page.value(after: #"href="/requests/new"#)).replacingOccurrences(of: "&amp;", with: "&")
        let form = try await browser.get("/requests/new\(path)")
        return ("/requests/new\(path)", try #require(form.value(after: #"name="shift" value=""#)))
    }

    @Test("an operator gives a shift away; it is shown to all with the reason as text, and a coordinator may refuse it")
    func givesAway() async throws {
        try await withShifts { site in
            var pat = try await site.browser(of: .operator("pub01-01"), "pat")
            let (page, shift) = try await wish(Self.shift, in: &pat, library: "pub01")
            let asked = try await pat.submit(
                "/requests/giveaways", from: page, ["shift": shift, "reason": "<script>alert(1)</script>"])
            #expect(asked.location == "/requests?notice=asked", "\(asked.text)")
            for (start, end) in [("x", "y"), ("-1", "-2"), ("29895610", ""), ("", "29895610")] {
                let fields = ["shift": shift, "start": start, "end": end]
                let answer = try await pat.submit("/requests/giveaways", from: page, fields)
                #expect(answer.status == 422 && answer.text.contains("begins and ends"), "\(start), \(end)")
            }
            let list = try await pat.get("/requests").text
            #expect(list.contains("still Operator pub01-01’s") && list.contains("&lt;script&gt;alert(1)"))
            let again = try await pat.submit("/requests/giveaways", from: page, ["shift": shift])
            #expect(again.status == 409 && again.text.contains("asked before"))
            var ada = try await site.browser(of: .coordinator)
            let address = try #require(
                try await ada.get("/requests").value(after: #"<form action="/requests/giveaway-"#))
            let refused = try await ada.submit(
                "/requests/giveaway-\(address)", from: "/requests", ["words": "we need you"])
            #expect(refused.location == "/requests?notice=refused")
            #expect(try await ada.get("/requests").text.contains("Nothing is open"))
            let seen = try await pat.get("/requests").text
            #expect(seen.contains("Decided in the last two weeks") && seen.contains("“<bdi>we need you</bdi>”"))
        }
    }

    @Test("a claim can be granted at once only by saying that others could still ask")
    func claims() async throws {
        try await withShifts { site in
            var pat = try await site.browser(of: .operator("acad01-01"), "pat")
            let (page, shift) = try await wish(Self.other, in: &pat, library: "acad01")
            _ = try await pat.submit("/requests/giveaways", from: page, ["shift": shift])
            var bo = try await site.browser(of: .operator("acad01-02"), "bo")
            let giveaway = try #require(try await bo.get("/requests").value(after: #"name="giveaway" value=""#))
            let fields = ["shift": shift, "giveaway": giveaway, "operator": "acad01-02"]
            let claimed = try await bo.submit("/requests/claims", from: "/requests", fields)
            #expect(claimed.location == "/requests?notice=asked", "\(claimed.text)")
            var ada = try await site.browser(of: .coordinator)
            let list = try await ada.get("/requests").text
            #expect(
                list.contains("Others can ask for the same until") && list.contains("Grant now, before others can ask"))
            let soon = try await ada.submit("/requests/claim-1/grant", from: "/requests")
            #expect(soon.status == 409 && soon.text.contains("Others can ask for the same until"))
            let granted = try await ada.submit("/requests/claim-1/grant", from: "/requests", ["early": "yes"])
            #expect(granted.location == "/requests?notice=granted", "\(granted.text)")
            #expect(try await site.pool.publishedShifts().contains { $0.operator == "acad01-02" })
        }
    }

    @Test("a coordinator sets how long people can ask; nobody else can, and not to nonsense")
    func period() async throws {
        try await withShifts { site in
            var ada = try await site.browser(of: .coordinator)
            for hours in ["", "-1", "337", "one"] {
                let answer = try await ada.submit("/requests/period", from: "/requests", ["hours": hours])
                #expect(answer.status == 422 && answer.text.contains("whole number of hours from 0 to 336"), "\(hours)")
            }
            let set = try await ada.submit("/requests/period", from: "/requests", ["hours": "48"])
            #expect(set.location == "/requests?notice=period")
            #expect(try await ada.get("/requests").text.contains("for 48 hours"))
            var pat = try await site.browser(of: .operator("pub01-01"), "pat")
            #expect(try await pat.submit("/requests/period", from: "/requests", ["hours": "1"]).status == 403)
        }
    }

    @Test("a swap is answered by whoever has the other shift, or by their manager, and by nobody else")
    func answers() async throws {
        try await withShifts { site in
            var pat = try await site.browser(of: .operator("pub01-01"), "pat")
            let (page, shift) = try await wish(Self.shift, in: &pat, library: "pub01")
            let other = try #require(try await pat.get(page).value(after: #"<select name="other"><option value=""#))
            let asked = try await pat.submit("/requests/swaps", from: page, ["shift": shift, "other": other])
            #expect(asked.location == "/requests?notice=asked", "\(asked.text)")
            var bo = try await site.browser(of: .operator("acad01-01"), "bo")
            let list = try await bo.get("/requests").text
            #expect(list.contains("Operator acad01-01 has not answered yet"))
            let path = try #require(try await bo.get("/requests").value(after: #"<form action="/requests/swap-"#))
            let agree = "/requests/swap-\(path)"
            #expect(agree.hasSuffix("/agree"))
            for (role, name) in [
                (Account.Role.operator("pub01-02"), "cy"), (.reader(nil), "ry"), (.manager("pub01"), "my"),
            ] {
                var browser = try await site.browser(of: role, name)
                #expect(try await browser.submit(agree, from: "/account").status == 403, "\(name)")
            }
            var boss = try await site.browser(of: .manager("acad01"), "mo")
            #expect(try await boss.submit(agree, from: "/requests").location == "/requests?notice=agreed")
            #expect(try await bo.submit(agree, from: "/account").status == 409)
            var ada = try await site.browser(of: .coordinator)
            #expect(try await ada.get("/requests").text.contains("Operator acad01-01 agreed on"))
        }
    }

    @Test("an operator asks to be away; their manager sees what it hits and grants it, and no other library's does")
    func leave() async throws {
        try await withShifts { site in
            var pat = try await site.browser(of: .operator("pub01-01"), "pat")
            let page = "/library/pub01/absences"
            let fields = ["from": "2026-10-26", "reason": "<b>a wedding</b>"]
            let look = try await pat.submit(page, from: page, fields.merging(["action": "look"]) { $1 })
            #expect(look.text.contains("Ask to be away") && look.text.contains("I am away in any case"))
            let forged = fields.merging(["action": "save", "person": "pub01-02"]) { $1 }
            #expect(try await pat.submit(page, from: page, forged).status == 403)
            let asked = try await pat.submit(page, from: page, fields.merging(["action": "ask"]) { $1 })
            #expect(asked.location == "/requests?notice=asked", "\(asked.text)")
            let before = try await site.pool.stored()?.absences.count
            var other = try await site.browser(of: .manager("acad01"), "other")
            #expect(try await !other.get("/requests").text.contains("a wedding"))
            #expect(try await other.submit("/requests/leave-1/grant", from: "/account").status == 403)
            #expect(try await pat.submit("/requests/leave-1/grant", from: "/account").status == 403)
            var mo = try await site.browser(of: .manager("pub01"), "mo")
            let list = try await mo.get("/requests")
            #expect(list.text.contains("Operator pub01-01 asks to be away: Monday 26 October 2026"))
            #expect(list.text.contains("&lt;b&gt;a wedding") && list.text.contains("0 left of 2 wanted"))
            let stale = try await mo.submit("/requests/leave-1/grant", from: "/requests")
            #expect(stale.status == 409 && stale.text.contains("has changed since you looked"))
            let seen = try #require(list.value(after: #"name="seen" value=""#))
            let granted = try await mo.submit("/requests/leave-1/grant", from: "/requests", ["seen": seen])
            #expect(granted.location == "/requests?notice=away", "\(granted.text)")
            #expect(try await site.pool.stored()?.absences.count == (before ?? 0) + 1)
        }
    }
}

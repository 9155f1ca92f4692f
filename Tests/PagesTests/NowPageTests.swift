import Accounts
import Coverage
import StorageTestSupport
import TestSupport
import Testing

@Suite("The wall")
struct NowPageTests {
    @Test("shows every queue, and everybody whom the plan has on shift")
    func board() async throws {
        // The clock of the service stands in the hour of the shift.
        try await withSite(arguments: ["--clock-from", "2026-10-26T10:20:00-04:00"]) { site in
            let shift = Shift(
                queue: "ask", operator: "pub01-01",
                during: Demand.valid(queue: "ask", date: ConsortiumBundle.valid().consortium.startsOn, hour: 10).during)
            _ = try await site.pool.publishing(try await site.pool.drafting([shift]))
            var reader = try await site.browser(of: .reader(nil))
            // The service reads its desk beside answering; until then the wall says that it knows nothing.
            try await eventually("the wall counts who is missing") {
                try await reader.get("/now").text.contains("1 of 1 on shift missing")
            }
            let page = try await reader.get("/now")
            #expect(page.status == 200)
            #expect(page.text.contains("Now, 10:20"))
            #expect(page.text.contains("not here"))
        }
    }

    @Test("calls nobody missing before it is known who is here")
    func unknown() async throws {
        try await withStillPages(shiftAt: 11, desk: StillDesk(hasBeenRead: false)) { pages in
            let page = try await pages.ask("/now").text
            #expect(page.contains("The service has just begun"))
            #expect(page.contains("not known yet"))
            #expect(!page.contains("not here") && !page.contains("missing") && !page.contains("patrons wait"))
        }
        try await withStillPages(shiftAt: 11) { pages in
            let page = try await pages.ask("/now").text
            #expect(page.contains("not here") && page.contains("is missing"))
            #expect(!page.contains("The service has just begun") && !page.contains("not known yet"))
        }
    }

    @Test("tells those who watch it as a stream, and nobody who has not signed in")
    func stream() async throws {
        try await withSite { site in
            try await site.account(.coordinator)
            var nobody = site.browser
            #expect(try await nobody.get("/now/stream").location?.hasPrefix("/sign-in") == true)
            var reader = try await site.browser(of: .reader(nil))
            let first = try await reader.beginning(of: "/now/stream", until: "</section>")
            #expect(first.contains("event: board\n"))
            #expect(first.contains("data: <header class=\"page-head\">"))
        }
    }
}

import Accounts
import Coverage
import Scheduling
import Storage
import StorageTestSupport
import Testing

@Suite("A library's pages")
struct LibraryPageTests {
    @Test("a library sees its own people's week, its hours against its promise, and where it could help")
    func ownWeek() async throws {
        try await withSite { site in
            try await site.publishOneShift()
            var manager = try await site.browser(of: .manager("pub01"))
            #expect(try await manager.get("/").location == "/libraries")
            #expect(try await manager.get("/libraries").location == "/library/pub01")
            let page = try await manager.get("/library/pub01?date=2026-10-26").text
            #expect(page.contains("<h1>Library pub01</h1>"))
            #expect(page.contains("10:00–11:00"))
            #expect(page.contains("<strong>1 h</strong> given this week"))
            #expect(page.contains("promised, so"))
            #expect(page.contains("Where you could help"))
        }
    }

    @Test("no library sees another one's page, nor learns whether there is one")
    func othersWeeks() async throws {
        try await withSite { site in
            var manager = try await site.browser(of: .manager("pub01"))
            let other = try await manager.get("/library/acad01")
            let none = try await manager.get("/library/none")
            #expect(other.status == 403)
            #expect(none.status == 403)
            #expect(!other.text.contains("Library acad01"))
        }
    }

    @Test("a coordinator sees what all libraries give, and each one's week")
    func coordinator() async throws {
        try await withSite { site in
            try await site.publishOneShift()
            var coordinator = try await site.browser(of: .coordinator)
            let list = try await coordinator.get("/libraries?date=2026-10-26").text
            #expect(list.contains("What 2 libraries give this week"))
            #expect(list.contains("href=\"/library/acad01?date=2026-10-26\""))
            let found = try await coordinator.get("/libraries?date=2026-10-26&find=ACAD").text
            #expect(found.contains("Library acad01") && !found.contains("Library pub01"))
            #expect(try await coordinator.get("/libraries?find=%3Cb%3E").text.contains("found by “&lt;b&gt;”"))
            #expect(try await coordinator.get("/library/acad01").status == 200)
            #expect(try await coordinator.get("/library/none").status == 404)
            #expect(try await coordinator.get("/library/acad01?date=soon").status == 400)
        }
    }
}

extension ServedSite {
    /// One hour on Monday 26 October 2026 of an operator of pub01.
    fileprivate func publishOneShift() async throws {
        let shift = Shift(
            queue: "ask", operator: "pub01-01",
            during: Demand.valid(queue: "ask", date: ConsortiumBundle.valid().consortium.startsOn, hour: 10).during)
        _ = try await pool.publishing(try await pool.drafting([shift]))
    }
}

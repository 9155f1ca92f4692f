import Accounts
import Coverage
import Pages
import PostgresClient
import StorageTestSupport
import Testing

@Suite("What can be seen without signing in")
struct OpenPageTests {
    /// What is for everybody; a page that is added is not, unless somebody adds it here as well.
    private static let open: Set<String> = [
        "/assets/{hash}/{name}", "/sign-in", "/sign-in/provider", "/sign-in/provider/answer", "/invitation/{secret}",
        "/set-up",
        "/set-up/{secret}",
    ]

    @Test("of all pages that there are only those to sign in by, and what they need")
    func opensLittle() async throws {
        try await withSite { site in
            let keeper = site.keeper
            // Before there is an account all pages lead to where the first is made.
            try await site.account(.coordinator)
            let address = try #require(SiteAddress(url: nil, hasTLS: false))
            let pages = try PageSite(
                consortium: "two", pool: site.pool, desk: StillDesk(), keeper: keeper, address: address,
                now: { Instant(secondsSince1970: 1_790_000_000) })
            var browser = site.browser
            #expect(pages.routes.count > 10)
            for route in pages.routes {
                let parts = route.split(separator: " ").map(String.init)
                guard parts.count == 2, !Self.open.contains(parts[1]) else { continue }
                let path = parts[1].replacing(#/\{\w+\}/#, with: "1")
                switch parts[0] {
                case "GET":
                    let location = try await browser.get(path).location
                    #expect(location?.hasPrefix("/sign-in") == true, "\(route)")
                case "POST": #expect(try await browser.post(path, [:]).status == 401, "\(route)")
                default: continue
                }
            }
        }
    }
}

import Accounts
import Coverage
import PostgresClient
import Storage
import StorageTestSupport
import Testing

@Suite("The policy page of a library")
struct LibraryPolicyPageTests {
    private static let page = "/library/pub01/policy"
    private static let edit = "/library/pub01/policy/edit"
    private static let content = [
        "greeting": "Hello from <b>us</b>", "hours": "Mo to Fr", "cards": "Cards are free\r\nand for all",
        "database-name-2": "Times", "database-url-2": "https://times.example.org", "referral-topic-1": "Fees",
        "referral-to-1": "The desk", "text": "More", "action": "save", "seen": "0",
    ]

    @Test("a manager writes it, everybody who answers reads it as it comes with offers, and each version stays")
    func writes() async throws {
        try await withSite { site in
            var manager = try await site.browser(of: .manager("pub01"))
            #expect(try await manager.get(Self.page).text.contains("has no policy page yet"))
            let preview = try await manager.submit(
                Self.page, from: Self.edit, Self.content.merging(["action": "preview"]) { $1 })
            #expect(preview.status == 200 && preview.text.contains("What a colleague will see"))
            #expect(preview.text.contains("Hello from &lt;b&gt;us") && !preview.text.contains("<b>us"))
            #expect(try await site.latest() == nil)
            let written = try await manager.submit(Self.page, from: Self.edit, Self.content)
            #expect(written.location == "\(Self.page)?notice=written", "\(written.text)")
            let stored = try #require(try await site.latest())
            #expect(stored.content.cardsAndLoans == "Cards are free\nand for all")
            #expect(stored.content.databases.contains(#""name": "Times""#))
            // The same once more makes no version, and counts as confirmed.
            let same = try await manager.submit(Self.page, from: Self.edit, Self.content.merging(["seen": "1"]) { $1 })
            #expect(same.location == "\(Self.page)?notice=confirmed")
            let other = ["greeting": "Good day", "action": "save", "seen": "1"]
            #expect(try await manager.submit(Self.page, from: Self.edit, other).status == 303)
            var colleague = try await site.browser(of: .operator("acad01-01"))
            let now = try await colleague.get(Self.page).text
            #expect(now.contains("Good day") && now.contains("Version 1") && !now.contains("Change it"))
            #expect(try await colleague.get("\(Self.page)?version=1").text.contains("Times"))
            #expect(try await colleague.get("\(Self.page)?version=9").status == 404)
            #expect(try await colleague.get(Self.edit).status == 403)
            #expect(try await colleague.submit(Self.page, from: "/account", other).status == 403)
        }
    }

    @Test("a page that somebody else has written meanwhile is not overwritten: both are shown")
    func conflict() async throws {
        try await withSite { site in
            var manager = try await site.browser(of: .manager("pub01"))
            var coordinator = try await site.browser(of: .coordinator)
            let theirs = ["greeting": "From the coordinator", "action": "save", "seen": "0"]
            #expect(try await coordinator.submit(Self.page, from: Self.edit, theirs).status == 303)
            let answer = try await manager.submit(Self.page, from: Self.edit, Self.content)
            #expect(answer.status == 409)
            #expect(answer.text.contains("coordinator@example.org has changed the page"))
            #expect(answer.text.contains("From the coordinator") && answer.text.contains("Hello from &lt;b&gt;"))
            #expect(try await site.latest()?.content.greeting == "From the coordinator")
            #expect(answer.value(after: #"name="seen" value=""#) == "1")
            let again = try await manager.submit(Self.page, from: Self.edit, Self.content.merging(["seen": "1"]) { $1 })
            #expect(again.status == 303)
            #expect(try await site.latest()?.version == 2)
        }
    }

    @Test("what is wrong with it is told by the field, and what was typed stays")
    func faults() async throws {
        try await withSite { site in
            var manager = try await site.browser(of: .manager("pub01"))
            let typed = [
                "greeting": String(repeating: "x", count: 301), "database-url-1": "ftp://x", "referral-topic-1": "Fees",
                "text": "stays", "action": "save", "seen": "0",
            ]
            let answer = try await manager.submit(Self.page, from: Self.edit, typed)
            #expect(answer.status == 422)
            let faults = [
                "Greeting: write at most 300", "Database 1, name", "Database 1, address", "Referral 1, to whom",
            ]
            for words in faults {
                #expect(answer.text.contains(words), "\(words)")
            }
            #expect(answer.text.contains("stays</textarea>"))
            let more = try await manager.submit(Self.page, from: Self.edit, typed.merging(["action": "more"]) { $1 })
            #expect(more.status == 200 && more.text.contains("database-name-6"))
            #expect(try await site.latest() == nil)
        }
    }

    @Test("a page that nobody has confirmed for too long is out of date until somebody does")
    func outOfDate() async throws {
        try await withSite(["COVERDESK_SERVE_POLICY_FRESH_DAYS": "1"], arguments: .atSunday) { site in
            let page = PolicyPageRepository.Page(
                library: "pub01", version: 1,
                content: PolicyPageRepository.Content(
                    greeting: "Hello", hours: "", cardsAndLoans: "", databases: "[]", referTo: "[]", body: ""),
                writtenAt: .newYork(CivilDate(daysSince1970: 20_740), hour: 9), writtenBy: "ada",
                confirmedAt: .newYork(CivilDate(daysSince1970: 20_740), hour: 9))
            try await site.pool.withTransaction { transaction in
                try await PolicyPageRepository(consortium: "two").insert(page, in: transaction)
            }
            var manager = try await site.browser(of: .manager("pub01"))
            #expect(try await manager.get(Self.page).text.contains("Out of date"))
            let confirmed = try await manager.submit("\(Self.page)/confirm", from: Self.page, ["seen": "1"])
            #expect(confirmed.location == "\(Self.page)?notice=confirmed")
            #expect(try await !manager.get(Self.page).text.contains("Out of date"))
        }
    }
}

extension ServedSite {
    fileprivate func latest() async throws -> PolicyPageRepository.Page? {
        try await pool.withConnection { try await PolicyPageRepository(consortium: "two").latest(of: "pub01", in: $0) }
    }
}

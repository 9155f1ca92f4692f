import Accounts
import Coverage
import Storage
import Testing

@Suite("Signing in with the consortium's provider")
struct ProviderPageTests {
    /// A provider that nobody answers for.
    private static let settings = [
        "COVERDESK_OPENID_ISSUER": "http://127.0.0.1:1", "COVERDESK_OPENID_CLIENT_ID": "desk",
        "COVERDESK_OPENID_NAME": "Example University",
    ]

    @Test("the form to sign in offers it, with where to go afterwards; where there is none it does not")
    func offers() async throws {
        try await withSite(Self.settings) { site in
            try await site.account(.coordinator)
            var browser = site.browser
            let page = try await browser.get("/sign-in?to=/libraries")
            #expect(page.text.contains(">Sign in with Example University</a>"))
            #expect(page.text.contains(#"href="/sign-in/provider?to=/libraries""#))
        }
        try await withSite { site in
            try await site.account(.coordinator)
            var browser = site.browser
            let page = try await browser.get("/sign-in")
            #expect(!page.text.contains("or with a password"))
            #expect(try await browser.get("/sign-in/provider").status == 404)
        }
    }

    @Test("while it is away the form says so, and passwords still do")
    func tellsAway() async throws {
        try await withSite(Self.settings) { site in
            try await site.account(.coordinator)
            var browser = site.browser
            let page = try await browser.get("/sign-in/provider")
            #expect(page.status == 503)
            #expect(page.text.contains("Example University does not answer right now"))
            #expect(try await browser.signIn("coordinator@example.org", ServedSite.password).location == "/")
        }
    }

    @Test("where nobody has a password it is the only way, also for those who are invited, and for passwords of before")
    func withoutPasswords() async throws {
        try await withSite(Self.settings.merging(["COVERDESK_ACCOUNTS_PASSWORDS": "false"]) { $1 }) { site in
            try await site.account(.coordinator)
            var browser = site.browser
            let page = try await browser.get("/sign-in").text
            #expect(page.contains(">Sign in with Example University</a>") && !page.contains(#"type="password""#))
            let tried = try await browser.signIn("coordinator@example.org", ServedSite.password)
            #expect(tried.status == 403 && tried.text.contains("Nobody signs in with a password here"))
            let email = try #require(EmailAddress("bo@example.org"))
            let invitation = try await site.keeper.invite(
                AccountRepository.NewAccount(email: email, name: "Bo", role: .reader(nil)), by: "test")
            let path = "/invitation/\(invitation.secret.text)"
            let invited = try await browser.get(path).text
            #expect(
                invited.contains("Welcome, Bo")
                    && invited.contains("Sign in with Example University as the same person"))
            #expect(try await browser.post(path, ["password": ServedSite.password]).status == 422)
        }
    }

    @Test("an answer that nobody here asked for is not taken")
    func refusesForgeries() async throws {
        try await withSite(Self.settings) { site in
            try await site.account(.coordinator)
            var browser = site.browser
            let page = try await browser.get("/sign-in/provider/answer?code=x&state=y")
            #expect(page.status == 422)
            #expect(page.text.contains("begun in another browser"))
            #expect(try await browser.get("/account").location == "/sign-in?to=/account")
        }
    }
}

import Accounts
import Coverage
import Storage
import StorageTestSupport
import Testing

@Suite("Forged requests, and other people's pages")
struct ForgedRequestTests {
    @Test("a form without the session's token, or with another's, changes nothing")
    func needsToken() async throws {
        try await withSite { site in
            var ada = try await site.browser(of: .coordinator)
            var bo = try await site.browser(of: .coordinator, "bo")
            let others = try await bo.get("/account").formToken
            for token in ["", "x", others] {
                let forged = try await ada.post("/sign-out", ["form_token": token])
                #expect(forged.status == 403)
                #expect(forged.text.contains("Nothing was changed"))
            }
            let wanted = ["email": "eve@example.org", "name": "Eve", "role": "coordinator"]
            #expect(try await ada.post("/accounts", wanted).status == 403)
            #expect(try await ada.get("/account").status == 200, "still signed in")
            #expect(try await site.keeper.all().count == 2)
        }
    }

    @Test(
        "a form from another site changes nothing, even with the token",
        arguments: [
            ["Origin": "https://evil.example"], ["Origin": "null"], ["Sec-Fetch-Site": "cross-site"],
            ["Sec-Fetch-Site": "same-site"],
        ])
    func needsOwnSite(headers: [String: String]) async throws {
        try await withSite { site in
            var ada = try await site.browser(of: .coordinator)
            let token = try await ada.get("/account").formToken
            ada.headers = headers
            #expect(try await ada.post("/sign-out", ["form_token": token]).status == 403)
            // Nor can another site sign somebody in, to an account of its own.
            var other = site.browser
            other.headers = headers
            #expect(try await other.signIn("coordinator@example.org", ServedSite.password).status == 403)
            ada.headers = [:]
            #expect(try await ada.get("/account").status == 200)
        }
    }

    @Test("scripts send the token in a header")
    func takesHeader() async throws {
        try await withSite { site in
            var ada = try await site.browser(of: .coordinator)
            ada.headers["X-Form-Token"] = try await ada.get("/account").formToken
            #expect(try await ada.post("/sign-out", [:]).status == 303)
        }
    }

    @Test(
        "accounts are the coordinators' business",
        arguments: [Account.Role.manager("pub01"), .operator("pub01-01"), .reader(nil)])
    func keepsRoles(role: Account.Role) async throws {
        try await withSite { site in
            let other = try await site.account(.coordinator)
            var browser = try await site.browser(of: role)
            let page = try await browser.get("/account")
            #expect(!page.text.contains(#"href="/accounts""#))
            #expect(try await browser.get("/accounts").status == 403)
            var wanted = ["email": "eve@example.org", "name": "Eve", "role": "coordinator"]
            wanted["form_token"] = page.formToken
            for path in ["", "/\(other.number)/link", "/\(other.number)/disable", "/\(other.number)/role"] {
                #expect(try await browser.post("/accounts\(path)", wanted).status == 403)
            }
            #expect(try await site.keeper.all().count == 2)
            #expect(try await site.keeper.account(of: other.email) == other)
        }
    }

    @Test("who is not signed in changes nothing")
    func needsSession() async throws {
        try await withSite { site in
            let account = try await site.account(.coordinator)
            var browser = site.browser
            for path in ["/accounts", "/accounts/\(account.number)/disable", "/sign-out", "/account/password"] {
                #expect(try await browser.post(path, ["form_token": "x"]).status == 401)
            }
        }
    }

    @Test("a form that is too long is refused")
    func limitsForms() async throws {
        try await withSite(["COVERDESK_SERVE_BODY_BYTES": "1000000"]) { site in
            var browser = site.browser
            let answer = try await browser.signIn(String(repeating: "a", count: 400_000), "x")
            #expect(answer.status == 413)
        }
    }
}

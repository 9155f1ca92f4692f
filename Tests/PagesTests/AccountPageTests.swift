import Accounts
import Coverage
import Storage
import StorageTestSupport
import Testing

@Suite("The pages of accounts")
struct AccountPageTests {
    @Test("a coordinator invites somebody, who sets a password under the link and signs in")
    func invites() async throws {
        try await withSite { site in
            var ada = try await site.browser(of: .coordinator)
            let invited = try await ada.submit(
                "/accounts", from: "/accounts",
                [
                    "name": "Bo <script>alert(1)</script>", "email": "Bo@example.org", "role": "manager",
                    "library": "pub01",
                ])
            #expect(invited.status == 200, "\(invited)")
            #expect(invited.header("Cache-Control") == "no-store")
            let link = try #require(invited.value(after: #"class="link" value=""#))
            #expect(link.hasPrefix("\(site.base)/invitation/"))
            let path = String(link.dropFirst(site.base.count))

            var bo = site.browser
            let page = try await bo.get(path)
            #expect(page.status == 200)
            #expect(page.text.contains("Welcome, Bo &lt;script&gt;"))
            #expect(!page.text.contains("<script>alert"))
            let short = try await bo.post(path, ["password": "short"])
            #expect(short.status == 422)
            #expect(short.text.contains("too short"))
            let set = try await bo.post(path, ["password": "eight quiet reading rooms"])
            #expect(set.location == "/sign-in?notice=password-set")
            #expect(try await bo.get(path).status == 404, "once")
            #expect(try await bo.signIn("bo@example.org", "eight quiet reading rooms").location == "/")
            #expect(try await bo.get("/account").text.contains("Manager of pub01"))
            let list = try await ada.get("/accounts?find=bo@")
            #expect(list.text.contains("Can sign in"))
            #expect(!list.text.contains("<script>alert") && !list.text.contains("coordinator@example.org</small>"))
        }
    }

    @Test("what is wrong with an invitation is told, and what was typed stays")
    func tellsFaults() async throws {
        try await withSite { site in
            var ada = try await site.browser(of: .coordinator)
            for (fields, words) in [
                (["name": "Bo", "email": "bo", "role": "reader"], "is no email address"),
                (["name": "", "email": "bo@example.org", "role": "reader"], "Write the person’s name"),
                (["name": "Bo", "email": "bo@example.org", "role": "boss"], "Choose a role"),
                (["name": "Bo", "email": "bo@example.org", "role": "manager"], "Choose the library"),
                (["name": "Bo", "email": "bo@example.org", "role": "operator", "operator": "pub01-99"], "no operator"),
                (["name": "Bo", "email": "coordinator@example.org", "role": "reader"], "has an account already"),
            ] {
                let answer = try await ada.submit("/accounts", from: "/accounts", fields)
                #expect(answer.status == 422)
                #expect(answer.text.contains(words), "\(words)")
                #expect(answer.text.contains(#"value="\#(fields["email"] ?? "")""#))
            }
            #expect(try await site.keeper.all().count == 1)
        }
    }

    @Test("a coordinator changes a role, disables, enables, and makes a link for a lost password")
    func changes() async throws {
        try await withSite { site in
            var ada = try await site.browser(of: .coordinator)
            let bo = try await site.account(.manager("pub01"), "bo")
            var browser = site.browser
            try await browser.signIn(bo.email.text, ServedSite.password)
            func change(_ what: String, _ fields: [String: String] = [:]) async throws -> Browser.Answer {
                try await ada.submit("/accounts/\(bo.number)/\(what)", from: "/accounts", fields)
            }
            // The library that is filled in from before does no harm.
            let role = ["role": "operator", "operator": "acad01-01", "library": "pub01"]
            #expect(try await change("role", role).location == "/accounts?notice=role-set")
            #expect(try await browser.get("/account").text.contains("Operator acad01-01"))
            #expect(try await change("disable").location == "/accounts?notice=disabled")
            #expect(try await browser.get("/account").status == 303, "signed out at once")
            #expect(try await change("link").status == 422)
            #expect(try await change("enable").location == "/accounts?notice=enabled")
            #expect(try await change("link").text.contains("A link for bo"))
            let last = try await ada.submit("/accounts/1/disable", from: "/accounts")
            #expect(last.status == 422)
            #expect(last.text.contains("the only coordinator"))
            #expect(try await ada.submit("/accounts/99/disable", from: "/accounts").status == 404)
        }
    }

    @Test("everybody changes their password, and signs their other browsers out")
    func changesPassword() async throws {
        try await withSite { site in
            var here = try await site.browser(of: .reader(nil))
            var there = site.browser
            try await there.signIn("reader@example.org", ServedSite.password)
            let new = "eight quiet reading rooms"
            let wrong = try await here.submit(
                "/account/password", from: "/account", ["current": "no", "password": new])
            #expect(wrong.status == 422)
            #expect(wrong.text.contains("The password so far is not right"))
            let done = try await here.submit(
                "/account/password", from: "/account", ["current": ServedSite.password, "password": new])
            #expect(done.location == "/account?notice=password-changed")
            #expect(try await there.get("/account").status == 303)
            #expect(try await there.signIn("reader@example.org", new).status == 303)
            let list = try await here.get("/account")
            let end = try #require(list.value(after: #"<form action="/account/sessions/"#)).replacing("/end", with: "")
            #expect(try await here.submit("/account/sessions/\(end)/end", from: "/account").status == 303)
            #expect(try await there.get("/account").status == 303)
        }
    }
}

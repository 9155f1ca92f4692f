import Accounts
import Coverage
import Storage
import StorageTestSupport
import Testing

@Suite("Signing in to the pages")
struct SignInPageTests {
    @Test("who is not signed in is asked who they are, and led on to where they wanted to go")
    func leadsOn() async throws {
        try await withSite { site in
            try await site.account(.coordinator)
            var browser = site.browser
            let asked = try await browser.get("/week?date=2026-10-26")
            #expect(asked.status == 303)
            #expect(asked.location == "/sign-in?to=/week%3Fdate%3D2026-10-26")
            let form = try await browser.get(asked.location ?? "")
            #expect(form.status == 200)
            #expect(form.value(after: #"name="to" value=""#) == "/week?date=2026-10-26")
            let done = try await browser.signIn(
                "Coordinator@example.org", ServedSite.password, to: "/week?date=2026-10-26")
            #expect(done.status == 303)
            #expect(done.location == "/week?date=2026-10-26")
            let page = try await browser.get("/account")
            #expect(page.status == 200)
            #expect(page.text.contains("Firefox on Linux"))
            #expect(try await browser.get("/sign-in?to=/account").location == "/account", "once is enough")
        }
    }

    @Test("the cookie is one that scripts and other sites do not get; over plain http it is no secure one")
    func setsCookie() async throws {
        try await withSite { site in
            try await site.account(.coordinator)
            var browser = site.browser
            let cookie = try await browser.signIn("coordinator@example.org", ServedSite.password).setCookie ?? ""
            let parts = cookie.split(separator: ";").map { $0.drop { $0 == " " } }
            #expect(parts.first?.hasPrefix("coverdesk=") == true, "\(cookie)")
            for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=1209600"] {
                #expect(parts.contains { $0 == part }, "\(cookie)")
            }
            #expect(!cookie.contains("Secure") && !cookie.contains("Domain"), "\(cookie)")
        }
    }

    @Test("where people come by https the cookie is this host's alone, and other addresses' forms are refused")
    func setsSecureCookie() async throws {
        try await withSite(["COVERDESK_SERVE_PUBLIC_URL": "https://desk.example.org"]) { site in
            try await site.account(.coordinator)
            var browser = site.browser
            #expect(try await browser.signIn("coordinator@example.org", ServedSite.password).status == 403)
            browser.origin = "https://desk.example.org"
            let cookie = try await browser.signIn("coordinator@example.org", ServedSite.password).setCookie ?? ""
            #expect(cookie.hasPrefix("__Host-coverdesk="), "\(cookie)")
            #expect(cookie.contains("Secure"), "\(cookie)")
            #expect(try await browser.get("/account").status == 200)
        }
    }

    @Test(
        "nobody is led to another host",
        arguments: ["//evil.example", "/\\evil.example", "https:", "/\t/evil.example"])
    func staysHere(address: String) async throws {
        try await withSite { site in
            try await site.account(.coordinator)
            var browser = site.browser
            let done = try await browser.signIn("coordinator@example.org", ServedSite.password, to: address)
            #expect(done.location == "/")
        }
    }

    @Test("what keeps somebody out is told on the form, and no cookie is set")
    func tellsWhy() async throws {
        try await withSite { site in
            try await site.account(.coordinator)
            let reader = try await site.account(.reader(nil))
            try await site.keeper.disable(reader.number, by: "test")
            var browser = site.browser
            let disabled = try await browser.signIn("reader@example.org", ServedSite.password)
            #expect(disabled.status == 403)
            #expect(disabled.text.contains("This account is disabled"))
            for _ in 0..<10 {
                let wrong = try await browser.signIn("coordinator@example.org", "seven loud reading rooms")
                #expect(wrong.status == 422)
                #expect(wrong.text.contains("is not right") && wrong.text.contains(#"role="alert""#))
                #expect(wrong.text.contains(#"value="coordinator@example.org""#), "what was typed stays")
                #expect(wrong.setCookie == nil)
            }
            let late = try await browser.signIn("coordinator@example.org", ServedSite.password)
            #expect(late.status == 429)
            #expect(late.header("Retry-After").flatMap { Int($0) }.map { (1...60).contains($0) } == true)
        }
    }

    @Test("who signs out is out, and their cookie is worth nothing")
    func signsOut() async throws {
        try await withSite { site in
            var browser = try await site.browser(of: .coordinator)
            var copy = browser
            let out = try await browser.submit("/sign-out", from: "/account")
            #expect(out.location == "/sign-in?notice=signed-out")
            #expect(out.setCookie?.contains("Max-Age=0") == true)
            #expect(try await copy.get("/account").location == "/sign-in?to=/account")
        }
    }

    @Test("programs that ask for what there is not are told so as before")
    func keepsProblems() async throws {
        try await withSite { site in
            var browser = site.browser
            browser.headers["Accept"] = "*/*"
            let answer = try await browser.get("/nothing-here")
            #expect(answer.status == 404)
            #expect(answer.header("Content-Type") == "application/problem+json")
            browser.headers["Accept"] = "text/html"
            let page = try await browser.get("/nothing-here")
            #expect(page.status == 404)
            #expect(page.text.contains("There is no such page"))
        }
    }
}

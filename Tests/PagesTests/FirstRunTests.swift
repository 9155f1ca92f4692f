import Foundation
import StorageTestSupport
import TestSupport
import Testing

@Suite("The first run of a service")
struct FirstRunTests {
    /// Runs `coverdesk serve` on a database with nothing in it; lends a browser and the path of the link.
    private func withNewService(_ body: (Browser, String, TestDatabase) async throws -> Void) async throws {
        try await withDatabase(from: .service) { database in
            try await TestProgram.coverdesk.withRunning(
                ["serve", "--port", "0"], environment: ["COVERDESK_DATABASE_URL": database.connectionString]
            ) { program in
                try await program.waitUntilPrinted("serve.setUpLink")
                let base = "http://127.0.0.1:\(program.port)"
                let link = program.logged("serve.setUpLink") ?? ""
                #expect(link.hasPrefix("\(base)/set-up/"), "\(link)")
                try await body(Browser(at: base), String(link.dropFirst(base.count)), database)
            }
        }
    }

    private static let ada = ["name": "Ada King", "email": "ada@example.org", "password": "seven quiet reading rooms"]

    @Test("all pages lead to where the link is told of, until the first coordinator has made an account with it")
    func setsUp() async throws {
        try await withNewService { browser, link, database in
            var (browser, other) = (browser, browser)
            for path in ["/", "/week", "/sign-in", "/start"] {
                #expect(try await browser.get(path).location == "/set-up", "\(path)")
            }
            #expect(try await browser.get("/set-up").text.contains("set the service up"))
            #expect(try await browser.get("/set-up/" + String(repeating: "A", count: 43)).status == 404)
            #expect(try await browser.get(link).text.contains("Make your account first"))
            let short = try await browser.post(link, Self.ada.merging(["password": "short"]) { $1 })
            #expect(short.status == 422 && short.text.contains(#"value="Ada King""#))
            let made = try await browser.post(link, Self.ada)
            #expect(made.status == 303 && made.location == "/start")
            #expect(try await browser.get("/").location == "/start")
            #expect(try await browser.get("/start").text.contains("How do you want to begin?"))
            #expect(try await other.get(link).status == 404)
            #expect(try await other.post(link, Self.ada.merging(["email": "eve@example.org"]) { $1 }).status == 404)
            #expect(try await other.get("/week").location == "/sign-in?to=/week")
            let acts = try await database.execute("SELECT string_agg(action, ',' ORDER BY audit_number) FROM audit_log")
            #expect(acts == "import,set up,sign in")
        }
    }

    @Test("a coordinator comes from the example to a published week, and throws it away")
    func triesExample() async throws {
        try await withNewService { browser, link, database in
            var browser = browser
            _ = try await browser.post(link, Self.ada)
            #expect(try await browser.submit("/start/example", from: "/start").location == "/start?notice=filled")
            #expect(try await browser.get("/start").text.contains("9 libraries"))
            #expect(try await browser.submit("/start/plan", from: "/start").location == "/start?notice=planned")
            let page = try await browser.get("/start")
            let plan = page.value(after: #"name="plan" value=""#) ?? ""
            let published = try await browser.submit("/start/publish", from: "/start", ["plan": plan])
            #expect(published.location == "/start?notice=published")
            #expect(try await browser.get("/").location == "/week")
            #expect(try await browser.get("/account").text.contains("Throw the example away"))
            let wrong = try await browser.submit("/start/throw-away", from: "/start/throw-away", ["name": "another"])
            #expect(wrong.status == 422 && wrong.text.contains("Nothing was thrown away"))
            let gone = try await browser.submit(
                "/start/throw-away", from: "/start/throw-away", ["name": "Larkmere Valley Libraries"])
            #expect(gone.location == "/start?notice=thrown-away")
            #expect(try await browser.get("/start").text.contains("How do you want to begin?"))
            #expect(try await database.execute("SELECT count(*) FROM plan WHERE state = 'published'") == "0")
        }
    }

    @Test("files of a bundle are imported, and all that is wrong with them is told by file and line")
    func importsFiles() async throws {
        try await withNewService { browser, link, _ in
            var browser = browser
            _ = try await browser.post(link, Self.ada)
            var files: [String: String] = [:]
            for name in try FileManager.default.contentsOfDirectory(atPath: Self.example) {
                files[name] = try String(contentsOfFile: "\(Self.example)/\(name)", encoding: .utf8)
            }
            let token = try await browser.get("/start").formToken
            var broken = files
            broken["operators.csv", default: ""] += "zz-99,nowhere,Nobody,,general,10,4,1\n"
            let refused = try await browser.send(broken, to: "/start/import", token: token)
            #expect(refused.status == 422)
            #expect(refused.text.contains("operators.csv:") && refused.text.contains("nowhere"))
            let odd = try await browser.send(["notes.txt": "x"], to: "/start/import", token: token)
            #expect(odd.text.contains("“notes.txt” is no file of a bundle"))
            #expect(try await browser.send(files, to: "/start/import", token: "forged").status == 403)
            #expect(try await browser.send(files, to: "/account/password", token: token).status == 413)
            let done = try await browser.send(files, to: "/start/import", token: token)
            #expect(done.location == "/start?notice=filled", "\(done.text)")
            let again = try await browser.send(files, to: "/start/import", token: token)
            #expect(again.location == "/start?notice=not-empty")
        }
    }

    @Test("what is typed in is taken, and faults are told with all that was typed still there")
    func typesIn() async throws {
        try await withNewService { browser, link, _ in
            var browser = browser
            _ = try await browser.post(link, Self.ada)
            var typed = [
                "name": "Lake Libraries", "time_zone": "America/New_York", "starts_on": "2026-10-26", "weeks": "1",
                "libraries": "Bay County", "people": "Ada,,Nowhere",
            ]
            let refused = try await browser.submit("/start/type-in", from: "/start/type-in", typed)
            #expect(refused.status == 422 && refused.text.contains("there is no library “Nowhere”"))
            #expect(refused.text.contains(">Ada,,Nowhere</textarea>"))
            typed["people"] = "Ada,,Bay County"
            #expect(
                try await browser.submit("/start/type-in", from: "/start/type-in", typed).location
                    == "/start?notice=filled")
            #expect(try await browser.get("/start").text.contains("1 library"))
        }
    }

    private static let example = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Examples/small").path(percentEncoded: false)
}

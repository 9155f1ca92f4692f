import Accounts
import Coverage
import PostgresClient
import Storage
import StorageTestSupport
import TestSupport
import Testing

@Suite("The pages of planning")
struct PlanningPageTests {
    private static let monday = Shift.valid("ask", "pub01-01", date: "2026-10-26", hour: 10, hours: 2)
    private static let tuesday = Shift.valid("ask", "pub01-01", date: "2026-10-27", hour: 10, hours: 2)

    @Test(
        "planning is the coordinators' business",
        arguments: [Account.Role.manager("pub01"), .operator("pub01-01"), .reader(nil)])
    func keepsRoles(role: Account.Role) async throws {
        try await withSite { site in
            let draft = try await site.pool.drafting([Self.monday])
            var browser = try await site.browser(of: role)
            #expect(try await !browser.get("/week").text.contains("/planning"))
            let path = "/planning/drafts/\(draft)"
            for page in ["/planning", "/planning/versions", path, "\(path)/changes", "\(path)/changes.csv"] {
                #expect(try await browser.get(page).status == 403, "\(page)")
            }
            for form in ["/planning/runs", "\(path)/publish", "\(path)/discard", "\(path)/restore"] {
                #expect(try await browser.submit(form, from: "/account").status == 403, "\(form)")
            }
            #expect(try await site.pool.publishedShifts().isEmpty)
        }
    }

    @Test("a coordinator has a plan made, watches it, and publishes it with a message")
    func makesPlan() async throws {
        try await withSite { site in
            var ada = try await site.browser(of: .coordinator)
            let started = try await ada.submit(
                "/planning/runs", from: "/planning",
                ["days": "whole", "way": "anew", "seconds": "own", "own_seconds": "1"])
            #expect(started.location == "/planning/runs/1", "\(started)")
            let seen = try await ada.beginning(of: "/planning/runs/1/stream", until: "event: over")
            #expect(seen.contains("Finished"))
            let run = try await ada.get("/planning/runs/1")
            #expect(run.text.contains("<svg"))
            let draft = try #require(run.value(after: "class=\"button primary\" href=\""))
            #expect(draft == "/planning/drafts/1")
            let page = try await ada.get(draft)
            #expect(page.text.contains("of the hours wanted are covered"))
            #expect(page.text.contains("Nothing is published for these days"))
            #expect(try await ada.get("\(draft)/publish").text.contains("gained"))
            let published = try await ada.submit(
                "\(draft)/publish", from: "\(draft)/publish", ["message": "Hello <b>all</b>"])
            #expect(published.location == "/planning/versions?notice=published&plan=1")
            let list = try await ada.get("/planning/versions?notice=published&plan=1")
            #expect(list.text.contains("Plan 1 is published."))
            #expect(list.text.contains("“Hello &lt;b&gt;all&lt;/b&gt;”"))
            #expect(try await !site.pool.publishedShifts().isEmpty)
            let again = try await ada.submit("\(draft)/publish", from: "/planning", [:])
            #expect(again.status == 409)
            #expect(again.text.contains("is no draft"))
        }
    }

    @Test("what is wrong with the form is told, and what was typed stays")
    func tellsFaults() async throws {
        try await withSite { site in
            var ada = try await site.browser(of: .coordinator)
            for (fields, words) in [
                (["days": "whole", "seconds": "own", "own_seconds": "601"], "from 1 to 600"),
                (["days": "whole", "seconds": "x"], "“x” is none"),
                (["days": "whole", "seconds": "10", "seed": "-3"], "The seed is"),
                (["days": "week", "week": "", "seconds": "10"], "Choose the week"),
                (["days": "span", "from": "2026-10-26", "to": "soon", "seconds": "10"], "“soon” is no day"),
                (["days": "span", "from": "2026-10-28", "to": "2026-10-27", "seconds": "10"], "Turn them round"),
                (["days": "span", "from": "2027-10-25", "to": "2027-10-27", "seconds": "10"], "not inside the days"),
                (["days": "whole", "way": "mend", "seconds": "10"], "no plan to mend"),
            ] {
                let answer = try await ada.submit("/planning/runs", from: "/planning", fields)
                #expect(answer.status == 422, "\(words)")
                #expect(answer.text.contains(words), "\(words)")
                for value in [fields["from"], fields["own_seconds"], fields["seed"]].compactMap({ $0 }) {
                    #expect(answer.text.contains("value=\"\(value)\""), "\(value)")
                }
            }
            #expect(try await ada.get("/planning").text.contains("Nothing is published yet"))
        }
    }

    @Test("while a search is open another is refused, and it can be stopped without scripts")
    func stops() async throws {
        try await withSite(on: .unproven()) { site in
            var ada = try await site.browser(of: .coordinator)
            let fields = ["days": "whole", "way": "anew", "seconds": "own", "own_seconds": "600"]
            let first = try await ada.submit("/planning/runs", from: "/planning", fields)
            #expect(first.status == 303)
            let second = try await ada.submit("/planning/runs", from: "/planning", ["days": "whole", "seconds": "10"])
            #expect(second.status == 409)
            #expect(second.text.contains("A search is under way") && second.text.contains("/planning/runs/1"))
            #expect(try await ada.get("/planning/runs/1").text.contains("Look again"))
            #expect(try await ada.submit("/planning/runs/1/stop", from: "/planning").location == "/planning/runs/1")
            let seen = try await ada.beginning(of: "/planning/runs/1/stream", until: "event: over")
            #expect(seen.contains("Stopped"))
            #expect(try await ada.get("/planning/runs/9").status == 404)
            #expect(try await ada.submit("/planning/runs/9/stop", from: "/planning").status == 404)
        }
    }

    @Test("who changes what is told by library and person, on a page and in a file")
    func tellsChanges() async throws {
        try await withSite { site in
            _ = try await site.pool.publishing(try await site.pool.drafting([Self.monday]))
            let draft = try await site.pool.drafting([Self.tuesday])
            var ada = try await site.browser(of: .coordinator)
            let page = try await ada.get("/planning/drafts/\(draft)/changes")
            #expect(page.text.contains("1 person at 1 library: 2 h lost, 2 h gained."))
            #expect(page.text.contains("Mon 26 Oct, 10:00–12:00, Queue ask"))
            let file = try await ada.get("/planning/drafts/\(draft)/changes.csv")
            #expect(file.header("Content-Type")?.hasPrefix("text/csv") == true)
            #expect(file.text.contains("Library pub01,Operator pub01-01,lost,Queue ask"), "\(file.text)")
            #expect(try await ada.get("/planning/drafts/\(draft)/changes?library=nowhere").status == 404)
            #expect(try await ada.get("/planning/drafts/99/changes").status == 404)
        }
    }

    @Test("a draft that the data have overtaken is not published, and the broken rules are told with names")
    func refusesBroken() async throws {
        try await withSite { site in
            let draft = try await site.pool.drafting([Self.monday])
            var ill = ConsortiumBundle.valid()
            ill.absences.append(.valid(operator: "pub01-01", date: try #require(CivilDate("2026-10-26"))))
            try await site.pool.importing(ill)
            var ada = try await site.browser(of: .coordinator)
            let page = try await ada.get("/planning/drafts/\(draft)/publish")
            #expect(page.text.contains("It cannot be published"))
            #expect(page.text.contains("Operator pub01-01 (Library pub01)") && page.text.contains("is absent"))
            let refused = try await ada.submit(
                "/planning/drafts/\(draft)/publish", from: "/planning", ["message": "typed already"])
            #expect(refused.status == 409)
            #expect(try await site.pool.publishedShifts().isEmpty)
        }
    }

    @Test("an earlier version is restored, published again, and a draft is thrown away")
    func restores() async throws {
        try await withSite { site in
            let first = try await site.pool.drafting([Self.monday])
            _ = try await site.pool.publishing(first)
            _ = try await site.pool.publishing(try await site.pool.drafting([Self.tuesday]))
            var ada = try await site.browser(of: .coordinator)
            #expect(try await ada.get("/planning/versions").text.contains("/planning/drafts/\(first)/restore"))
            let restored = try await ada.submit("/planning/drafts/\(first)/restore", from: "/planning/versions")
            #expect(restored.location == "/planning/drafts/3?notice=restored")
            #expect(try await ada.get("/planning/drafts/3?notice=restored").text.contains("the shifts of plan 1"))
            _ = try await ada.submit(
                "/planning/drafts/3/publish", from: "/planning/drafts/3/publish", ["message": "back"])
            #expect(try await site.pool.publishedShifts() == [Self.monday])
            let draft = try await site.pool.drafting([Self.tuesday])
            let discarded = try await ada.submit("/planning/drafts/\(draft)/discard", from: "/planning/drafts/\(draft)")
            #expect(discarded.location == "/planning/versions?notice=discarded&plan=\(draft)")
            #expect(try await ada.get("/planning/drafts/\(draft)").status == 404)
            let kept = try await ada.submit("/planning/drafts/3/discard", from: "/planning/versions")
            #expect(kept.status == 409)
            #expect(kept.text.contains("stays as it was"))
        }
    }

    @Test("suggestions are looked for, told in words, and accepted into a new draft")
    func acceptsSuggestion() async throws {
        try await withSite { site in
            let draft = try await site.pool.drafting([Self.monday])
            var ada = try await site.browser(of: .coordinator)
            let path = "/planning/drafts/\(draft)/suggestions"
            #expect(try await ada.submit(path, from: path, ["week": "soon", "seconds": "5"]).status == 422)
            #expect(try await ada.submit(path, from: path, ["week": "", "seconds": "5"]).location == path)
            _ = try await ada.beginning(of: "/planning/runs/1/stream", until: "event: over")
            let page = try await ada.get(path)
            #expect(page.text.contains("the plan is better by"))
            let form = page.text.components(separatedAt: "\(path)/accept").dropFirst().first ?? ""
            let step = form.value(after: "name=\"step\" value=\"")
            let accepted = try await ada.submit("\(path)/accept", from: path, ["run": "1", "step": step])
            #expect(accepted.location == "/planning/drafts/2/suggestions?notice=accepted", "\(accepted.text)")
            let next = try await ada.get("/planning/drafts/2/suggestions?notice=accepted")
            #expect(next.text.contains("Accepted: this new draft has the change"))
            #expect(next.text.contains("is-accepted"))
            #expect(try await ada.get("/planning/drafts/2").text.contains("Plan 1 with one change"))
            let unknown = try await ada.submit("\(path)/accept", from: path, ["run": "1", "step": "999"])
            #expect(unknown.status == 422)
        }
    }
}

extension String {
    fileprivate func components(separatedAt text: String) -> [String] {
        split(separator: text, omittingEmptySubsequences: false).map(String.init)
    }

    fileprivate func value(after text: String) -> String {
        guard let range = firstRange(of: text) else { return "" }
        return String(self[range.upperBound...].prefix { $0 != "\"" })
    }
}

import API
import AsyncHTTPClient
import Coverage
import NIOHTTP1
import PostgresClient
import Routing
import Storage
import StorageTestSupport
import Testing
import TestSupport

@Suite("A chat server")
struct RoutingTests {
    @Test("leads a session from its beginning to its end")
    func wholeSession() async throws {
        try await withNode { node in
            try await node.arrive("pub01-01")
            let created = try await node.create("room-1")
            #expect(created.status == 201, "\(created.text)")
            #expect(created.json?["state"] == "offered")
            #expect(created.json?["offers"]?.array?.first?["operator"] == "pub01-01")
            #expect(created.json?["expectation"]?["kind"] == "being_offered")
            let accepted = try await node.act("accept")
            #expect(accepted.json?["state"] == "held", "\(accepted.text)")
            #expect(accepted.json?["operator"] == "pub01-01")
            #expect(try await node.act("notes", #"{"text":"Looked in the catalogue"}"#).status == 200)
            #expect(try await node.act("activity").status == 200)
            #expect(try await node.act("wrap-up").json?["state"] == "wrapping_up")
            let ended = try await node.act("end", #"{"outcome":"answered"}"#)
            #expect(ended.json?["state"] == "ended", "\(ended.text)")
            #expect(try await node.session()["outcome"] == "answered")
            #expect(
                try await node.trail() == [
                    "session.created", "session.offered", "session.accepted", "session.noted",
                    "session.wrapping_up", "session.ended",
                ])
            #expect(try await node.faults().isEmpty)
        }
    }

    @Test("names the patron's languages, the one liked best first, and reads them so")
    func languages() async throws {
        try await withNode { node in
            try await node.arrive("pub01-01", languages: ["fr"])
            try await node.arrive("acad01-01", languages: ["es"])
            let request = #"{"id":"room-1","queue":"ask","channel":"chat","languages":["es","fr"]}"#
            let created = try await node.ask(.POST, "/v1/sessions", json: request)
            #expect(created.status == 201, "\(created.text)")
            #expect(created.json?["offers"]?.array?.first?["operator"] == "acad01-01")
            #expect(created.json?["language"] == "es")
            #expect(created.json?["languages"] == ["es", "fr"])
            #expect(try await node.ask(.POST, "/v1/sessions", json: request).status == 200)
            // The next operator in the next language.
            let declined = try await node.act("decline", #"{"operator":"acad01-01"}"#)
            #expect(declined.json?["offers"]?.array?.first?["operator"] == "pub01-01", "\(declined.text)")
            let old = try await node.create("room-2", language: "fr")
            #expect(old.json?["language"] == "fr", "\(old.text)")
            #expect(old.json?["languages"] == nil)
        }
    }

    @Test("is told what to expect and what else there is where nobody is there")
    func nobodyThere() async throws {
        try await withNode { node in
            let created = try await node.create("room-1")
            #expect(created.status == 201, "\(created.text)")
            #expect(created.json?["state"] == "fallback")
            #expect(created.json?["fallback"] == "email")
            #expect(created.json?["ahead"] == 0)
            let email = created.json?["alternatives"]?["email"]
            #expect(email?["queue"] == "mail")
            // An hour of opening, counted from the next whole minute.
            #expect(email?["due_by"] == "2026-10-26T16:01:00Z")
            #expect(created.json?["expectation"]?["kind"] != nil)
            let widget = try await node.ask(.GET, "/v1/public/queues/ask/presence")
            #expect(widget.json?["present"] == 0)
            #expect(widget.json?["waiting"] == 1)
            #expect(widget.json?["alternatives"]?["email"]?["queue"] == "mail")
        }
    }

    @Test("gives a session that waits to whoever comes, and to the next one if that one declines")
    func movesOn() async throws {
        try await withNode { node in
            _ = try await node.create("room-1")
            try await node.arrive("pub01-01")
            #expect(try await node.session()["offers"]?.array?.first?["operator"] == "pub01-01")
            try await node.arrive("acad01-01")
            let declined = try await node.act("decline")
            #expect(declined.json?["state"] == "offered", "\(declined.text)")
            #expect(declined.json?["offers"]?.array?.first?["operator"] == "acad01-01")
            let rungs = declined.json?["explanation"]?.array ?? []
            #expect(rungs.contains { $0["chosen"] == ["acad01-01"] })
            let passed = rungs.flatMap { $0["passed_over"]?.array ?? [] }
            #expect(passed.contains { $0["operator"] == "pub01-01" && $0["reason"] == "declined" })
        }
    }

    @Test("may send any request again, and it has one effect")
    func retries() async throws {
        try await withNode { node in
            try await node.arrive("pub01-01")
            let answers = try await withThrowingTaskGroup(of: HTTPAnswer.self) { group in
                for _ in 0..<12 { group.addTask { try await node.create("room-1") } }
                return try await group.reduce(into: [HTTPAnswer]()) { $0.append($1) }
            }
            #expect(answers.filter { $0.status == 201 }.count == 1)
            #expect(answers.filter { $0.status == 200 && $0.json?["repeated"] == true }.count == 11)
            #expect(answers.allSatisfy { $0.json?["session"] == 1 })
            let key = [("Idempotency-Key", "note-1")]
            for _ in 0..<3 {
                #expect(try await node.act("notes", headers: key, #"{"text":"once"}"#).status == 200)
            }
            let other = try await node.act("notes", headers: key, #"{"text":"something else"}"#)
            #expect(other.status == 409)
            #expect(other.problem == "key-used-before")
            _ = try await node.act("accept")
            #expect(try await node.act("accept").status == 200)
            #expect(
                try await node.trail() == ["session.created", "session.offered", "session.noted", "session.accepted"])
        }
    }

    @Test("hands a chat on to email, and its story goes with it")
    func toEmail() async throws {
        try await withNode { node in
            try await node.arrive("pub01-01")
            _ = try await node.create("room-1")
            _ = try await node.act("accept")
            _ = try await node.act("notes", #"{"text":"Needs a scan of a deed"}"#)
            let moved = try await node.act("transfer", #"{"operator":"pub01-01","to":"queue","id":"mail"}"#)
            #expect(moved.status == 200, "\(moved.text)")
            #expect(moved.json?["queue"] == "mail")
            #expect(moved.json?["channel"] == "email")
            let story = try await node.ask(.GET, "/v1/sessions/1/trail").text
            #expect(story.contains("Needs a scan of a deed"))
            #expect(story.contains(#""to_queue":"mail""#))
            try await node.arrive("pub01-02")
            #expect(try await node.session()["offers"]?.array?.first?["operator"] == "pub01-02")
            let accepted = try await node.act("accept", #"{"operator":"pub01-02"}"#)
            #expect(accepted.json?["operator"] == "pub01-02", "\(accepted.text)")
            #expect(try await node.faults().isEmpty)
        }
    }

    @Test("that no longer renews presences loses offers at once, and what is held after a grace period")
    func leaseLapses() async throws {
        try await withNode { node in
            try await node.arrive("pub01-01")
            _ = try await node.create("held")
            _ = try await node.act("accept")
            _ = try await node.create("offered")
            node.clock.advance(bySeconds: 91)
            try await eventually("the offer is withdrawn") {
                try await node.ask(.GET, "/v1/sessions/2").json?["state"] != "offered"
            }
            #expect(try await node.session()["state"] == "held")
            #expect(try await node.ask(.POST, "/v1/presence/pub01-01/renew", json: "{}").status == 200)
            #expect(try await node.session()["operator"] == "pub01-01")
            node.clock.advance(bySeconds: 91)
            #expect(try await node.session()["state"] == "held")
            node.clock.advance(bySeconds: 61)
            try await eventually("the session is in line") { try await node.session()["state"] != "held" }
            #expect(try await node.trail().contains("session.requeued"))
            let late = try await node.ask(.POST, "/v1/presence/pub01-01/renew", json: "{}")
            #expect(late.status == 409)
            #expect(late.problem == "not-present")
            #expect(try await node.faults().isEmpty)
        }
    }

    @Test("gets the policy page of the patron's library with each offer")
    func policyPage() async throws {
        try await withNode { node in
            let page = #"{"greeting":"Hello from pub01","hours":"9 to 5"}"#
            #expect(try await node.ask(.PUT, "/v1/libraries/pub01/policy-page", json: page).status == 201)
            try await node.arrive("acad01-01")
            let created = try await node.create("room-1")
            #expect(created.json?["offers"]?.array?.first?["library"] == "acad01")
            #expect(created.json?["policy_page"]?["library"] == "pub01")
            #expect(created.json?["policy_page"]?["greeting"] == "Hello from pub01")
            #expect(created.json?["policy_page"]?["out_of_date"] == false)
        }
    }

    @Test("is shown that the policy page of the patron's library is out of date, with the offer and in the stream")
    func oldPolicyPage() async throws {
        try await withNode { node in
            let page = #"{"greeting":"Hello from pub01","hours":"9 to 5"}"#
            #expect(try await node.ask(.PUT, "/v1/libraries/pub01/policy-page", json: page).status == 201)
            // The same hour half a year and a week later: on a Monday, when the queue is open.
            node.clock.advance(bySeconds: 27 * 7 * 86_400)
            try await node.arrive("acad01-01")
            let created = try await node.create("room-1")
            #expect(created.json?["offers"]?.array?.count == 1, "\(created.text)")
            #expect(created.json?["policy_page"]?["greeting"] == "Hello from pub01")
            #expect(created.json?["policy_page"]?["out_of_date"] == true)
            let story = try await node.ask(.GET, "/v1/sessions/1").json
            #expect(story?["policy_page"]?["out_of_date"] == true)
        }
    }

    @Test("has those asked first who speak the patron's language, then the least loaded")
    func language() async throws {
        try await withNode { node in
            try await node.arrive("acad01-01", seats: 1, languages: ["es"])
            try await node.arrive("acad01-02", seats: 4, languages: ["es", "vi"])
            try await node.arrive("pub01-01", seats: 4)
            // One more for the second speaker of Spanish, so that the first is the least loaded of the two.
            _ = try await node.create("busy", language: "vi")
            #expect(try await node.session()["offers"]?.array?.first?["operator"] == "acad01-02")
            var asked: [JSONValue?] = []
            let created = try await node.create("room", language: "es")
            asked.append(created.json?["offers"]?.array?.first?["operator"])
            for person in ["acad01-01", "acad01-02"] {
                let next = try await node.act("decline", session: 2, #"{"operator":"\#(person)"}"#)
                asked.append(next.json?["offers"]?.array?.first?["operator"])
            }
            #expect(asked == ["acad01-01", "acad01-02", "pub01-01"])
            // Whose language nobody speaks is not turned away.
            let other = try await node.create("other", language: "tlh")
            #expect(other.json?["state"] == "offered")
        }
    }

    @Test("has a session or has not, where two race to accept")
    func race() async throws {
        try await withTwoNodes { first, second in
            try await first.pool.withTransaction { transaction in
                try await DeskBookRepository(consortium: "two")
                    .set(QueueRouting(ringsAtOnce: 2), for: "ask", in: transaction)
            }
            // What is set is looked for every five seconds.
            first.clock.advance(bySeconds: 6)
            try await first.arrive("pub01-01", seats: 20)
            try await second.arrive("pub01-02", seats: 20)
            for number in 1...20 {
                let created = try await first.create("room-\(number)")
                #expect(created.json?["offers"]?.array?.count == 2, "\(created.text)")
                async let one = first.act("accept", session: number)
                async let other = second.act("accept", session: number, #"{"operator":"pub01-02"}"#)
                let answers = try await [one, other]
                #expect(answers.map(\.status).sorted() == [200, 409])
                let holder = answers.first { $0.status == 200 }?.json?["operator"]
                let loser = answers.first { $0.status == 409 }
                #expect(loser?.problem == "already-taken", "\(loser?.text ?? "")")
                for node in [first, second] {
                    #expect(try await node.ask(.GET, "/v1/sessions/\(number)").json?["operator"] == holder)
                }
            }
            #expect(try await first.faults().isEmpty)
        }
    }
}

import API
import Coverage
import NIOHTTP1
import PostgresClient
import Storage
import StorageTestSupport
import TestSupport
import Testing

@Suite("Settings over HTTP")
struct SettingsTests {
    private static let routingPath = "/v1/queues/ask/routing"
    private static let hoursPath = "/v1/libraries/pub01/hours"

    /// A routing that differs from the standard in what the arguments say.
    private static func body(
        ladder: String = #"[{"rung":"overflow","opens_after_seconds":0},{"rung":"email","opens_after_seconds":5}]"#,
        rings: Int = 2, email: String = "mail"
    ) -> String {
        #"{"ladder":\#(ladder),"rings_at_once":\#(rings),"accept_seconds":20,"ask_again_seconds":60,"#
            + #""check_back_seconds":300,"grace_seconds":60,"wrap_up_seconds":120,"handle_seconds":700,"#
            + #""email_queue":"\#(email)","partner":{"name":"Elsewhere","contact":"+1-410-555-0177"}}"#
    }

    @Test("routing is standard until it is set, and then what was set")
    func routing() async throws {
        try await withNode { node in
            let first = try await node.ask(.GET, Self.routingPath)
            #expect(first.status == 200, "\(first.text)")
            #expect(first.json?["standard"] == true)
            #expect(first.json?["ladder"]?.array?.first == ["rung": "own_library", "opens_after_seconds": 0])
            #expect(first.json?["email_queue"] == "mail")
            #expect(first.json?["learned"] == ["sessions": 0, "handle_seconds": 600])
            let tag = try #require(first.headers.first(name: "ETag"))
            let set = try await node.ask(.PUT, Self.routingPath, headers: [("If-Match", tag)], json: Self.body())
            #expect(set.status == 200, "\(set.text)")
            let read = try await node.ask(.GET, Self.routingPath)
            #expect(read.json == set.json)
            #expect(read.json?["standard"] == false)
            #expect(read.json?["rings_at_once"] == 2)
            #expect(read.json?["partner"] == ["name": "Elsewhere", "contact": "+1-410-555-0177"])
            #expect(read.headers.first(name: "ETag") == set.headers.first(name: "ETag"))
            let newTag = try #require(read.headers.first(name: "ETag"))
            #expect(newTag != tag)
            #expect(try await node.ask(.GET, Self.routingPath, headers: [("If-None-Match", newTag)]).status == 304)
        }
    }

    @Test("what is set holds on all nodes without a restart, and leaves its trace in the audit log")
    func everywhere() async throws {
        try await withTwoNodes { first, second in
            for id in ["pub01-01", "pub01-02"] { try await second.arrive(id) }
            #expect(try await second.create("before").json?["offers"]?.array?.count == 1)
            let tag = try #require(try await first.ask(.GET, Self.routingPath).headers.first(name: "ETag"))
            let ladder = #"[{"rung":"overflow","opens_after_seconds":0}]"#
            let set = try await first.ask(
                .PUT, Self.routingPath, headers: [("If-Match", tag)], json: Self.body(ladder: ladder))
            #expect(set.status == 200, "\(set.text)")
            // Nodes look for changes every five seconds.
            second.clock.advance(bySeconds: 6)
            #expect(try await second.create("after").json?["offers"]?.array?.count == 2)
            let trace = try await first.pool.withConnection { connection in
                try await connection.query(
                    "SELECT actor, action, subject, before->>'rings_at_once', after->>'rings_at_once' FROM audit_log"
                ).map { try $0.decode((String, String, String, String, String).self) }
            }
            #expect(trace.count == 1)
            let only = try #require(trace.first)
            #expect([only.0, only.1, only.2, only.3, only.4] == ["prosody", "set routing", "queue ask", "1", "2"])
        }
    }

    @Test("are not overwritten by who has not seen them", arguments: [nil, #""0""#])
    func unseen(tag: String?) async throws {
        try await withNode { node in
            let headers = tag.map { [("If-Match", $0)] } ?? []
            for (path, body) in [(Self.routingPath, Self.body()), (Self.hoursPath, #"{"hours":[]}"#)] {
                let answer = try await node.ask(.PUT, path, headers: headers, json: body)
                #expect(answer.status == (tag == nil ? 428 : 412), "\(answer.text)")
                #expect(answer.problem == (tag == nil ? "precondition-required" : "changed-meanwhile"))
            }
        }
    }

    /// A routing that cannot be, and what is said of it.
    struct Faulty: Sendable, CustomTestStringConvertible {
        let what: String
        let body: String
        let status: Int
        let field: String

        var testDescription: String { what }
    }

    static let faulty = [
        Faulty(
            what: "a rung twice",
            body: body(
                ladder: #"[{"rung":"email","opens_after_seconds":0},{"rung":"email","opens_after_seconds":5}]"#),
            status: 422, field: "/ladder/1/rung"),
        Faulty(
            what: "a rung that opens before the one in front of it",
            body: body(
                ladder: #"[{"rung":"overflow","opens_after_seconds":9},{"rung":"email","opens_after_seconds":5}]"#),
            status: 422, field: "/ladder/1/opens_after_seconds"),
        Faulty(what: "no ladder", body: body(ladder: "[]"), status: 422, field: "/ladder"),
        Faulty(what: "nobody rung", body: body(rings: 0), status: 422, field: "/rings_at_once"),
        Faulty(what: "an email queue that is not there", body: body(email: "post"), status: 409, field: "/email_queue"),
        Faulty(what: "an email queue of chats", body: body(email: "academic"), status: 409, field: "/email_queue"),
    ]

    @Test("that cannot be are refused, and told where", arguments: faulty)
    func refused(faulty: Faulty) async throws {
        try await withNode { node in
            let answer = try await node.ask(.PUT, Self.routingPath, headers: [("If-Match", "*")], json: faulty.body)
            #expect(answer.status == faulty.status, "\(answer.text)")
            #expect(answer.faultyFields == [faulty.field])
            #expect(try await node.ask(.GET, Self.routingPath).json?["standard"] == true)
        }
    }

    @Test("hours have a library's telephone told while it is open, and not on a day when it is closed")
    func telephone() async throws {
        try await withNode { node in
            let before = try await node.ask(.GET, Self.hoursPath)
            #expect(before.json?["hours"] == [])
            #expect(before.json?["timezone"] == "America/New_York")
            let tag = try #require(before.headers.first(name: "ETag"))
            // Mondays and Tuesdays; it is 11:00 on a Monday.
            let week =
                #"{"hours":[{"weekday":1,"opens":"08:00","closes":"24:00"},"#
                + #"{"weekday":0,"opens":"13:00","closes":"17:00"},{"weekday":0,"opens":"09:00","closes":"12:00"}]}"#
            let set = try await node.ask(.PUT, Self.hoursPath, headers: [("If-Match", tag)], json: week)
            #expect(set.status == 200, "\(set.text)")
            #expect(
                set.json?["hours"]?.array?.first == ["weekday": 0, "opens": "09:00", "closes": "12:00"])
            node.clock.advance(bySeconds: 6)
            let phone = try await node.create("monday").json?["alternatives"]?["phones"]?.array?.first
            #expect(phone?["library"] == "pub01")
            #expect(phone?["open_until"] == "2026-10-26T16:00:00Z")
            // On Tuesday it is closed, though its hours say otherwise.
            var bundle = ConsortiumBundle.withEmail()
            bundle.closures.append(
                Closure(
                    library: Library.ID("pub01"), date: bundle.consortium.startsOn.advanced(byDays: 1), reason: "staff")
            )
            try await node.pool.importing(bundle)
            #expect(try await node.ask(.GET, Self.hoursPath).json == set.json)
            node.clock.advance(bySeconds: 86_400)
            #expect(try await node.create("tuesday").json?["alternatives"]?["phones"] == [])
        }
    }

    @Test(
        "hours that cannot be are refused, and told where",
        arguments: [
            (#"{"weekday":0,"opens":"09:00","closes":"09:00"}"#, "/hours/0/closes"),
            (#"{"weekday":0,"opens":"9:00","closes":"10:00"}"#, "/hours/0/opens"),
            (#"{"weekday":7,"opens":"09:00","closes":"10:00"}"#, "/hours/0/weekday"),
            (
                #"{"weekday":0,"opens":"11:00","closes":"13:00"},{"weekday":0,"opens":"09:00","closes":"12:00"}"#,
                "/hours/0/opens"
            ),
        ])
    func refusedHours(hours: String, field: String) async throws {
        try await withNode { node in
            let answer = try await node.ask(
                .PUT, Self.hoursPath, headers: [("If-Match", "*")], json: #"{"hours":[\#(hours)]}"#)
            #expect(answer.status == 422, "\(answer.text)")
            #expect(answer.faultyFields == [field])
        }
    }

    @Test("need a scope of their own", arguments: [routingPath, hoursPath])
    func scopes(path: String) async throws {
        try await withNode { node in
            let others = Scope.allCases.filter { !$0.rawValue.hasPrefix("settings") && !$0.isOfLibrary }
            let chat = try await node.pool.makeToken(scopes: others)
            #expect(try await node.ask(.GET, path, token: chat.text).status == 403)
            let reader = try await node.pool.makeToken(scopes: [.settingsRead])
            #expect(try await node.ask(.GET, path, token: reader.text).status == 200)
            let written = try await node.ask(
                .PUT, path, token: reader.text, headers: [("If-Match", "*")], json: "{}")
            #expect(written.status == 403)
        }
    }

    @Test("of what there is not are not there", arguments: ["/v1/queues/ghost/routing", "/v1/libraries/ghost/hours"])
    func nothing(path: String) async throws {
        try await withNode { node in
            let read = try await node.ask(.GET, path)
            #expect(read.problem == "not-found")
            let body = path.hasSuffix("hours") ? #"{"hours":[]}"# : Self.body()
            let written = try await node.ask(.PUT, path, json: body)
            #expect(written.problem == "not-found")
        }
    }

    @Test("what sessions take is learned by all nodes together, and kept in the database")
    func learned() async throws {
        try await withTwoNodes { first, second in
            for id in ["pub01-01", "pub01-02"] { try await first.arrive(id) }
            for number in 1...4 {
                let node = number.isMultiple(of: 2) ? first : second
                let created = try await node.create("room-\(number)")
                let person = try #require(created.json?["offers"]?.array?.first?["operator"]?.text)
                _ = try await node.act("accept", session: number, #"{"operator":"\#(person)"}"#)
                node.clock.advance(bySeconds: 60)
                let ended = try await node.act("end", session: number, #"{"outcome":"answered"}"#)
                #expect(ended.status == 200, "\(ended.text)")
                for id in ["pub01-01", "pub01-02"] {
                    _ = try await node.ask(.POST, "/v1/presence/\(id)/renew", json: "{}")
                }
            }
            // 600 s as set count like 9.6 sessions still; what is kept is what either of them would go on from.
            for node in [first, second] {
                let learned = try await node.ask(.GET, Self.routingPath).json?["learned"]
                #expect(learned == ["sessions": 4, "handle_seconds": 441])
            }
        }
    }
}

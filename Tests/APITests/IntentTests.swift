import API
import Coverage
import NIOHTTP1
import PostgresClient
import Storage
import StorageTestSupport
import Testing

@Suite("What a library did while it was away")
struct IntentTests {
    private static let ask = Shift.valid("ask", "pub01-01", date: "2026-10-26", hour: 10)
    private static let academic = Shift.valid("academic", "acad01-01", date: "2026-10-26", hour: 11)
    private static let ids = (0..<5).map { "0000000\($0)-1111-2222-3333-444444444444" }

    private func withPlan(_ body: (RunningService, _ token: String) async throws -> Void) async throws {
        try await withService { service in
            _ = try await service.pool.publishing(try await service.pool.drafting([Self.ask, Self.academic]))
            try await body(service, try await service.makeReplicaToken("pub01"))
        }
    }

    private static func seen(_ shift: Shift, number: Int, plan: Int = 1, queue: String? = nil) -> String {
        """
        {"plan_number":\(plan),"shift_number":\(number),"queue_id":"\(queue ?? shift.queue.rawValue)",
        "operator_id":"\(shift.operator)","starts_at":\(shift.during.lowerBound.secondsSince1970),
        "ends_at":\(shift.during.upperBound.secondsSince1970)}
        """
    }

    private static func decline(_ shift: String, id: Int = 0, reason: String = "ill") -> String {
        #"{"id":"\#(ids[id])","kind":"shift_decline","made_at":1790000000,"shift":\#(shift),"reason":"\#(reason)"}"#
    }

    private static func absence(of id: String, number: Int = 1) -> String {
        """
        {"id":"\(ids[number])","kind":"absence_add","made_at":1790000000,"operator_id":"\(id)","starts_at":1000,
        "ends_at":2000,"reason":"leave"}
        """
    }

    private static func swap(_ shift: String, with other: String) -> String {
        #"{"id":"\#(ids[2])","kind":"swap_request","shift":\#(shift),"with":\#(other),"reason":""}"#
    }

    @Test("what fits is done, seen in the replica, and told in the audit log")
    func applies() async throws {
        try await withPlan { service, token in
            let (own, other) = (Self.seen(Self.academic, number: 2), Self.seen(Self.ask, number: 1))
            let outcomes = try await service.send(
                [Self.decline(other), Self.absence(of: "pub01-02"), Self.swap(other, with: own)], token: token)
            #expect(outcomes.states == ["applied", "applied", "applied"])
            let replica = try await service.sync(token: token)
            #expect(replica.rows.count { $0.hasPrefix("+shift_decline\t") } == 1)
            #expect(replica.rows.count { $0.hasPrefix("+swap_request\t") } == 1)
            #expect(replica.rows.count { $0.hasPrefix("+intent_outcome\t") } == 3)
            #expect(replica.rows.contains("+absence\tpub01-02\t1000\t2000\tleave"))
            let acts = try await service.pool.withConnection {
                try await AuditRepository(consortium: "two").latest(3, in: $0)
            }
            #expect(acts.map(\.action) == ["request swap", "add absence", "decline shift"])
            #expect(acts.allSatisfy { $0.actor.hasPrefix("library pub01") })
        }
    }

    @Test(
        "sent again, an intent has the outcome that it had, and its effect once; something else under its id is refused"
    )
    func onlyOnce() async throws {
        try await withPlan { service, token in
            let intent = Self.decline(Self.seen(Self.ask, number: 1))
            let answers = try await withThrowingTaskGroup(of: [JSONValue].self) { group in
                for _ in 0..<4 { group.addTask { try await service.send([intent], token: token) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(answers).count == 1 && answers[0].states == ["applied"])
            #expect(try await service.count("shift_decline") == 1)
            let other = try await service.send(
                [Self.decline(Self.seen(Self.ask, number: 1), reason: "other")], token: token)
            #expect(other.states == ["rejected"])
            #expect(other.first?["reason"]?.text?.contains("another intent had this id") == true)
            #expect(try await service.count("intent") == 1)
        }
    }

    /// A shift as a library saw it, and what is done before its intent comes.
    struct Late: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var seen = IntentTests.seen(IntentTests.ask, number: 1)
        var meanwhile = "SELECT 1"
        let state: String
        let reason: String
    }

    static let late = [
        Late(
            testDescription: "taken by someone",
            meanwhile: "UPDATE shift SET operator_id = 'pub01-02' WHERE shift_number = 1", state: "rejected",
            reason: "someone took it"),
        Late(
            testDescription: "gone from the plan", meanwhile: "DELETE FROM shift WHERE shift_number = 1",
            state: "rejected", reason: "no longer in the published plan"),
        Late(
            testDescription: "of a plan that was superseded",
            meanwhile: "UPDATE plan SET state = 'superseded', superseded_at = now()", state: "rejected",
            reason: "no longer in the published plan"),
        Late(
            testDescription: "on another queue now",
            meanwhile: "UPDATE shift SET queue_id = 'academic' WHERE shift_number = 1", state: "conflicting",
            reason: "changed meanwhile"),
        Late(
            testDescription: "an hour later now",
            meanwhile: """
                UPDATE shift SET during = tstzrange(upper(during), upper(during) + interval '1 hour')
                WHERE shift_number = 1
                """, state: "conflicting", reason: "changed meanwhile"),
        Late(
            testDescription: "of another library's operator", seen: seen(academic, number: 2), state: "rejected",
            reason: "no operator of pub01"),
        Late(
            testDescription: "of an operator who has moved",
            meanwhile: "UPDATE operator SET library_id = 'acad01' WHERE operator_id = 'pub01-01'", state: "rejected",
            reason: "no operator of pub01"),
    ]

    @Test("what the plan has overtaken is told as such, and nothing is done", arguments: late)
    func overtaken(late: Late) async throws {
        try await withPlan { service, token in
            try await service.run(late.meanwhile)
            let outcomes = try await service.send([Self.decline(late.seen)], token: token)
            #expect(outcomes.states == [late.state])
            #expect(outcomes.first?["reason"]?.text?.contains(late.reason) == true, "\(outcomes)")
            #expect((outcomes.first?["theirs"]?["shift_number"]?.integer == 1) == (late.state == "conflicting"))
            #expect(try await service.count("shift_decline") == 0)
        }
    }

    @Test("a shift that goes on unchanged in a later plan is the same shift")
    func samePlanAnew() async throws {
        try await withPlan { service, token in
            _ = try await service.pool.publishing(try await service.pool.drafting([Self.academic, Self.ask]))
            let outcomes = try await service.send([Self.decline(Self.seen(Self.ask, number: 1))], token: token)
            #expect(outcomes.states == ["applied"])
        }
    }

    @Test("a shift that has begun stays")
    func hasBegun() async throws {
        try await withPlan { service, token in
            service.clock.advance(
                bySeconds: Self.ask.during.lowerBound.seconds(since: Instant(secondsSince1970: 1_790_000_000)))
            let outcomes = try await service.send([Self.decline(Self.seen(Self.ask, number: 1))], token: token)
            #expect(outcomes.states == ["rejected"])
        }
    }

    @Test("an intent that can never be done is answered, and does not hold up those behind it")
    func unclear() async throws {
        try await withPlan { service, token in
            let outcomes = try await service.send(
                [
                    #"{"id":"\#(Self.ids[3])","kind":"absence_add","operator_id":"pub01-01"}"#,
                    Self.absence(of: "pub01-01"),
                ], token: token)
            #expect(outcomes.states == ["rejected", "applied"])
            let bad = try await service.ask(
                .POST, "/v1/intents", token: token,
                json: #"{"intents":[{"id":"00000000-1111-2222-3333-44444444444x","kind":"absence_add"}]}"#)
            #expect(bad.status == 422 && bad.faultyFields == ["/intents/0/id"])
        }
    }
}

extension [JSONValue] {
    fileprivate var states: [String?] { map { $0["state"]?.text } }
}

extension RunningService {
    fileprivate func send(_ intents: [String], token: String) async throws -> [JSONValue] {
        let body = #"{"intents":[\#(intents.joined(separator: ","))]}"#
        let answer = try await ask(.POST, "/v1/intents", token: token, json: body)
        #expect(answer.status == 200, "\(answer.text)")
        return answer.json?["outcomes"]?.array ?? []
    }

    fileprivate func count(_ table: String) async throws -> Int {
        try await pool.withConnection { connection in
            try await connection.query(PostgresQuery(unescaped: "SELECT count(*) FROM \(table)")).single().decode(
                Int.self)
        }
    }
}

import API
import Coverage
import NIOHTTP1
import PostgresClient
import Routing
import Storage
import StorageTestSupport
import Synchronization
import TestSupport
import Testing

@Suite("A webhook")
struct WebhookTests {
    @Test("posts each event, signed with its secret")
    func signed() async throws {
        try await withService { service in
            try await withReceiver { receiver in
                let webhook = try await service.makeWebhook(receiver.url)
                service.desk.happen(.declined, session: 3)
                try await eventually("the event has come") { !receiver.posts.isEmpty }
                let post = try #require(receiver.posts.first)
                #expect(try JSONReader.read(post.body)["session"] == 3)
                #expect(post.headers.first(name: "Coverdesk-Event") == "1")
                let expected = WebhookSignature.header(
                    key: webhook.secret, timestamp: service.clock.now.secondsSince1970, body: post.body)
                #expect(post.headers.first(name: "Coverdesk-Signature") == expected)
                try await eventually("the delivery is over") { try await service.deliveries() == [] }
            }
        }
    }

    @Test("posts only what it was asked for, and nothing from before")
    func chosen() async throws {
        try await withService { service in
            try await withReceiver { receiver in
                service.desk.happen(.silent(seconds: 300), session: 1)
                _ = try await service.makeWebhook(receiver.url, events: #"["session.silent"]"#)
                service.desk.happen(.declined, session: 2)
                service.desk.happen(.silent(seconds: 300), session: 3)
                try await eventually("the event has come") { !receiver.posts.isEmpty }
                #expect(receiver.posts.map { $0.headers.first(name: "Coverdesk-Event") } == ["3"])
            }
        }
    }

    @Test("tries again what was not taken, later each time")
    func retried() async throws {
        try await withService { service in
            try await withReceiver(failing: 2) { receiver in
                _ = try await service.makeWebhook(receiver.url)
                service.desk.happen(.declined, session: 1)
                try await eventually("it was taken") {
                    service.clock.advance(bySeconds: 1)
                    return try await service.deliveries() == [] && receiver.posts.count >= 3
                }
                #expect(receiver.posts.count == 3)
            }
        }
    }

    @Test("gives up in the end, shows what it gave up, and tries that again when it is told to")
    func givenUp() async throws {
        try await withService { service in
            try await withReceiver(failing: 1) { receiver in
                let webhook = try await service.makeWebhook(receiver.url)
                service.desk.happen(.declined, session: 1)
                try await eventually("it was tried") { receiver.posts.count == 1 }
                service.clock.advance(bySeconds: 2 * 86_400)
                let path = "/v1/webhooks/\(webhook.number)"
                try await eventually("it was given up or taken") {
                    // Tried once more, or given up as too old, whichever comes first.
                    try await service.pool.withConnection { connection in
                        _ = try await WebhookRepository(consortium: "two").giveUp(
                            waitingSince: service.clock.now, in: connection)
                    }
                    return try await service.deliveries() != ["due"]
                }
                guard try await service.deliveries() == ["given_up"] else { return }
                let failures = try await service.ask(.GET, path + "/failures")
                #expect(failures.json?["failures"]?.first?["event"] == 1, "\(failures.text)")
                #expect(failures.json?["failures"]?.first?["problem"] == "answered 500")
                let retry = try await service.ask(.POST, path + "/retry")
                #expect(retry.json?["deliveries"] == 1)
                try await eventually("it was taken") {
                    service.clock.advance(bySeconds: 10)
                    return try await service.deliveries() == []
                }
            }
        }
    }

    @Test("belongs to its chat server alone")
    func foreign() async throws {
        try await withService { service in
            let webhook = try await service.makeWebhook("http://127.0.0.1:9/")
            let other = try await service.makeToken(scopes: [.webhooks], chatServer: "other")
            #expect(try await service.ask(.GET, "/v1/webhooks", token: other).json == ["webhooks": []])
            let path = "/v1/webhooks/\(webhook.number)"
            for (method, path) in [(HTTPMethod.DELETE, path), (.GET, path + "/failures"), (.POST, path + "/retry")] {
                #expect(try await service.ask(method, path, token: other).status == 404)
            }
            #expect(try await service.ask(.DELETE, path).status == 204)
            #expect(try await service.ask(.GET, "/v1/webhooks").json == ["webhooks": []])
        }
    }

    @Test("is tried again after ever longer pauses, a day at most", arguments: 1...12)
    func pauses(attempts: Int) {
        var generator = SplitMix64(seed: UInt64(attempts))
        let plan = RetryPlan()
        for _ in 0..<100 {
            let pause = plan.pauseSeconds(after: attempts, using: &generator)
            #expect(pause <= 3600)
            #expect(pause >= min(1800, Int64(2 << (attempts - 1))))
        }
    }
}

extension JSONValue {
    fileprivate var first: JSONValue? { if case .array(let values) = self { values.first } else { nil } }
}

extension RunningService {
    func makeWebhook(_ url: String, events: String = "[]") async throws -> (number: Int, secret: String) {
        let answer = try await ask(.POST, "/v1/webhooks", json: #"{"url":"\#(url)","events":\#(events)}"#)
        guard case .integer(let number)? = answer.json?["webhook"], case .string(let secret)? = answer.json?["secret"]
        else { throw UnexpectedAnswer(description: answer.text) }
        return (Int(number), secret)
    }

    /// The states of all deliveries still in the database.
    func deliveries() async throws -> [String] {
        try await pool.withConnection { connection in
            try await connection.query("SELECT state FROM webhook_delivery ORDER BY event_number").decode(String.self)
        }
    }
}

struct UnexpectedAnswer: Error {
    let description: String
}

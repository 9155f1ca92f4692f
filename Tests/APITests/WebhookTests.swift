import API
import Coverage
import NIOHTTP1
import Notifications
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
            try await withReceiver(failing: .max) { receiver in
                let webhook = try await service.makeWebhook(receiver.url)
                service.desk.happen(.declined, session: 1)
                // The post alone does not say that what became of it is known.
                try await eventually("the failure is noted") {
                    try await service.ask(.GET, "/v1/webhooks").json?["webhooks"]?.first?["failing"] == true
                }
                service.clock.advance(bySeconds: 2 * 86_400)
                try await eventually("it was given up") { try await service.deliveries() == ["given_up"] }
                let path = "/v1/webhooks/\(webhook.number)"
                let failures = try await service.ask(.GET, path + "/failures")
                #expect(failures.json?["failures"]?.first?["event"] == 1, "\(failures.text)")
                #expect(failures.json?["failures"]?.first?["problem"] == "answered 500")
                receiver.recover()
                let retry = try await service.ask(.POST, path + "/retry")
                #expect(retry.json?["deliveries"] == 1)
                try await eventually("it was taken") {
                    service.clock.advance(bySeconds: 10)
                    return try await service.deliveries() == []
                }
            }
        }
    }

    @Test("that was given up while it was posted stays so, and tells what happened", arguments: [true, false])
    func givenUpMeanwhile(isTriedAgain: Bool) async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            let repository = WebhookRepository(consortium: "two")
            let start = Instant(secondsSince1970: 1_790_000_000)
            let later = start.advanced(bySeconds: 2 * 86_400)
            let new = WebhookRepository.NewWebhook(
                chatServer: "prosody", url: "http://127.0.0.1:9/", secret: Array(repeating: 1, count: 32),
                eventTypes: [], lastEvent: 0)
            let states = try await pool.withTransaction { transaction in
                let number = try await repository.insert(new, at: start, in: transaction).number
                try await repository.enqueue([1], upTo: 1, for: number, at: start, in: transaction)
                let taken = try await repository.claim(atMost: 1, at: start, leaseSeconds: 40, in: transaction)
                _ = try await repository.giveUp(waitingSince: later, in: transaction)
                if isTriedAgain { _ = try await repository.retryGivenUp(of: number, at: later, in: transaction) }
                try await repository.fail(
                    try #require(taken.first), because: "answered 500",
                    retryAt: isTriedAgain ? nil : later, quietUntil: later, in: transaction)
                return try await transaction.query("SELECT state, last_problem, attempts FROM webhook_delivery")
                    .map { try $0.decode((String, String, Int).self) }
            }
            let state = try #require(states.first)
            // What is due again is for another attempt to decide, and counts from the beginning.
            #expect(state.0 == (isTriedAgain ? "due" : "given_up"))
            #expect(isTriedAgain || state.1 == "answered 500")
            #expect(state.2 == (isTriedAgain ? 0 : 1))
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

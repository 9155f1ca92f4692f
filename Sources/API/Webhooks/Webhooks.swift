import Coverage
import HTTPTypes
import PostgresClient
import Storage

/// Setting up webhooks and seeing what became of their deliveries.
struct Webhooks: Sendable {
    let pool: PostgresPool
    let consortium: Consortium.ID
    let source: any EventSource
    let now: @Sendable () -> Instant

    private var repository: WebhookRepository { WebhookRepository(consortium: consortium) }

    private static let tag = "Webhooks"
    private static let webhook = Route.Parameter.path(
        "webhook", is: .integer(1...Int64(Int32.max)), "The webhook's number.")
    private static let unknown = Route.Outcome.problem(.notFound, "The chat server has no such webhook.")

    private static let fields: [Schema.Field] = [
        .required("webhook", .integer(1...Int64(Int32.max)), "Its number."),
        .required("url", .webAddress, "Where events are posted to."),
        .required("events", .array(.choice(EventJSON.types), 0...100), "Only these; empty is all."),
        .required("created_at", .timestamp, "Since when."),
        .required("waiting", .integer(0...Int64.max), "Deliveries still to be made."),
        .required("given_up", .integer(0...Int64.max), "Deliveries given up: see its failures."),
        .required("failing", .boolean, "Whether the last delivery failed."),
    ]
    private static let schema = Schema.named("Webhook", fields)

    private static let failure = Schema.object([
        .required("event", .integer(1...Int64.max), "The event's number."),
        .required("since", .timestamp, "Since when it was to be delivered."),
        .required("attempts", .integer(0...1000), "How often it was tried."),
        .optional("problem", .text(0...1000), "What happened the last time."),
    ])

    var routes: [Route] {
        [createRoute, listRoute, deleteRoute, failuresRoute, retryRoute]
    }

    private var createRoute: Route {
        Route(
            .post, "/v1/webhooks", "createWebhook", tag: Self.tag, scope: .webhooks,
            summary: "Have events posted to an address",
            description: """
                Each event comes as one POST of its JSON, from now on. The header `Coverdesk-Signature: \
                t=SECONDS,v1=HEX` carries HMAC-SHA256 under the secret, over the seconds, a point and the body. \
                Anything but a 2xx within 10 s is tried again, for a day. Deliveries may come twice and out of \
                order: go by the event's number.
                """,
            body: .named(
                "NewWebhook",
                [
                    .required("url", .webAddress, "Where events are posted to."),
                    .optional("events", .array(.choice(EventJSON.types), 0...100), "Only these; empty is all."),
                ]),
            outcomes: [
                .json(
                    .created,
                    .named(
                        "CreatedWebhook",
                        Self.fields + [
                            .required("secret", .text(64...64), "What deliveries are signed with; told only now.")
                        ]), "The webhook with its secret.")
            ], handle: create)
    }

    private var listRoute: Route {
        Route(
            .get, "/v1/webhooks", "listWebhooks", tag: Self.tag, scope: .webhooks,
            summary: "The chat server's webhooks",
            outcomes: [
                .json(.ok, .object([.required("webhooks", .array(Self.schema, 0...10_000), "Oldest first.")]), "All.")
            ],
            handle: list)
    }

    private var deleteRoute: Route {
        Route(
            .delete, "/v1/webhooks/{webhook}", "deleteWebhook", tag: Self.tag, scope: .webhooks,
            summary: "Have no more events posted", parameters: [Self.webhook],
            outcomes: [.empty(.noContent, "It is gone, with its deliveries."), Self.unknown], handle: delete)
    }

    private var failuresRoute: Route {
        Route(
            .get, "/v1/webhooks/{webhook}/failures", "listWebhookFailures", tag: Self.tag, scope: .webhooks,
            summary: "Deliveries that were given up",
            parameters: [
                Self.webhook, .query("after", .integer(0...Int64.max), "Only events behind this number."),
                .query("limit", .integer(1...500), "How many at most; 100 if not said."),
            ],
            outcomes: [
                .json(
                    .ok, .object([.required("failures", .array(Self.failure, 0...500), "The oldest event first.")]),
                    "Some of them."), Self.unknown,
            ], handle: failures)
    }

    private var retryRoute: Route {
        Route(
            .post, "/v1/webhooks/{webhook}/retry", "retryWebhookFailures", tag: Self.tag, scope: .webhooks,
            summary: "Try again what was given up", parameters: [Self.webhook],
            outcomes: [
                .json(
                    .ok, .object([.required("deliveries", .integer(0...Int64.max), "How many are due again.")]),
                    "They are due again."), Self.unknown,
            ], handle: retry)
    }

    private func create(_ exchange: Exchange) async throws -> Answer {
        var generator = SystemRandomNumberGenerator()
        let secret = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let new = WebhookRepository.NewWebhook(
            chatServer: try exchange.requireAccess().chatServer, url: try exchange.body.required("url"),
            secret: secret, eventTypes: Self.types(exchange.body["events"]), lastEvent: try await source.newest())
        let webhook = try await pool.withTransaction { try await repository.insert(new, at: now(), in: $0) }
        guard case .object(var object) = Self.json(webhook) else { return .noContent }
        object["secret"] = .string(TokenText.hex(secret))
        return .json(.object(object), status: .created)
    }

    private static func types(_ value: JSONValue?) -> [String] {
        Set((value?.array ?? []).compactMap(\.text)).sorted()
    }

    private func list(_ exchange: Exchange) async throws -> Answer {
        let chatServer = try exchange.requireAccess().chatServer
        let webhooks = try await pool.withConnection { try await repository.all(of: chatServer, in: $0) }
        return .json(["webhooks": .array(webhooks.map(Self.json))])
    }

    private func delete(_ exchange: Exchange) async throws -> Answer {
        let (number, chatServer) = try Self.subject(exchange)
        let wasThere = try await pool.withConnection { try await repository.delete(number, of: chatServer, in: $0) }
        guard wasThere else { throw Self.unknownWebhook(number) }
        return .noContent
    }

    private func failures(_ exchange: Exchange) async throws -> Answer {
        let number = try await own(exchange)
        let after = exchange.query["after"]?.integer ?? 0
        let limit = Int(exchange.query["limit"]?.integer ?? 100)
        let failures = try await pool.withConnection {
            try await repository.givenUp(of: number, after: after, limit: limit, in: $0)
        }
        return .json([
            "failures": .array(
                failures.map { failure in
                    [
                        "event": .integer(failure.event), "since": .string(failure.since.rfc3339),
                        "attempts": .integer(failure.attempts), "problem": .string(failure.lastProblem),
                    ]
                })
        ])
    }

    private func retry(_ exchange: Exchange) async throws -> Answer {
        let number = try await own(exchange)
        let count = try await pool.withConnection { try await repository.retryGivenUp(of: number, at: now(), in: $0) }
        return .json(["deliveries": .integer(count)])
    }

    /// The number of a webhook that belongs to who asks.
    private func own(_ exchange: Exchange) async throws -> Int {
        let (number, chatServer) = try Self.subject(exchange)
        let webhooks = try await pool.withConnection { try await repository.all(of: chatServer, in: $0) }
        guard webhooks.contains(where: { $0.number == number }) else { throw Self.unknownWebhook(number) }
        return number
    }

    private static func subject(_ exchange: Exchange) throws -> (Int, chatServer: String) {
        guard let number = Int(try exchange.path("webhook")) else { throw UndeclaredMember(name: "webhook") }
        return (number, try exchange.requireAccess().chatServer)
    }

    private static func unknownWebhook(_ number: Int) -> Problem {
        .notFound("the chat server has no webhook \(number)")
    }

    private static func json(_ webhook: WebhookRepository.Webhook) -> JSONValue {
        [
            "webhook": .integer(webhook.number), "url": .string(webhook.url),
            "events": .array(webhook.eventTypes.map { .string($0) }),
            "created_at": .string(webhook.createdAt.rfc3339), "waiting": .integer(webhook.dueCount),
            "given_up": .integer(webhook.givenUpCount), "failing": .boolean(webhook.failures > 0),
        ]
    }
}

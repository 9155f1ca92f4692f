import Coverage
import HTTPTypes
import Routing

/// Who is here: told by chat servers, and read by widgets.
struct PresenceRoutes: Sendable {
    let desk: any SessionDesk
    let cache: PublicPresence

    private static let tag = "Presence"
    private static let person = Route.Parameter.path("operator", "The operator's id.")
    private static let lease = Schema.Field.optional(
        "lease_seconds", .integer(5...3600), "How long this holds unless it is renewed; 90 if not said.")

    var routes: [Route] { [putRoute, renewRoute, leaveRoute, publicRoute] }

    private var putRoute: Route {
        Route(
            .put, "/v1/presence/{operator}", "setPresence", tag: Self.tag, scope: .presenceWrite,
            summary: "An operator is here, or here in another way than before", parameters: [Self.person],
            body: .named(
                "NewPresence",
                [
                    .required("availability", RoutingSchemas.availability, "Only who is available is asked."),
                    .optional("channels", .array(RoutingSchemas.channel, 1...2), "What to answer; all if not said."),
                    .optional(
                        "queues", .array(.identifier, 1...200), "Only these; all that the skills allow if not said."),
                    .optional(
                        "seats", .integer(1...50), "How many sessions at once; the bundle's capacity if not said."),
                    .optional("willing", .boolean, "Whether to be asked off shift too; true if not said."),
                    .optional("languages", .array(.text(1...35), 0...50), "Languages, as sessions name them."),
                    Self.lease,
                ]),
            outcomes: [
                .json(.ok, RoutingSchemas.present, "As it is now."),
                .problem(.conflict, "The operator's state does not allow it."),
            ], handle: put)
    }

    private var renewRoute: Route {
        Route(
            .post, "/v1/presence/{operator}/renew", "renewPresence", tag: Self.tag, scope: .presenceWrite,
            summary: "An operator is still here", parameters: [Self.person], body: .object([Self.lease]),
            outcomes: [
                .json(.ok, RoutingSchemas.present, "As it is now."),
                .problem(.conflict, "The lease has lapsed: set the presence anew."),
            ],
            handle: { exchange in
                let id = Operator.ID(try exchange.path("operator"))
                let seconds = Int(exchange.body["lease_seconds"]?.integer ?? 90)
                return try await present(.renewPresence(id, leaseSeconds: seconds))
            })
    }

    private var leaveRoute: Route {
        Route(
            .delete, "/v1/presence/{operator}", "leave", tag: Self.tag, scope: .presenceWrite,
            summary: "An operator has left", parameters: [Self.person],
            outcomes: [
                .json(
                    .ok,
                    .object([
                        .required(
                            "held", .array(RoutingSchemas.sessionNumber, 0...1000),
                            "Sessions still with the operator, which follow the grace period.")
                    ]), "The operator is not here."),
                .problem(.conflict, "The operator's state does not allow it."),
            ],
            handle: { exchange in
                let answer = try await desk.perform(.leave(Operator.ID(try exchange.path("operator"))), key: nil)
                guard case .left(let held) = answer else { throw UndeclaredMember(name: "operator") }
                return .json(["held": .array(held.map { .integer($0.rawValue) })])
            })
    }

    private var publicRoute: Route {
        Route(
            .get, "/v1/public/queues/{queue}/presence", "readQueuePresence", tag: Self.tag, scope: nil,
            summary: "Whether anybody is there, and what the widget should say",
            description: "Made once a second at most, however many widgets ask.",
            parameters: [
                .path("queue", "The queue's id."), .header("If-None-Match", "The ETag that the client has."),
            ],
            outcomes: [
                .json(.ok, RoutingSchemas.standing, "As it is now.", headers: ["ETag", "Cache-Control"]),
                .empty(.notModified, "The client has it.", headers: ["ETag", "Cache-Control"]),
                .problem(.notFound, "There is no such queue."),
            ],
            handle: { exchange in
                try await cache.answer(Queue.ID(try exchange.path("queue")), headers: exchange.headers)
            })
    }

    private func put(_ exchange: Exchange) async throws -> Answer {
        let body = exchange.body
        guard let availability = Presence.Availability(rawValue: try body.required("availability")) else {
            throw UndeclaredMember(name: "availability")
        }
        let channels = body["channels"]?.array?.compactMap { $0.text.flatMap(Queue.Channel.init(rawValue:)) }
        let queues = body["queues"]?.array?.compactMap { $0.text.map { Queue.ID($0) } }
        return try await present(
            .setPresence(
                NewPresence(
                    operator: Operator.ID(try exchange.path("operator")), availability: availability,
                    channels: channels.map { Set($0) } ?? [.chat, .email], queues: queues.map { Set($0) },
                    seats: body["seats"]?.integer.map { Int($0) }, isWilling: body["willing"]?.boolean ?? true,
                    languages: Set((body["languages"]?.array ?? []).compactMap(\.text)),
                    leaseSeconds: Int(body["lease_seconds"]?.integer ?? 90))))
    }

    private func present(_ request: DeskRequest) async throws -> Answer {
        guard case .presence(let present) = try await desk.perform(request, key: nil) else {
            throw UndeclaredMember(name: "operator")
        }
        return .json(PresenceJSON.present(present))
    }
}

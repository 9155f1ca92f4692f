import Coverage
import HTTPTypes
import Routing

/// What a chat server does with sessions.
struct SessionRoutes: Sendable {
    let desk: any SessionDesk
    let pages: PolicyBook

    private static let tag = "Sessions"
    private static let session = Route.Parameter.path(
        "session", is: RoutingSchemas.sessionNumber, "The service's number of the session.")
    private static let key = Route.Parameter.header(
        "Idempotency-Key", "The chat server's name for this request: it has its effect once, however often it is sent.")
    private static let operatorField = Schema.Field.required("operator", .identifier, "The operator who does it.")
    private static let optionalOperator = Schema.Field.optional(
        "operator", .identifier, "The operator who does it; without one the chat server does.")

    var routes: [Route] {
        [createRoute, readRoute, trailRoute] + operatorRoutes + [requeueRoute, transferRoute, noteRoute, endRoute]
    }

    // MARK: Creating and reading

    private var createRoute: Route {
        Route(
            .post, "/v1/sessions", "createSession", tag: Self.tag, scope: .sessionsWrite,
            summary: "Ask who takes a session",
            description: """
                The answer is a decision, at once: who is asked, a place in line, or what there is instead. The same \
                `id` from the same chat server is the same session: sending it again is safe.
                """,
            body: .named(
                "NewSession",
                [
                    .required(
                        "id", .text(1...200), "The chat server's own id of the session, without control characters."),
                    .required("queue", .identifier, "The queue."),
                    .required("channel", RoutingSchemas.channel, "The patron's channel, which the queue must serve."),
                    .optional("library", .identifier, "The patron's home library."),
                    .optional(
                        "language", .text(1...35),
                        "The patron's language, such as es; several with commas between, the one liked best first."),
                    .optional(
                        "languages", .array(.text(1...35), 1...10),
                        "The patron's languages, the one liked best first; language, if it is there, goes before."),
                    .optional("note", .text(0...4000), "What is known already."),
                ]),
            outcomes: [
                .json(.created, RoutingSchemas.session, "The session was made: see state.", headers: ["Location"]),
                .json(.ok, RoutingSchemas.session, "It had been made before: as it stands now.", headers: ["Location"]),
                .problem(.conflict, "There is no such queue or library, or the queue takes another channel."),
            ], handle: create)
    }

    private var readRoute: Route {
        Route(
            .get, "/v1/sessions/{session}", "readSession", tag: Self.tag, scope: .sessionsRead,
            summary: "How a session stands", parameters: [Self.session],
            outcomes: [
                .json(.ok, RoutingSchemas.session, "As it stands, ended ones too."),
                .problem(.notFound, "There is no such session."),
            ], handle: { exchange in try await answer(with: try await desk.decision(on: try Self.number(exchange))) })
    }

    private var trailRoute: Route {
        Route(
            .get, "/v1/sessions/{session}/trail", "readTrail", tag: Self.tag, scope: .sessionsRead,
            summary: "A session's story, with the reasons of each decision", parameters: [Self.session],
            outcomes: [
                .json(
                    .ok, .object([.required("events", .array(RoutingSchemas.event, 0...100_000), "In their order.")]),
                    "What happened."), .problem(.notFound, "There is no such session."),
            ],
            handle: { exchange in
                let events = try await desk.trail(of: try Self.number(exchange))
                return .json(["events": .array(events.map { EventJSON.event($0) })])
            })
    }

    private func create(_ exchange: Exchange) async throws -> Answer {
        let body = exchange.body
        let origin = Session.Origin(
            chatServer: ChatServer.ID(try exchange.requireAccess().chatServer), externalID: try body.required("id"),
            library: body["library"]?.text.map { Library.ID($0) }, language: Self.language(body),
            note: body["note"]?.text ?? "")
        guard let channel = Queue.Channel(rawValue: try body.required("channel")) else {
            throw UndeclaredMember(name: "channel")
        }
        let request = DeskRequest.create(
            NewSession(origin: origin, queue: Queue.ID(try body.required("queue")), channel: channel))
        let decision = try await perform(request, exchange)
        var answer = try await answer(with: decision)
        answer.status = decision.isRepeat ? .ok : .created
        answer.headers[.location] = "/v1/sessions/\(decision.number)"
        return answer
    }

    /// The patron's languages as the desk has them: with commas between.
    private static func language(_ body: JSONObject) -> String? {
        let several = [body["language"]?.text].compactMap(\.self) + (body["languages"]?.array ?? []).compactMap(\.text)
        return several.isEmpty ? nil : several.joined(separator: ",")
    }

    // MARK: What operators do

    private var operatorRoutes: [Route] {
        [
            action(
                "accept", "acceptSession", "An operator takes a session that was offered",
                "The first to accept has it; the other offers are withdrawn in the same moment.",
                [Self.operatorField]
            ) { .accept($0, by: try Self.requiredOperator($1)) },
            action(
                "decline", "declineSession", "An operator does not take a session that was offered",
                "Somebody else is asked at once.", [Self.operatorField]
            ) { .decline($0, by: try Self.requiredOperator($1)) },
            action(
                "activity", "markActivity", "An operator has done something in the session",
                "Without such marks an event says after a while that the patron is left in silence.",
                [Self.operatorField]
            ) { .activity($0, by: try Self.requiredOperator($1)) },
            action(
                "wrap-up", "beginWrapUp", "The patron has left, the operator still writes", "",
                [Self.optionalOperator]
            ) { .wrapUp($0, by: Self.operatorID($1)) },
        ]
    }

    private var requeueRoute: Route {
        action(
            "requeue", "requeueSession", "Send a session back to the line", "",
            [
                Self.optionalOperator,
                .optional("to_front", .boolean, "Before all others rather than behind them; true if not said."),
            ]
        ) { .requeue($0, by: Self.operatorID($1), toFront: $1["to_front"]?.boolean ?? true) }
    }

    private var transferRoute: Route {
        action(
            "transfer", "transferSession", "Hand a session on to an operator, a library or a queue",
            "To a queue of another channel as well: what was said until then goes with it.",
            [
                Self.optionalOperator,
                .required("to", .choice(["operator", "library", "queue"]), "To what."),
                .required("id", .identifier, "To which one."),
            ]
        ) { .transfer($0, to: try Self.target($1), by: Self.operatorID($1)) }
    }

    private var noteRoute: Route {
        action(
            "notes", "addNote", "A step taken, or something to know, for whoever has the session next", "",
            [Self.optionalOperator, .required("text", .text(1...4000), "What.")]
        ) { .note($0, text: try $1.required("text"), by: Self.operatorID($1)) }
    }

    private var endRoute: Route {
        action(
            "end", "endSession", "A session is over", "Ending it again with the same outcome changes nothing.",
            [Self.optionalOperator, .required("outcome", RoutingSchemas.outcome, "How it ended.")]
        ) { number, body in
            guard let outcome = Outcome(rawValue: try body.required("outcome")) else {
                throw UndeclaredMember(name: "outcome")
            }
            return .end(number, outcome: outcome, by: Self.operatorID(body))
        }
    }

    /// A route that does something with one session.
    private func action(
        _ name: String, _ operation: String, _ summary: String, _ description: String, _ fields: [Schema.Field],
        _ request: @escaping @Sendable (Session.Number, JSONObject) throws -> DeskRequest
    ) -> Route {
        Route(
            .post, "/v1/sessions/{session}/\(name)", operation, tag: Self.tag, scope: .sessionsWrite, summary: summary,
            description: description, parameters: [Self.session, Self.key], body: .object(fields),
            outcomes: [
                .json(.ok, RoutingSchemas.session, "The session as it stands now."),
                .problem(.notFound, "There is no such session."),
                .problem(.conflict, "The session stands so that this cannot be done: the problem's type says why."),
            ],
            handle: { exchange in
                let request = try request(try Self.number(exchange), exchange.body)
                return try await answer(with: try await perform(request, exchange))
            })
    }

    private static func number(_ exchange: Exchange) throws -> Session.Number {
        guard let number = Int64(try exchange.path("session")) else { throw UndeclaredMember(name: "session") }
        return Session.Number(rawValue: number)
    }

    private static func operatorID(_ body: JSONObject) -> Operator.ID? {
        body["operator"]?.text.map { Operator.ID($0) }
    }

    private static func requiredOperator(_ body: JSONObject) throws -> Operator.ID {
        Operator.ID(try body.required("operator"))
    }

    private static func target(_ body: JSONObject) throws -> Transfer {
        let id = try body.required("id")
        switch try body.required("to") {
        case "operator": return .toOperator(Operator.ID(id))
        case "library": return .toLibrary(Library.ID(id))
        default: return .toQueue(Queue.ID(id))
        }
    }

    // MARK: Answers

    private func perform(_ request: DeskRequest, _ exchange: Exchange) async throws -> Decision {
        guard case .session(let decision) = try await desk.perform(request, key: try exchange.requestKey()) else {
            throw UndeclaredMember(name: "session")
        }
        return decision
    }

    private func answer(with decision: Decision) async throws -> Answer {
        let needsPage =
            switch decision.standing {
            case .offered, .held: true
            default: false
            }
        let page = needsPage ? try await pages.json(of: decision.origin.library) : nil
        return .json(DecisionJSON.session(decision, page: page))
    }
}

extension Exchange {
    /// The chat server's own name for the request, if it gave one.
    func requestKey() throws -> RequestKey? {
        guard let name = HTTPField.Name("Idempotency-Key"), let text = headers[name] else { return nil }
        if let problem = Schema.headerText.problem(of: text) {
            throw Problem.invalidRequest(
                "the header Idempotency-Key \(problem)",
                faults: [FieldFault(field: "Idempotency-Key", problem: problem)])
        }
        return RequestKey(chatServer: ChatServer.ID(try requireAccess().chatServer), text: text)
    }
}

import Coverage
import Routing

/// How a queue is routed, as clients read and write it.
enum QueueRoutingJSON {
    private typealias Bounds = QueueRouting.Bounds

    private static func seconds(_ range: ClosedRange<Int>) -> Schema {
        .integer(Int64(range.lowerBound)...Int64(range.upperBound))
    }

    private static let ladder = Schema.array(
        .object([
            .required("rung", .choice(Rung.allCases.map(\.rawValue)), "The rung; each stands on the ladder once."),
            .required(
                "opens_after_seconds", seconds(Bounds.opensAfterSeconds),
                "When it opens, from when the session joined the line; never before the rung in front of it."),
        ]), 1...5)

    private static let contentFields: [Schema.Field] = [
        .required("ladder", ladder, "Where routing looks for somebody, in the order of trying."),
        .required("rings_at_once", seconds(Bounds.ringsAtOnce), "How many operators are asked at once."),
        .required("accept_seconds", seconds(Bounds.acceptSeconds), "How long an operator has to accept."),
        .required(
            "ask_again_seconds", seconds(Bounds.askAgainSeconds),
            "How long an operator who declined or missed a session is not asked for it again."),
        .required(
            "check_back_seconds", seconds(Bounds.checkBackSeconds),
            "How long a session may go without a mark of its operator before an event says so."),
        .required(
            "grace_seconds", seconds(Bounds.graceSeconds),
            "How long what was accepted stays with an operator whose lease has lapsed."),
        .required("wrap_up_seconds", seconds(Bounds.wrapUpSeconds), "How long an operator may write a session up."),
        .required(
            "handle_seconds", seconds(Bounds.handleSeconds),
            "What a session takes, until sessions that end tell better: see learned."),
        .optional("email_queue", .identifier, "The queue that answers by email for this one."),
        .optional(
            "partner",
            .object([
                .required("name", .text(1...200), "Who it is."),
                .required("contact", .text(1...500), "Where patrons find it: a URL or a phone number."),
            ]), "A service outside the consortium."),
    ]

    static let contentSchema = Schema.named("QueueRoutingContent", contentFields)

    static let schema = Schema.named(
        "QueueRouting",
        [
            .required("queue", .identifier, "Whose routing."),
            .required("standard", .boolean, "Whether nothing was set, so that the standard holds."),
        ] + contentFields + [
            .required(
                "learned",
                .object([
                    .required("sessions", .integer(0...1_000_000), "The sessions that the mean remembers."),
                    .required(
                        "handle_seconds", .integer(1...100_000_000),
                        "What a session is taken to take now: waits are told by it."),
                ]), "What was learned from sessions that have ended; the ETag does not change with it.")
        ])

    /// What is set, without what was learned.
    static func content(_ routing: QueueRouting) -> JSONValue {
        [
            "ladder": .array(
                routing.ladder.steps.map { step in
                    [
                        "rung": .string(step.rung.rawValue),
                        "opens_after_seconds": .integer(Int64(step.opensAfterSeconds)),
                    ]
                }),
            "rings_at_once": .integer(routing.ringsAtOnce), "accept_seconds": .integer(routing.acceptSeconds),
            "ask_again_seconds": .integer(routing.askAgainSeconds),
            "check_back_seconds": .integer(routing.checkBackSeconds),
            "grace_seconds": .integer(routing.graceSeconds), "wrap_up_seconds": .integer(routing.wrapUpSeconds),
            "handle_seconds": .integer(routing.handleSeconds),
            "email_queue": .string(routing.emailQueue?.rawValue),
            "partner": routing.partner.map { ["name": .string($0.name), "contact": .string($0.contact)] },
        ]
    }

    static func routing(of queue: Queue.ID, _ routing: QueueRouting, isStandard: Bool, _ pace: HandlePace?) -> JSONValue
    {
        var object: JSONObject = ["queue": .string(queue.rawValue), "standard": .boolean(isStandard)]
        if case .object(let content) = content(routing) {
            for member in content.members { object.append(member.name, member.value) }
        }
        let pace = pace ?? HandlePace()
        object.append(
            "learned",
            [
                "sessions": .integer(pace.count),
                "handle_seconds": .integer(pace.seconds(configured: routing.handleSeconds)),
            ])
        return .object(object)
    }

    /// What a body says.
    ///
    /// - Throws: ``Problem`` where the rungs are no ladder.
    static func routing(_ body: JSONObject) throws -> QueueRouting {
        QueueRouting(
            ladder: try ladder(body["ladder"]?.array ?? []), ringsAtOnce: try body.requiredInteger("rings_at_once"),
            acceptSeconds: try body.requiredInteger("accept_seconds"),
            askAgainSeconds: try body.requiredInteger("ask_again_seconds"),
            checkBackSeconds: try body.requiredInteger("check_back_seconds"),
            graceSeconds: try body.requiredInteger("grace_seconds"),
            wrapUpSeconds: try body.requiredInteger("wrap_up_seconds"),
            handleSeconds: try body.requiredInteger("handle_seconds"),
            emailQueue: body["email_queue"]?.text.map { Queue.ID($0) }, partner: partner(body["partner"]))
    }

    private static func partner(_ value: JSONValue?) -> QueueRouting.Partner? {
        guard let name = value?["name"]?.text, let contact = value?["contact"]?.text else { return nil }
        return QueueRouting.Partner(name: name, contact: contact)
    }

    private static func ladder(_ values: [JSONValue]) throws -> Ladder {
        let steps = values.compactMap { value -> Ladder.Step? in
            guard let rung = value["rung"]?.text.flatMap(Rung.init(rawValue:)),
                let seconds = value["opens_after_seconds"]?.integer
            else { return nil }
            return Ladder.Step(rung, opensAfterSeconds: Int(seconds))
        }
        do throws(LadderFault) {
            return try Ladder(steps)
        } catch {
            throw Problem.invalidFields([fault(error, in: steps)])
        }
    }

    private static func fault(_ fault: LadderFault, in steps: [Ladder.Step]) -> FieldFault {
        switch fault {
        case .namedTwice(let rung):
            let index = steps.lastIndex { $0.rung == rung } ?? 0
            return FieldFault(field: "/ladder/\(index)/rung", problem: "must be another rung: each stands there once")
        case .opensTooEarly(let rung):
            let index = steps.firstIndex { $0.rung == rung } ?? 0
            let least = index > 0 ? steps[index - 1].opensAfterSeconds : 0
            return FieldFault(
                field: "/ladder/\(index)/opens_after_seconds",
                problem: "must be \(least) or more: no rung opens before the one in front of it")
        }
    }
}

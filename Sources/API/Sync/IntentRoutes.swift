import Coverage
import HTTPTypes
import PostgresClient
import Storage

/// Takes what libraries did while they were away.
struct IntentRoutes: Sendable {
    let consortium: Consortium.ID
    let pool: PostgresPool
    let now: @Sendable () -> Instant

    private static let outcome = Schema.named(
        "IntentOutcome",
        [
            .required("id", .text(36...36), "The intent's."),
            .required("state", .choice(["applied", "rejected", "conflicting"]), "What became of it."),
            .required("reason", .text(0...1000), "Why, for people; empty where it was applied."),
            .required("theirs", .nullable(Intent.shiftSchema), "What a conflicting intent's shift is now."),
            .required("decided_at", .integer(0...Int64.max), "When, in seconds since 1970."),
        ])

    var routes: [Route] {
        [
            Route(
                .post, "/v1/intents", "sendIntents", tag: "Replicas", scope: .replicaWrite,
                summary: "Do what a library did while it was away",
                description: """
                    Each intent is decided under the plan that is published now, in the order in which they come, and \
                    has its effect once: sent again, it has the outcome that it had. It is `applied`, `rejected` with \
                    the reason, or `conflicting`, where the shift is still there but not as it was seen.
                    """,
                body: .named(
                    "Intents",
                    [.required("intents", .array(Intent.schema, 1...100), "In the order in which they were made.")]),
                outcomes: [
                    .json(
                        .ok, .object([.required("outcomes", .array(Self.outcome, 1...100), "One each, in order.")]),
                        "What became of them.")
                ], handle: send)
        ]
    }

    private func send(_ exchange: Exchange) async throws -> Answer {
        let library = try exchange.requireLibrary()
        let actor = "library \(library), token \(try exchange.requireAccess().number)"
        let intents = try Self.intents(exchange.body)
        var outcomes: [JSONValue] = []
        for intent in intents {
            let outcome = try await pool.withTransaction { transaction in
                try await IntentDecision(
                    repository: IntentRepository(consortium: consortium, library: library), actor: actor, now: now(),
                    transaction: transaction
                ).outcome(of: intent)
            }
            outcomes.append(Self.json(outcome, of: intent))
        }
        return .json(["outcomes": .array(outcomes)])
    }

    private static func intents(_ body: JSONObject) throws -> [Intent] {
        let objects = (body["intents"]?.array ?? []).compactMap(\.object)
        let faults = objects.enumerated().compactMap { index, object in
            Intent.isUUID(object["id"]?.text ?? "")
                ? nil : FieldFault(field: "/intents/\(index)/id", problem: "must be a UUID in hexadecimal digits")
        }
        guard faults.isEmpty else { throw Problem.invalidFields(Array(faults.prefix(20))) }
        return try objects.map { try Intent($0) }
    }

    private static func json(_ outcome: IntentRepository.Outcome, of intent: Intent) -> JSONValue {
        let theirs = outcome.theirs.flatMap { try? JSONReader.read($0.utf8) }
        return [
            "id": .string(intent.id), "state": .string(outcome.state.rawValue), "reason": .string(outcome.reason),
            "theirs": theirs ?? .null, "decided_at": .integer(outcome.decidedAt.secondsSince1970),
        ]
    }
}

import Coverage
import Routing

/// Who is here, as clients read it.
enum PresenceJSON {
    static func presence(_ presence: Presence) -> JSONValue {
        [
            "operator": .string(presence.operator.rawValue), "availability": .string(presence.availability.rawValue),
            "channels": .array(presence.channels.map(\.rawValue).sorted().map { .string($0) }),
            "queues": presence.queues.map { queues in .array(queues.sorted().map { .string($0.rawValue) }) },
            "seats": .integer(presence.seats), "willing": .boolean(presence.isWilling),
            "languages": .array(presence.languages.sorted().map { .string($0) }),
            "lease_until": .string(presence.leaseUntil.rfc3339),
        ]
    }

    static func present(_ present: PresentOperator) -> JSONValue {
        guard case .object(var object) = presence(present.presence) else { return .null }
        object["holding"] = .array(
            present.seats.compactMap { claim in
                claim.map { ["session": .integer($0.session.rawValue), "kind": .string($0.kind.rawValue)] }
            })
        object["grace_until"] = .string(present.graceUntil?.rfc3339)
        return .object(object)
    }

    static func standing(_ standing: QueueStanding) -> JSONValue {
        [
            "queue": .string(standing.queue.rawValue), "channel": .string(standing.channel.rawValue),
            "open": .boolean(standing.isOpen), "present": .integer(standing.present),
            "free": .integer(standing.free), "waiting": .integer(standing.waiting),
            "expectation": DecisionJSON.expectation(standing.expectation),
            "alternatives": DecisionJSON.alternatives(standing.alternatives),
        ]
    }
}

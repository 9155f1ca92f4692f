import Coverage
import Routing

/// Events, as streams, webhooks and trails tell them.
enum EventJSON {
    /// An event; offers with the policy page of the patron's library.
    static func event(_ event: DeskEvent, page: JSONValue? = nil) -> JSONValue {
        [
            "event": .integer(event.number), "type": .string(type(event.kind)), "at": .string(event.at.rfc3339),
            "session": event.session.map { .integer($0.rawValue) }, "operator": .string(event.operator?.rawValue),
            "queue": .string(event.queue?.rawValue), "data": data(event.kind), "policy_page": page,
        ]
    }

    static func type(_ kind: DeskEvent.Kind) -> String {
        switch kind {
        case .created: "session.created"
        case .offered: "session.offered"
        case .waiting: "session.waiting"
        case .fallback: "session.fallback"
        case .accepted: "session.accepted"
        case .declined: "session.declined"
        case .offerExpired: "session.offer_expired"
        case .offerWithdrawn: "session.offer_withdrawn"
        case .requeued: "session.requeued"
        case .transferred: "session.transferred"
        case .noted: "session.noted"
        case .silent: "session.silent"
        case .wrappingUp: "session.wrapping_up"
        case .ended: "session.ended"
        case .present: "presence.present"
        case .lapsed: "presence.lapsed"
        case .left: "presence.left"
        case .gone: "presence.gone"
        case .gapOpened: "gap.opened"
        case .gapClosed: "gap.closed"
        }
    }

    /// Every type that there is, for the contract.
    static let types = [
        "session.created", "session.offered", "session.waiting", "session.fallback", "session.accepted",
        "session.declined", "session.offer_expired", "session.offer_withdrawn", "session.requeued",
        "session.transferred", "session.noted", "session.silent", "session.wrapping_up", "session.ended",
        "presence.present", "presence.lapsed", "presence.left", "presence.gone", "gap.opened", "gap.closed",
    ]

    private static func data(_ kind: DeskEvent.Kind) -> JSONValue {
        switch kind {
        case .created(let origin):
            [
                "chat_server": .string(origin.chatServer.rawValue), "id": .string(origin.externalID),
                "library": .string(origin.library?.rawValue), "language": DecisionJSON.language(of: origin),
                "languages": DecisionJSON.languages(of: origin),
                "note": origin.note.isEmpty ? nil : .string(origin.note),
            ]
        case .offered(let offers, let explanation):
            [
                "offers": .array(offers.map(DecisionJSON.offer)),
                "explanation": DecisionJSON.explanation(explanation),
            ]
        case .waiting(let ahead, let explanation):
            ["ahead": .integer(ahead), "explanation": DecisionJSON.explanation(explanation)]
        case .fallback(let rung): ["fallback": .string(rung?.rawValue)]
        case .accepted(let seat, let withdrawn):
            [
                "operator": .string(seat.operator.rawValue),
                "withdrawn_from": .array(withdrawn.map { .string($0.rawValue) }),
            ]
        case .offerWithdrawn(let reason): ["reason": .string(reason.rawValue)]
        case .requeued(let reason, let toFront): ["reason": .string(reason.rawValue), "to_front": .boolean(toFront)]
        case .transferred(let transfer): transferData(transfer)
        case .noted(let text): ["text": .string(text)]
        case .silent(let seconds): ["seconds": .integer(seconds)]
        case .wrappingUp(let until): ["until": .string(until.rfc3339)]
        case .ended(let outcome): ["outcome": .string(outcome.rawValue)]
        case .present(let presence): PresenceJSON.presence(presence)
        case .lapsed(let grace), .left(let grace): ["grace_until": .string(grace?.rfc3339)]
        case .gapOpened(let shift), .gapClosed(let shift):
            [
                "shift_from": .string(shift.lowerBound.rfc3339), "shift_until": .string(shift.upperBound.rfc3339),
            ]
        case .declined, .offerExpired, .gone: [:]
        }
    }

    private static func transferData(_ transfer: Transfer) -> JSONValue {
        switch transfer {
        case .toOperator(let id): ["to_operator": .string(id.rawValue)]
        case .toLibrary(let id): ["to_library": .string(id.rawValue)]
        case .toQueue(let id): ["to_queue": .string(id.rawValue)]
        }
    }
}

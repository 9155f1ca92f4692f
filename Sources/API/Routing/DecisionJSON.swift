import Coverage
import Routing

/// Sessions and what becomes of them, as clients read them.
enum DecisionJSON {
    /// A session with the policy page of the patron's library, which goes with offers and to whoever holds it.
    static func session(_ decision: Decision, page: JSONValue?) -> JSONValue {
        let origin = decision.origin
        var offers: [Offer] = []
        if case .offered(let made) = decision.standing { offers = made }
        return [
            "session": .integer(decision.number.rawValue), "id": .string(origin.externalID),
            "queue": .string(decision.queue.rawValue), "channel": .string(decision.channel.rawValue),
            "library": .string(origin.library?.rawValue), "language": language(of: origin),
            "languages": languages(of: origin),
            "note": origin.note.isEmpty ? nil : .string(origin.note),
            "created_at": .string(decision.createdAt.rfc3339), "state": .string(state(decision.standing)),
            "offers": offers.isEmpty ? nil : .array(offers.map(offer)),
            "operator": .string(seat(decision.standing)?.operator.rawValue),
            "ahead": ahead(decision.standing), "fallback": fallback(decision.standing),
            "outcome": outcome(decision.standing), "ended_at": endedAt(decision.standing),
            "wrap_up_until": wrapUpUntil(decision.standing), "expectation": expectation(decision.expectation),
            "alternatives": alternatives(decision.alternatives),
            "explanation": decision.explanation.map(explanation), "repeated": .boolean(decision.isRepeat),
            "policy_page": page,
        ]
    }

    static func language(of origin: Session.Origin) -> JSONValue? {
        .string(origin.languages.first ?? origin.language)
    }

    /// All languages, where there are several.
    static func languages(of origin: Session.Origin) -> JSONValue? {
        let all = origin.languages
        return all.count > 1 ? .array(all.map { .string($0) }) : nil
    }

    private static func state(_ standing: Standing) -> String {
        switch standing {
        case .offered: "offered"
        case .waiting: "waiting"
        case .fallback: "fallback"
        case .held: "held"
        case .wrappingUp: "wrapping_up"
        case .ended: "ended"
        }
    }

    private static func seat(_ standing: Standing) -> Seat? {
        switch standing {
        case .held(let seat), .wrappingUp(let seat, _): seat
        default: nil
        }
    }

    private static func ahead(_ standing: Standing) -> JSONValue? {
        switch standing {
        case .waiting(let ahead), .fallback(_, let ahead): .integer(ahead)
        default: nil
        }
    }

    private static func fallback(_ standing: Standing) -> JSONValue? {
        if case .fallback(let rung?, _) = standing { .string(rung.rawValue) } else { nil }
    }

    private static func outcome(_ standing: Standing) -> JSONValue? {
        if case .ended(let outcome, _) = standing { .string(outcome.rawValue) } else { nil }
    }

    private static func endedAt(_ standing: Standing) -> JSONValue? {
        if case .ended(_, let instant) = standing { .string(instant.rfc3339) } else { nil }
    }

    private static func wrapUpUntil(_ standing: Standing) -> JSONValue? {
        if case .wrappingUp(_, let until) = standing { .string(until.rfc3339) } else { nil }
    }

    static func offer(_ offer: Offer) -> JSONValue {
        [
            "operator": .string(offer.seat.operator.rawValue), "library": .string(offer.library.rawValue),
            "rung": .string(offer.rung.rawValue), "made_at": .string(offer.madeAt.rfc3339),
            "accept_by": .string(offer.acceptBy.rfc3339),
        ]
    }

    static func expectation(_ expectation: Expectation) -> JSONValue {
        switch expectation {
        case .withOperator: ["kind": "with_operator"]
        case .beingOffered(let acceptBy): ["kind": "being_offered", "accept_by": .string(acceptBy.rfc3339)]
        case .wait(let likely, let within):
            ["kind": "wait", "likely_seconds": .integer(likely), "within_seconds": .integer(within)]
        case .from(let instant): ["kind": "from", "at": .string(instant.rfc3339)]
        case .closed(let opensAt): ["kind": "closed", "at": .string(opensAt?.rfc3339)]
        case .answerBy(let instant): ["kind": "answer_by", "at": .string(instant.rfc3339)]
        case .unknown: ["kind": "unknown"]
        case .ended: ["kind": "ended"]
        }
    }

    static func alternatives(_ alternatives: Alternatives) -> JSONValue {
        [
            "email": alternatives.email.map { email in
                ["queue": .string(email.queue.rawValue), "due_by": .string(email.dueBy?.rfc3339)]
            },
            "phones": .array(
                alternatives.phones.map { phone in
                    [
                        "library": .string(phone.library.rawValue), "name": .string(phone.name),
                        "number": .string(phone.number), "open_until": .string(phone.openUntil.rfc3339),
                    ]
                }),
            "opens_at": .string(alternatives.opensAt?.rfc3339),
            "partner": alternatives.partner.map { ["name": .string($0.name), "contact": .string($0.contact)] },
        ]
    }

    static func explanation(_ explanation: Explanation) -> JSONValue {
        .array(
            explanation.rungs.map { finding in
                [
                    "rung": .string(finding.rung.rawValue), "state": .string(finding.state.rawValue),
                    "opens_at": .string(finding.opensAt.rfc3339), "present": .integer(finding.present),
                    "chosen": .array(finding.chosen.map { .string($0.rawValue) }),
                    "passed_over": .array(
                        finding.passedOver.map {
                            ["operator": .string($0.operator.rawValue), "reason": .string($0.reason.rawValue)]
                        }),
                ]
            })
    }
}

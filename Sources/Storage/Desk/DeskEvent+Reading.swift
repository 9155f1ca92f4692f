import Coverage
import Foundation
package import Routing

/// The details of a stored event are not what this program writes.
package struct UnreadableEvent: Error, CustomStringConvertible {
    package let name: String

    package var description: String {
        "a stored event of the kind “\(name)” cannot be read: was it written by a newer program?"
    }
}

extension DeskEvent.Kind {
    /// Reads what ``details`` has written.
    ///
    /// - Throws: ``UnreadableEvent``.
    package init(name: String, details: String) throws(UnreadableEvent) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let fields = try? decoder.decode(EventFields.self, from: Data(details.utf8)),
            let kind = fields.kind(named: name)
        else { throw UnreadableEvent(name: name) }
        self = kind
    }
}

/// Every member that some event's details have.
private struct EventFields: Decodable {
    var chatServer: ChatServer.ID?
    var externalId: String?
    var library: Library.ID?
    var language: String?
    var note: String?
    var offers: [OfferFields]?
    var rungs: [FindingFields]?
    var ahead: Int?
    var rung: String?
    var `operator`: Operator.ID?
    var seat: Int?
    var withdrawn: [Operator.ID]?
    var reason: String?
    var toFront: Bool?
    var toOperator: Operator.ID?
    var toLibrary: Library.ID?
    var toQueue: Queue.ID?
    var text: String?
    var seconds: Int?
    var from: Int64?
    var until: Int64?
    var outcome: String?
    var availability: String?
    var channels: [String]?
    var queues: [Queue.ID]?
    var seats: Int?
    var isWilling: Bool?
    var languages: [String]?

    struct OfferFields: Decodable {
        var `operator`: Operator.ID
        var seat: Int
        var library: Library.ID
        var rung: String
        var madeAt: Int64
        var acceptBy: Int64
    }

    struct FindingFields: Decodable {
        var rung: String
        var state: String
        var opensAt: Int64
        var present: Int
        var chosen: [Operator.ID]
        var passedOver: [PassedFields]
    }

    struct PassedFields: Decodable {
        var `operator`: Operator.ID
        var reason: String
    }

    func kind(named name: String) -> DeskEvent.Kind? {
        switch name {
        case "created": origin.map { .created($0) }
        case "offered": madeOffers.map { .offered($0, explanation) }
        case "waiting": ahead.map { .waiting(ahead: $0, explanation) }
        case "fallback": .fallback(rung.flatMap { Rung(rawValue: $0) })
        case "accepted": takenSeat.map { .accepted($0, withdrawn: withdrawn ?? []) }
        case "declined": .declined
        case "offer_expired": .offerExpired
        case "offer_withdrawn": reason.flatMap { DeskEvent.Withdrawal(rawValue: $0) }.map { .offerWithdrawn($0) }
        case "requeued":
            reason.flatMap { DeskEvent.Requeue(rawValue: $0) }.map { .requeued($0, toFront: toFront ?? false) }
        case "transferred": transfer.map { .transferred($0) }
        case "noted": text.map { .noted($0) }
        case "silent": seconds.map { .silent(seconds: $0) }
        case "wrapping_up": end.map { .wrappingUp(until: $0) }
        case "ended": outcome.flatMap { Outcome(rawValue: $0) }.map { .ended($0) }
        case "present": presence.map { .present($0) }
        case "lapsed": .lapsed(graceUntil: end)
        case "left": .left(graceUntil: end)
        case "gone": .gone
        case "gap_opened": shift.map { .gapOpened(shift: $0) }
        case "gap_closed": shift.map { .gapClosed(shift: $0) }
        default: nil
        }
    }

    private var origin: Session.Origin? {
        guard let chatServer, let externalId else { return nil }
        return .init(
            chatServer: chatServer, externalID: externalId, library: library, language: language, note: note ?? "")
    }

    private var madeOffers: [Offer]? {
        offers?.compactMap { fields in
            Rung(rawValue: fields.rung).map { rung in
                Offer(
                    seat: Seat(operator: fields.operator, number: fields.seat), library: fields.library, rung: rung,
                    madeAt: Instant(secondsSince1970: fields.madeAt),
                    acceptBy: Instant(secondsSince1970: fields.acceptBy))
            }
        }
    }

    private var explanation: Explanation {
        Explanation(
            rungs: (rungs ?? []).compactMap { fields in
                guard let rung = Rung(rawValue: fields.rung), let state = RungFinding.State(rawValue: fields.state)
                else { return nil }
                return RungFinding(
                    rung: rung, state: state, opensAt: Instant(secondsSince1970: fields.opensAt),
                    present: fields.present, chosen: fields.chosen,
                    passedOver: fields.passedOver.compactMap { passed in
                        PassedOver.Reason(rawValue: passed.reason).map {
                            PassedOver(operator: passed.operator, reason: $0)
                        }
                    })
            })
    }

    private var takenSeat: Seat? {
        guard let `operator`, let seat else { return nil }
        return Seat(operator: `operator`, number: seat)
    }

    private var transfer: Transfer? {
        toOperator.map { .toOperator($0) } ?? toLibrary.map { .toLibrary($0) } ?? toQueue.map { .toQueue($0) }
    }

    private var end: Instant? { until.map { Instant(secondsSince1970: $0) } }

    private var shift: Range<Instant>? {
        guard let from, let end, from <= end.secondsSince1970 else { return nil }
        return Instant(secondsSince1970: from)..<end
    }

    private var presence: Presence? {
        guard let `operator`, let availability = availability.flatMap({ Presence.Availability(rawValue: $0) }),
            let seats, let end
        else { return nil }
        return Presence(
            operator: `operator`, availability: availability,
            channels: Set((channels ?? []).compactMap { Queue.Channel(rawValue: $0) }), queues: queues.map { Set($0) },
            seats: seats, isWilling: isWilling ?? false, languages: Set(languages ?? []), leaseUntil: end)
    }
}

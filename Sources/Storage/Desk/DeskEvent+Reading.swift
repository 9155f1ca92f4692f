import Coverage
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
        guard let fields = try? EventFields(reading: details), let kind = fields.kind(named: name)
        else { throw UnreadableEvent(name: name) }
        self = kind
    }
}

/// Every member that some event's details have.
private struct EventFields {
    var chatServer: ChatServer.ID?
    var externalID: String?
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

    init(reading details: String) throws(DetailsReader.Fault) {
        var reader = DetailsReader(details)
        try reader.object { reader, name throws(DetailsReader.Fault) in
            if try !readText(name, &reader) { try readOther(name, &reader) }
        }
    }

    /// - Returns: Whether the member is a text, or several.
    private mutating func readText(_ name: String, _ reader: inout DetailsReader) throws(DetailsReader.Fault) -> Bool {
        switch name {
        case "chat_server": chatServer = ChatServer.ID(try reader.string())
        case "external_id": externalID = try reader.string()
        case "library": library = Library.ID(try reader.string())
        case "language": language = try reader.string()
        case "note": note = try reader.string()
        case "rung": rung = try reader.string()
        case "operator": self.operator = Operator.ID(try reader.string())
        case "withdrawn": withdrawn = try reader.operators()
        case "reason": reason = try reader.string()
        case "to_operator": toOperator = Operator.ID(try reader.string())
        case "to_library": toLibrary = Library.ID(try reader.string())
        case "to_queue": toQueue = Queue.ID(try reader.string())
        case "text": text = try reader.string()
        case "outcome": outcome = try reader.string()
        case "availability": availability = try reader.string()
        case "channels": channels = try reader.texts()
        case "queues": queues = try reader.texts().map { Queue.ID($0) }
        case "languages": languages = try reader.texts()
        default: return false
        }
        return true
    }

    private mutating func readOther(_ name: String, _ reader: inout DetailsReader) throws(DetailsReader.Fault) {
        switch name {
        case "offers":
            offers = try reader.array { reader throws(DetailsReader.Fault) in try OfferFields(&reader) }
        case "rungs":
            rungs = try reader.array { reader throws(DetailsReader.Fault) in try FindingFields(&reader) }
        case "ahead": ahead = Int(try reader.number())
        case "seat": seat = Int(try reader.number())
        case "to_front": toFront = try reader.boolean()
        case "seconds": seconds = Int(try reader.number())
        case "from": from = try reader.number()
        case "until": until = try reader.number()
        case "seats": seats = Int(try reader.number())
        case "is_willing": isWilling = try reader.boolean()
        // A newer program wrote it.
        default: try reader.skip()
        }
    }

    struct OfferFields {
        var `operator` = Operator.ID("")
        var seat = 0
        var library = Library.ID("")
        var rung = ""
        var madeAt: Int64 = 0
        var acceptBy: Int64 = 0

        init(_ reader: inout DetailsReader) throws(DetailsReader.Fault) {
            try reader.object { reader, name throws(DetailsReader.Fault) in
                switch name {
                case "operator": self.operator = Operator.ID(try reader.string())
                case "seat": seat = Int(try reader.number())
                case "library": library = Library.ID(try reader.string())
                case "rung": rung = try reader.string()
                case "made_at": madeAt = try reader.number()
                case "accept_by": acceptBy = try reader.number()
                default: try reader.skip()
                }
            }
        }
    }

    struct FindingFields {
        var rung = ""
        var state = ""
        var opensAt: Int64 = 0
        var present = 0
        var chosen: [Operator.ID] = []
        var passedOver: [PassedFields] = []

        init(_ reader: inout DetailsReader) throws(DetailsReader.Fault) {
            try reader.object { reader, name throws(DetailsReader.Fault) in
                switch name {
                case "rung": rung = try reader.string()
                case "state": state = try reader.string()
                case "opens_at": opensAt = try reader.number()
                case "present": present = Int(try reader.number())
                case "chosen": chosen = try reader.operators()
                case "passed_over":
                    passedOver = try reader.array { reader throws(DetailsReader.Fault) in try PassedFields(&reader) }
                default: try reader.skip()
                }
            }
        }
    }

    struct PassedFields {
        var `operator` = Operator.ID("")
        var reason = ""

        init(_ reader: inout DetailsReader) throws(DetailsReader.Fault) {
            try reader.object { reader, name throws(DetailsReader.Fault) in
                switch name {
                case "operator": self.operator = Operator.ID(try reader.string())
                case "reason": reason = try reader.string()
                default: try reader.skip()
                }
            }
        }
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
        guard let chatServer, let externalID else { return nil }
        return .init(
            chatServer: chatServer, externalID: externalID, library: library, language: language, note: note ?? "")
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

extension DetailsReader {
    fileprivate mutating func texts() throws(Fault) -> [String] {
        try array { reader throws(Fault) in try reader.string() }
    }

    fileprivate mutating func operators() throws(Fault) -> [Operator.ID] {
        try array { reader throws(Fault) in Operator.ID(try reader.string()) }
    }
}

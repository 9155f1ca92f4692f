import Coverage
package import Routing

extension DeskEvent.Kind {
    /// What belongs to the event, as JSON; ``init(name:details:)`` reads it.
    package var details: String {
        var writer = DetailsWriter()
        writer.object { write(into: &$0) }
        return writer.text
    }

    private func write(into writer: inout DetailsWriter) {
        switch self {
        case .created(let origin): writer.write(origin)
        case .offered(let offers, let explanation):
            writer.key("offers")
            writer.array(offers) { writer, offer in writer.write(offer) }
            writer.write(explanation)
        case .waiting(let ahead, let explanation):
            writer.member("ahead", ahead)
            writer.write(explanation)
        case .fallback(let rung): writer.member("rung", rung?.rawValue)
        case .accepted(let seat, let withdrawn):
            writer.member("operator", seat.operator.rawValue)
            writer.member("seat", seat.number)
            writer.key("withdrawn")
            writer.array(withdrawn) { writer, id in writer.string(id.rawValue) }
        case .declined, .offerExpired, .gone: break
        case .offerWithdrawn(let reason): writer.member("reason", reason.rawValue)
        case .requeued(let reason, let toFront):
            writer.member("reason", reason.rawValue)
            writer.member("to_front", toFront)
        case .transferred(let target): writer.write(target)
        case .noted(let text): writer.member("text", text)
        case .silent(let seconds): writer.member("seconds", seconds)
        case .wrappingUp(let until): writer.member("until", until)
        case .ended(let outcome): writer.member("outcome", outcome.rawValue)
        case .present(let presence): writer.write(presence)
        case .lapsed(let grace), .left(let grace): writer.member("until", grace)
        case .gapOpened(let shift), .gapClosed(let shift):
            writer.member("from", shift.lowerBound)
            writer.member("until", shift.upperBound)
        }
    }
}

extension DetailsWriter {
    fileprivate mutating func write(_ origin: Session.Origin) {
        member("chat_server", origin.chatServer.rawValue)
        member("external_id", origin.externalID)
        member("library", origin.library?.rawValue)
        member("language", origin.language)
        member("note", origin.note)
    }

    fileprivate mutating func write(_ offer: Offer) {
        object { writer in
            writer.member("operator", offer.seat.operator.rawValue)
            writer.member("seat", offer.seat.number)
            writer.member("library", offer.library.rawValue)
            writer.member("rung", offer.rung.rawValue)
            writer.member("made_at", offer.madeAt)
            writer.member("accept_by", offer.acceptBy)
        }
    }

    fileprivate mutating func write(_ explanation: Explanation) {
        key("rungs")
        array(explanation.rungs) { writer, finding in
            writer.object { writer in
                writer.member("rung", finding.rung.rawValue)
                writer.member("state", finding.state.rawValue)
                writer.member("opens_at", finding.opensAt)
                writer.member("present", finding.present)
                writer.key("chosen")
                writer.array(finding.chosen) { writer, id in writer.string(id.rawValue) }
                writer.key("passed_over")
                writer.array(finding.passedOver) { writer, passed in
                    writer.object { writer in
                        writer.member("operator", passed.operator.rawValue)
                        writer.member("reason", passed.reason.rawValue)
                    }
                }
            }
        }
    }

    fileprivate mutating func write(_ target: Transfer) {
        switch target {
        case .toOperator(let id): member("to_operator", id.rawValue)
        case .toLibrary(let id): member("to_library", id.rawValue)
        case .toQueue(let id): member("to_queue", id.rawValue)
        }
    }

    fileprivate mutating func write(_ presence: Presence) {
        member("operator", presence.operator.rawValue)
        member("availability", presence.availability.rawValue)
        key("channels")
        array(presence.channels.map(\.rawValue).sorted()) { writer, channel in writer.string(channel) }
        if let queues = presence.queues {
            key("queues")
            array(queues.sorted()) { writer, queue in writer.string(queue.rawValue) }
        }
        member("seats", presence.seats)
        member("is_willing", presence.isWilling)
        key("languages")
        array(presence.languages.sorted()) { writer, language in writer.string(language) }
        member("until", presence.leaseUntil)
    }
}

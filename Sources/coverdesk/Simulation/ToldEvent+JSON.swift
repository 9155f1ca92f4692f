import API
import ChatSimulation
import Coverage

extension ToldEvent {
    /// An event as the stream and trails tell it; nil where it is none.
    init?(_ json: JSONValue) {
        guard let number = json["event"]?.integer, let type = json["type"]?.text else { return nil }
        self.init(
            number: number, kind: Kind(type, json["data"]), session: json["session"]?.integer,
            operator: json["operator"]?.text.map { Operator.ID($0) }, queue: json["queue"]?.text.map { Queue.ID($0) })
    }
}

extension ToldEvent.Kind {
    fileprivate init(_ type: String, _ data: JSONValue?) {
        switch type {
        case "session.created": self = .created(id: data?["id"]?.text ?? "")
        case "session.offered":
            let offers = data?["offers"]?.array ?? []
            self = .offered(to: offers.compactMap { $0["operator"]?.text.map { Operator.ID($0) } })
        case "session.accepted": self = .accepted
        case "session.declined": self = .declined
        case "session.offer_expired": self = .expired
        case "session.offer_withdrawn": self = .withdrawn
        case "session.requeued": self = .requeued
        case "session.transferred": self = .transferred(to: data?["to_queue"]?.text.map { Queue.ID($0) })
        case "session.noted": self = .noted(data?["text"]?.text ?? "")
        case "session.silent": self = .silent
        case "session.wrapping_up": self = .wrappingUp
        case "session.ended": self = .ended(outcome: data?["outcome"]?.text ?? "")
        case "presence.present": self = .present
        case "presence.lapsed": self = .lapsed
        case "presence.left": self = .left
        case "presence.gone": self = .gone
        case "gap.opened": self = .gapOpened
        case "gap.closed": self = .gapClosed
        default: self = .other
        }
    }
}

package import Coverage
package import Routing

/// What must be so after a history of events, told by the events alone and with none of the desk's code.
package struct DeskModel {
    package enum Stand: Hashable {
        case inLine
        case held(Operator.ID)
    }

    package struct Broken: Error, CustomStringConvertible {
        package let description: String
    }

    package private(set) var stands: [Session.Number: Stand] = [:]
    package private(set) var offers: [Session.Number: Set<Operator.ID>] = [:]
    package private(set) var ended: Set<Session.Number> = []
    package private(set) var present: Set<Operator.ID> = []
    package private(set) var lastEvent: Int64 = 0

    package init() {}

    package mutating func take(_ event: DeskEvent) throws(Broken) {
        try expect(event.number == lastEvent + 1, "event \(event.number) follows \(lastEvent)")
        lastEvent = event.number
        if let number = event.session {
            try takeSession(event, number)
        } else if let id = event.operator {
            switch event.kind {
            case .present: present.insert(id)
            case .lapsed(let grace), .left(let grace):
                if grace == nil { try depart(id, event) }
            case .gone: try depart(id, event)
            default: break
            }
        }
    }

    private mutating func depart(_ id: Operator.ID, _ event: DeskEvent) throws(Broken) {
        present.remove(id)
        try expect(!stands.values.contains(.held(id)), "\(id) is gone with a session in hand at \(event)")
    }

    private mutating func takeSession(_ event: DeskEvent, _ number: Session.Number) throws(Broken) {
        if case .created = event.kind {
            try expect(stands[number] == nil && !ended.contains(number), "\(number) is created twice")
            stands[number] = .inLine
            offers[number] = []
            return
        }
        guard let stand = stands[number] else { throw Broken(description: "\(event) of no live session") }
        switch event.kind {
        case .offered(let made, _):
            try expect(stand == .inLine, "\(number) is offered while it is held")
            for offer in made {
                let isNew = offers[number, default: []].insert(offer.seat.operator).inserted
                try expect(isNew, "\(number) is offered twice to \(offer.seat.operator)")
            }
        case .accepted(let seat, let withdrawn):
            try expect(stand == .inLine, "\(number) is accepted twice")
            let open = offers[number] ?? []
            try expect(open == Set(withdrawn).union([seat.operator]), "\(event) does not end the offers \(open)")
            offers[number] = []
            stands[number] = .held(seat.operator)
        case .declined, .offerExpired, .offerWithdrawn:
            let id = event.operator.flatMap { offers[number]?.remove($0) }
            try expect(id != nil, "\(event) of no open offer")
        case .requeued:
            try expect(stand == event.operator.map { .held($0) }, "\(event) of \(stand)")
            stands[number] = .inLine
        case .transferred:
            try expect(offers[number]?.isEmpty == true, "\(number) is transferred with open offers")
            stands[number] = .inLine
        case .ended:
            try expect(offers[number]?.isEmpty == true, "\(number) ended with open offers")
            stands[number] = nil
            offers[number] = nil
            ended.insert(number)
        default: break
        }
    }

    /// Compares the desk with what the events have told.
    package func check(_ desk: LiveDesk) throws(Broken) {
        try expect(Set(desk.sessions.keys) == Set(stands.keys), "the live sessions differ")
        try expect(Set(desk.present.keys) == present, "the present operators differ")
        var claims: [Session.Number: [SeatClaim.Kind: Set<Operator.ID>]] = [:]
        for (id, standing) in desk.present {
            try expect(
                standing.seats.dropFirst(standing.presence.seats).allSatisfy { $0?.kind != .offered },
                "\(id) is offered more than the seats")
            for claim in standing.seats.compactMap(\.self) {
                let isNew = claims[claim.session, default: [:]][claim.kind, default: []].insert(id).inserted
                try expect(isNew, "\(id) has \(claim.session) in two seats")
            }
        }
        for (number, session) in desk.sessions {
            try expect(
                claims[number]?[.offered] ?? [] == offers[number], "the offers of \(number) and the seats differ")
            try expect(Set(session.offers.map(\.seat.operator)) == offers[number], "the offers of \(number) differ")
            let holder = session.seat.map { Stand.held($0.operator) } ?? .inLine
            try expect(
                holder == stands[number], "\(number) is \(holder), by its events \(String(describing: stands[number]))")
            try expect(
                claims[number]?[.held] ?? [] == Set(session.seat.map { [$0.operator] } ?? []),
                "the seats do not hold \(number) as it says")
        }
        try expect(Set(claims.keys).isSubset(of: Set(stands.keys)), "a seat holds a session that has ended")
    }

    private func expect(_ isTrue: Bool, _ what: @autoclosure () -> String) throws(Broken) {
        if !isTrue { throw Broken(description: what()) }
    }
}

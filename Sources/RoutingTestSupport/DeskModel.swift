import Coverage
package import Routing

/// What must be so after a history of events, told by the events alone: see `EventLogCheck`.
package struct DeskModel {
    package struct Broken: Error, CustomStringConvertible {
        package let description: String
    }

    package private(set) var log = EventLogCheck()

    package init() {}

    package mutating func take(_ event: DeskEvent) throws(Broken) {
        log.take(event)
        if let fault = log.faults.first { throw Broken(description: fault.description) }
    }

    /// Compares the desk with what the events have told.
    package func check(_ desk: LiveDesk) throws(Broken) {
        try expect(Set(desk.sessions.keys) == Set(log.stands.keys), "the live sessions differ")
        try expect(Set(desk.present.keys) == log.present, "the present operators differ")
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
            let offers = log.offers[number] ?? [:]
            try expect(
                claims[number]?[.offered] ?? [] == Set(offers.keys), "the offers of \(number) and the seats differ")
            try expect(Set(session.offers) == Set(offers.values), "the offers of \(number) differ")
            let stand = session.seat.map { EventLogCheck.Stand.held($0) } ?? .inLine
            try expect(
                stand == log.stands[number],
                "\(number) is \(stand), by its events \(String(describing: log.stands[number]))")
            try expect(
                claims[number]?[.held] ?? [] == Set(session.seat.map { [$0.operator] } ?? []),
                "the seats do not hold \(number) as it says")
        }
        try expect(Set(claims.keys).isSubset(of: Set(log.stands.keys)), "a seat holds a session that has ended")
    }

    private func expect(_ isTrue: Bool, _ what: @autoclosure () -> String) throws(Broken) {
        if !isTrue { throw Broken(description: what()) }
    }
}

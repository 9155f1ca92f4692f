package import Coverage

/// Looks for broken invariants in a consortium's event log, knowing the events alone and none of the desk's code.
///
/// It goes on after a fault, and takes what the event says for true from then on, so that one fault is told once.
package struct EventLogCheck: Sendable {
    /// Where a session is.
    package enum Stand: Hashable, Sendable {
        case inLine
        case held(Seat)
    }

    /// What was done to a session, to compare with what clients were told.
    package struct Story: Hashable, Sendable {
        package var creation: RequestKey?
        package var acceptedBy: Set<Operator.ID> = []
        package var declinedBy: Set<Operator.ID> = []
        package var requeues = 0
        package var transfers: [Transfer: Int] = [:]
        package var notes: [String: Int] = [:]
        package var isWrappedUp = false
        package var outcome: Outcome?
    }

    /// An operator by the events.
    struct Standing: Hashable, Sendable {
        /// As the operator said last.
        var seats: Int
        /// By the seat's number.
        var claims: [Int: Session.Number] = [:]
        /// Whether the operator is gone with sessions in hand, or about to be.
        var isLeaving = false
    }

    /// Faults beyond these are counted alone.
    private static let toldFaults = 1000

    /// The first ones, in their order.
    package private(set) var faults: [LogFault] = []
    package private(set) var faultCount = 0
    package private(set) var lastEvent: Int64 = 0
    private var lastAt: Instant?
    private var lastSession: Int64 = 0
    /// Sessions that have not ended.
    package private(set) var stands: [Session.Number: Stand] = [:]
    /// Open offers, of sessions that have not ended.
    package private(set) var offers: [Session.Number: [Operator.ID: Offer]] = [:]
    /// Everything that has happened to every session.
    package private(set) var stories: [Session.Number: Story] = [:]
    private(set) var standings: [Operator.ID: Standing] = [:]
    private var creations: [RequestKey: Session.Number] = [:]
    /// Sessions that were created, but nobody was asked and no place in line was told.
    private var unsettled: Set<Session.Number> = []

    package init() {}

    /// Operators who are present, those included whose grace period runs.
    package var present: Set<Operator.ID> { Set(standings.keys) }

    /// The session that a key has created.
    package func session(createdBy key: RequestKey) -> Session.Number? { creations[key] }

    package mutating func note(_ fault: LogFault) {
        faultCount += 1
        if faults.count < Self.toldFaults { faults.append(fault) }
    }

    private mutating func expect(
        _ isTrue: Bool, _ rule: LogFault.Rule, _ event: DeskEvent, _ text: @autoclosure () -> String
    ) {
        if !isTrue { note(LogFault(rule, event: event.number, text())) }
    }

    /// Takes the next event.
    package mutating func take(_ event: DeskEvent) {
        let last = (number: lastEvent, at: lastAt ?? event.at)
        expect(event.number == last.number + 1, .eventGap, event, "it follows event \(last.number)")
        expect(
            event.at >= last.at, .timeWentBack, event,
            "it is of \(event.at.secondsSince1970), the one before of \(last.at.secondsSince1970)")
        lastEvent = event.number
        lastAt = event.at
        if let number = event.session {
            takeSession(event, number)
        } else if let id = event.operator {
            takePresence(event, id)
        }
    }

    /// Looks for what must not be so once nothing more has happened.
    package mutating func finish() {
        for number in unsettled.sorted() {
            note(LogFault(.stuck, "session \(number) was created, and neither offered nor told to wait"))
        }
        // Whatever was due at the time of a batch has happened in it.
        for (number, open) in offers.sorted(by: { $0.key < $1.key }) {
            for offer in open.values where lastAt.map({ offer.acceptBy <= $0 }) ?? false {
                note(
                    LogFault(
                        .stuck, "the offer of session \(number) to \(offer.seat.operator) ran out and has not ended"))
            }
        }
    }

    // MARK: Presence

    private mutating func takePresence(_ event: DeskEvent, _ id: Operator.ID) {
        switch event.kind {
        case .present(let presence):
            standings[id, default: Standing(seats: 0)].seats = presence.seats
            standings[id]?.isLeaving = false
        case .lapsed(let grace), .left(let grace):
            expect(standings[id] != nil, .notPresent, event, "\(id) leaves and was not present")
            // Offers to whoever leaves are withdrawn behind this event.
            standings[id]?.isLeaving = true
            if grace == nil { depart(id, event) }
        case .gone: depart(id, event)
        default: break
        }
    }

    private mutating func depart(_ id: Operator.ID, _ event: DeskEvent) {
        let held = (standings[id]?.claims ?? [:]).values.filter { number in
            if case .held(let seat)? = stands[number] { seat.operator == id } else { false }
        }
        expect(held.isEmpty, .notPresent, event, "\(id) is gone with session \(held.min()?.description ?? "") in hand")
        standings[id] = nil
    }

    // MARK: Sessions

    private mutating func takeSession(_ event: DeskEvent, _ number: Session.Number) {
        if case .created(let origin) = event.kind { return create(origin, number, event) }
        guard let stand = stands[number] else {
            let isEnded = stories[number]?.outcome != nil
            return note(
                LogFault(
                    .noLiveSession, event: event.number,
                    "\(event.kind.name) of session \(number), which \(isEnded ? "has ended" : "was never created")"))
        }
        switch event.kind {
        case .offered(let made, _): offer(made, of: number, stand, event)
        case .accepted(let seat, let withdrawn): accept(seat, withdrawing: withdrawn, of: number, stand, event)
        case .declined, .offerExpired, .offerWithdrawn: endOffer(of: number, event)
        case .requeued(let reason, _):
            expectHolder(of: number, stand, event)
            if reason == .asked { stories[number]?.requeues += 1 }
            putInLine(number)
        case .transferred(let target):
            expectNoOffers(of: number, event)
            stories[number]?.transfers[target, default: 0] += 1
            putInLine(number)
        case .waiting:
            expect(stand == .inLine, .twoOperators, event, "session \(number) is told to wait while somebody has it")
            unsettled.remove(number)
        case .noted(let text): stories[number]?.notes[text, default: 0] += 1
        case .silent: expectHolder(of: number, stand, event)
        case .wrappingUp:
            expectHolder(of: number, stand, event)
            stories[number]?.isWrappedUp = true
        case .ended(let outcome): end(number, outcome, event)
        default: break
        }
    }

    private mutating func create(_ origin: Session.Origin, _ number: Session.Number, _ event: DeskEvent) {
        let key = RequestKey(chatServer: origin.chatServer, text: origin.externalID)
        let last = lastSession
        expect(
            number.rawValue == last + 1, .sessionGap, event, "session \(number) is created after session \(last)")
        if let other = creations[key] {
            expect(
                false, .keyTwice, event,
                "“\(key.text)” of \(key.chatServer) creates session \(number) and had created session \(other)")
        }
        lastSession = max(lastSession, number.rawValue)
        creations[key] = number
        stands[number] = .inLine
        offers[number] = [:]
        stories[number, default: Story()].creation = key
        unsettled.insert(number)
    }

    private mutating func putInLine(_ number: Session.Number) {
        freeSeat(of: number)
        stands[number] = .inLine
    }

    private mutating func end(_ number: Session.Number, _ outcome: Outcome, _ event: DeskEvent) {
        expectNoOffers(of: number, event)
        freeSeat(of: number)
        stands[number] = nil
        offers[number] = nil
        unsettled.remove(number)
        stories[number]?.outcome = outcome
    }

    private mutating func freeSeat(of number: Session.Number) {
        if case .held(let seat)? = stands[number] { free(seat, of: number) }
    }

    private mutating func free(_ seat: Seat, of number: Session.Number) {
        if standings[seat.operator]?.claims[seat.number] == number {
            standings[seat.operator]?.claims[seat.number] = nil
        }
    }

    private mutating func expectHolder(of number: Session.Number, _ stand: Stand, _ event: DeskEvent) {
        guard case .held(let seat) = stand, seat.operator == event.operator else {
            return note(
                LogFault(
                    .notTheHolder, event: event.number,
                    "\(event.kind.name) of session \(number) by \(event.operator?.rawValue ?? "nobody"), \(stand.words)"
                ))
        }
    }

    private mutating func expectNoOffers(of number: Session.Number, _ event: DeskEvent) {
        for offer in (offers[number] ?? [:]).values {
            note(
                LogFault(
                    .offerLeftOpen, event: event.number,
                    "\(event.kind.name) of session \(number) leaves the offer to \(offer.seat.operator) open"))
            free(offer.seat, of: number)
        }
        offers[number] = [:]
    }

    // MARK: Offers

    private mutating func offer(_ made: [Offer], of number: Session.Number, _ stand: Stand, _ event: DeskEvent) {
        unsettled.remove(number)
        expect(
            stand == .inLine, .twoOperators, event, "session \(number) is offered, \(stand.words)")
        for offer in made {
            let id = offer.seat.operator
            expect(
                offers[number]?[id] == nil, .offerEndsTwice, event,
                "session \(number) is offered to \(id) once more while the last offer is open")
            offers[number]?[id] = offer
            guard let standing = standings[id], !standing.isLeaving else {
                expect(false, .notPresent, event, "session \(number) is offered to \(id), who is not present")
                continue
            }
            if let other = standing.claims[offer.seat.number] {
                expect(
                    false, .moreThanSeats, event,
                    "session \(number) is offered to seat \(offer.seat.number) of \(id), which has session \(other)")
            }
            standings[id]?.claims[offer.seat.number] = number
            let count = standings[id]?.claims.count ?? 0
            expect(
                count <= standing.seats && offer.seat.number <= standing.seats, .moreThanSeats, event,
                "\(id) has \(count) sessions, the last in seat \(offer.seat.number), with \(standing.seats) seats")
        }
    }

    private mutating func accept(
        _ seat: Seat, withdrawing withdrawn: [Operator.ID], of number: Session.Number, _ stand: Stand,
        _ event: DeskEvent
    ) {
        expect(
            stand == .inLine, .twoOperators, event, "session \(number) is accepted by \(seat.operator), \(stand.words)")
        freeSeat(of: number)
        let open = offers[number] ?? [:]
        let taken = open[seat.operator]
        expect(
            taken?.seat == seat, .offerEndsTwice, event,
            "session \(number) is accepted by \(seat.operator), to whom that seat is not offered")
        if let taken {
            expect(
                event.at < taken.acceptBy, .offerTime, event,
                "session \(number) is accepted by \(seat.operator) after the offer's time")
        }
        for id in withdrawn where open[id] == nil {
            expect(
                false, .offerEndsTwice, event, "an offer of session \(number) to \(id) is withdrawn that is not open")
        }
        for (id, offer) in open where id != seat.operator {
            expect(
                withdrawn.contains(id), .offerLeftOpen, event,
                "session \(number) is accepted by \(seat.operator), and the offer to \(id) is left open")
            free(offer.seat, of: number)
        }
        offers[number] = [:]
        stands[number] = .held(seat)
        standings[seat.operator]?.claims[seat.number] = number
        stories[number]?.acceptedBy.insert(seat.operator)
    }

    private mutating func endOffer(of number: Session.Number, _ event: DeskEvent) {
        guard let id = event.operator, let offer = offers[number]?.removeValue(forKey: id) else {
            return note(
                LogFault(
                    .offerEndsTwice, event: event.number,
                    "\(event.kind.name) of session \(number) by \(event.operator?.rawValue ?? "nobody"): it is not open"
                ))
        }
        if case .offerExpired = event.kind {
            expect(
                event.at >= offer.acceptBy, .offerTime, event, "the offer of session \(number) to \(id) expires early")
        }
        if case .declined = event.kind { stories[number]?.declinedBy.insert(id) }
        free(offer.seat, of: number)
    }
}

extension EventLogCheck.Stand {
    /// To go behind a comma.
    fileprivate var words: String {
        switch self {
        case .inLine: "which is in line"
        case .held(let seat): "which is with \(seat.operator)"
        }
    }
}

import Coverage

extension LiveDesk {
    /// Decides a request at the time last told to ``advance(to:)``.
    ///
    /// - Parameters:
    ///   - request: What is asked.
    ///   - past: The ended sessions that the request names, by number or by the key of their creation.
    /// - Returns: What was decided.
    /// - Throws: Why not; nothing was changed then.
    /// - Complexity: O(log present operators) for what chat servers ask often; the length of the line for a place in
    ///   its middle.
    package mutating func perform(_ request: DeskRequest, known past: KnownPast = KnownPast()) throws(DeskRefusal)
        -> DeskAnswer
    {
        switch request {
        case .create(let new): .session(try create(new, past))
        case .accept(let number, let id): .session(try accept(number, by: id, past))
        case .decline(let number, let id): .session(try decline(number, by: id, past))
        case .requeue(let number, let id, let toFront):
            .session(try requeue(number, by: id, toFront: toFront, past))
        case .transfer(let number, let target, let id): .session(try transfer(number, to: target, by: id, past))
        case .note(let number, let text, let id): .session(try note(number, text, by: id, past))
        case .activity(let number, let id): .session(try activity(number, by: id, past))
        case .wrapUp(let number, let id): .session(try wrapUp(number, by: id, past))
        case .end(let number, let outcome, let id): .session(try end(number, outcome, by: id, past))
        case .setPresence(let presence): .presence(try setPresence(presence))
        case .renewPresence(let id, let seconds): .presence(try renewPresence(id, leaseSeconds: seconds))
        case .leave(let id): .left(held: leave(id))
        }
    }

    /// A session as it stands, without asking anything of it.
    ///
    /// - Throws: ``DeskRefusal/unknownSession(_:)``.
    package mutating func decision(
        on number: Session.Number, known past: KnownPast = KnownPast(), isRepeat: Bool = false,
        explanation: Explanation? = nil
    ) throws(DeskRefusal) -> Decision {
        if let session = sessions[number] {
            return decision(on: session, explanation: explanation, isRepeat: isRepeat)
        }
        guard let ended = past.ended[number] else { throw .unknownSession(number) }
        return Decision(ended, channel: book.queues[ended.queue]?.queue.channel ?? .chat, isRepeat: isRepeat)
    }

    // MARK: Creating

    private mutating func create(_ new: NewSession, _ past: KnownPast) throws(DeskRefusal) -> Decision {
        try check(new)
        let key = RequestKey(chatServer: new.origin.chatServer, text: new.origin.externalID)
        if let number = creations[key], let session = sessions[number] {
            guard session.origin == new.origin else { throw .keyUsedBefore(key.text) }
            return decision(on: session, isRepeat: true)
        }
        if let ended = past.created(with: key) {
            guard ended.origin == new.origin else { throw .keyUsedBefore(key.text) }
            return Decision(ended, channel: new.channel, isRepeat: true)
        }
        return begin(new, key)
    }

    private mutating func begin(_ new: NewSession, _ key: RequestKey) -> Decision {
        lastSession += 1
        let number = Session.Number(rawValue: lastSession)
        noteChange(of: number)
        let session = Session(
            number: number, origin: new.origin, queue: new.queue, createdAt: now,
            stand: .waiting(.init(isFront: false, since: now)), activeAt: now)
        sessions[number] = session
        creations[key] = number
        joinLines(session)
        changes.creations.append(.init(number: number, origin: new.origin, queue: new.queue, at: now))
        tell(.created(new.origin), session: number)
        return settle(number)
    }

    private func check(_ new: NewSession) throws(DeskRefusal) {
        guard let entry = book.queues[new.queue] else { throw .unknownQueue(new.queue) }
        guard entry.queue.channel == new.channel else { throw .wrongChannel(new.queue, new.channel) }
        if let library = new.origin.library, book.libraries[library] == nil { throw .unknownLibrary(library) }
        try TextBounds.key.check(new.origin.externalID, "external_id")
        if let language = new.origin.language { try TextBounds.languages.check(language, "language") }
        try TextBounds.note.check(new.origin.note, "note")
    }

    /// Looks for an operator, and tells what came of it.
    private mutating func settle(_ number: Session.Number) -> Decision {
        let explanation = look(for: number) ?? Explanation()
        if let session = sessions[number], session.offers.isEmpty, session.place != nil {
            tell(.waiting(ahead: ahead(of: session), explanation), session: number)
        } else {
            tellOffers(of: number, explanation)
        }
        guard let session = sessions[number] else { preconditionFailure("a session ends only by being ended") }
        return decision(on: session, explanation: explanation)
    }

    // MARK: Offers

    private mutating func accept(_ number: Session.Number, by id: Operator.ID, _ past: KnownPast) throws(DeskRefusal)
        -> Decision
    {
        let session = try live(number, past)
        if let seat = session.seat {
            guard seat.operator == id else { throw .alreadyTaken(number) }
            return decision(on: session, isRepeat: true)
        }
        guard let offer = session.offers.first(where: { $0.seat.operator == id }), let slot = slotNumbers[id] else {
            throw slotNumbers[id] == nil ? .notPresent(id) : .notOffered(number, id)
        }
        learnPatience(of: session)
        let withdrawn = withdrawOffers(of: number, except: id)
        let now = now
        move(number) { session in
            session.stand = .held(offer.seat)
            session.heldSince = now
            session.offers = []
            session.passed = [:]
            session.wish = nil
            session.activeAt = now
            session.checkedBackAt = nil
        }
        updateSeats(of: slot) { $0.seats[offer.seat.number - 1]?.kind = .held }
        tell(.accepted(offer.seat, withdrawn: withdrawn), session: number, operator: id)
        scheduleSession(number)
        for other in withdrawn { findWork(for: other) }
        return try decision(on: number)
    }

    private mutating func decline(_ number: Session.Number, by id: Operator.ID, _ past: KnownPast) throws(DeskRefusal)
        -> Decision
    {
        let session = try live(number, past)
        guard let offer = session.offers.first(where: { $0.seat.operator == id }) else {
            // Declined before: the same again changes nothing.
            if session.passed[id]?.reason == .declined { return decision(on: session, isRepeat: true) }
            throw .notOffered(number, id)
        }
        pass(number, offer, because: .declined)
        tell(.declined, session: number, operator: id)
        let answer = settle(number)
        findWork(for: id)
        return answer
    }

    /// Takes an offer off a session, and does not ask the operator again for a while.
    mutating func pass(_ number: Session.Number, _ offer: Offer, because reason: PassedOver.Reason) {
        let until = now.advanced(bySeconds: askAgainSeconds(number))
        move(number) { session in
            session.offers.removeAll { $0.seat == offer.seat }
            session.passed[offer.seat.operator] = .init(reason: reason, until: until)
            if session.wish?.target == .toOperator(offer.seat.operator) { session.wish = nil }
        }
        free(offer.seat)
    }

    private func askAgainSeconds(_ number: Session.Number) -> Int64 {
        Int64(sessions[number].flatMap { book.queues[$0.queue]?.routing.askAgainSeconds } ?? 60)
    }

    // MARK: What an operator has

    private mutating func requeue(
        _ number: Session.Number, by id: Operator.ID?, toFront: Bool, _ past: KnownPast
    ) throws(DeskRefusal) -> Decision {
        let session = try held(number, by: id, past)
        backToLine(session, toFront: toFront, because: .asked)
        let answer = settle(number)
        if let seat = session.seat { findWork(for: seat.operator) }
        return answer
    }

    /// Takes a session from its operator and puts it into the line.
    mutating func backToLine(_ session: Session, toFront: Bool, because reason: DeskEvent.Requeue) {
        guard let seat = session.seat else { return }
        let place = Session.Place(isFront: toFront, since: toFront ? session.createdAt : now)
        let until = now.advanced(bySeconds: askAgainSeconds(session.number))
        move(session.number) { session in
            session.stand = .waiting(place)
            session.heldSince = nil
            session.passed[seat.operator] = .init(reason: .handedOn, until: until)
            session.fallbacks = []
        }
        free(seat)
        tell(.requeued(reason, toFront: toFront), session: session.number, operator: seat.operator)
    }

    private mutating func transfer(
        _ number: Session.Number, to target: Transfer, by id: Operator.ID?, _ past: KnownPast
    ) throws(DeskRefusal) -> Decision {
        let session = try live(number, past)
        if let id, let seat = session.seat, seat.operator != id { throw .notYours(number, id) }
        let goal = try goal(of: target, for: session)
        let freed =
            withdrawOffers(of: number, because: .sessionTransferred) + (session.seat.map { [$0.operator] } ?? [])
        move(number) { moved in
            moved.queue = goal.queue
            moved.stand = .waiting(.init(isFront: goal.isSameChannel, since: session.createdAt))
            moved.heldSince = nil
            moved.passed = [:]
            moved.wish = goal.wish
            moved.fallbacks = []
            moved.checkedBackAt = nil
        }
        if let seat = session.seat {
            let until = now.advanced(bySeconds: askAgainSeconds(number))
            update(number) { $0.passed[seat.operator] = .init(reason: .handedOn, until: until) }
            free(seat)
        }
        tell(.transferred(target), session: number, operator: session.seat?.operator ?? id)
        let answer = settle(number)
        for other in freed { findWork(for: other) }
        return answer
    }

    private struct Goal {
        var queue: Queue.ID
        var isSameChannel: Bool
        var wish: Session.Wish?
    }

    private func goal(of target: Transfer, for session: Session) throws(DeskRefusal) -> Goal {
        let seconds = book.queues[session.queue]?.routing.acceptSeconds ?? 30
        let until = now.advanced(bySeconds: Int64(seconds))
        switch target {
        case .toOperator(let id):
            guard book.operators[id] != nil else { throw .unknownOperator(id) }
            guard let slot = slotNumbers[id], slots[slot].standing.graceUntil == nil else { throw .notPresent(id) }
            guard book.canAnswer(id, session.queue) else { throw .lacksSkill(id, session.queue) }
            return Goal(queue: session.queue, isSameChannel: true, wish: .init(target: .toOperator(id), until: until))
        case .toLibrary(let id):
            guard book.libraries[id] != nil else { throw .unknownLibrary(id) }
            return Goal(queue: session.queue, isSameChannel: true, wish: .init(target: .toLibrary(id), until: until))
        case .toQueue(let id):
            guard let entry = book.queues[id] else { throw .unknownQueue(id) }
            return Goal(
                queue: id, isSameChannel: entry.queue.channel == book.queues[session.queue]?.queue.channel, wish: nil)
        }
    }

    private mutating func note(
        _ number: Session.Number, _ text: String, by id: Operator.ID?, _ past: KnownPast
    ) throws(DeskRefusal) -> Decision {
        let session = try live(number, past)
        try TextBounds.note.check(text, "text")
        if let id, session.seat?.operator == id { markActive(number) }
        tell(.noted(text), session: number, operator: id)
        return try decision(on: number)
    }

    private mutating func activity(
        _ number: Session.Number, by id: Operator.ID, _ past: KnownPast
    ) throws(DeskRefusal) -> Decision {
        let session = try live(number, past)
        guard session.seat?.operator == id else { throw .notYours(number, id) }
        markActive(number)
        return try decision(on: number)
    }

    private mutating func markActive(_ number: Session.Number) {
        let now = now
        update(number) { session in
            session.activeAt = now
            session.checkedBackAt = nil
        }
    }

    private mutating func wrapUp(_ number: Session.Number, by id: Operator.ID?, _ past: KnownPast) throws(DeskRefusal)
        -> Decision
    {
        let session = try held(number, by: id, past)
        guard case .held(let seat) = session.stand else { return decision(on: session, isRepeat: true) }
        let seconds = book.queues[session.queue]?.routing.wrapUpSeconds ?? 120
        let until = now.advanced(bySeconds: Int64(seconds))
        update(number) { $0.stand = .wrappingUp(seat, until: until) }
        tell(.wrappingUp(until: until), session: number, operator: seat.operator)
        scheduleSession(number)
        return try decision(on: number)
    }

    private mutating func end(
        _ number: Session.Number, _ outcome: Outcome, by id: Operator.ID?, _ past: KnownPast
    ) throws(DeskRefusal) -> Decision {
        if sessions[number] == nil, let ended = past.ended[number], ended.outcome == outcome {
            return try decision(on: number, known: past, isRepeat: true)
        }
        let session = try live(number, past)
        if let id, let seat = session.seat, seat.operator != id { throw .notYours(number, id) }
        finish(session, outcome)
        return Decision(
            KnownPast.Ended(
                number: number, origin: session.origin, queue: session.queue, createdAt: session.createdAt,
                outcome: outcome, endedAt: now), channel: book.queues[session.queue]?.queue.channel ?? .chat)
    }

    /// Ends a session, and gives what it held to others.
    mutating func finish(_ session: Session, _ outcome: Outcome) {
        let number = session.number
        let freed = withdrawOffers(of: number, because: .sessionEnded) + (session.seat.map { [$0.operator] } ?? [])
        noteChange(of: number)
        if let left = sessions[number] { leaveLines(left) }
        tell(.ended(outcome), session: number, operator: session.seat?.operator)
        learnPace(of: session, outcome)
        learnPatience(of: session, outcome)
        if let seat = session.seat { free(seat) }
        sessions[number] = nil
        creations[session.creationKey] = nil
        deadlines.forget(.session(number))
        changes.endings.append(.init(number: number, outcome: outcome, at: now, operator: session.seat?.operator))
        for id in freed { findWork(for: id) }
    }

    // MARK: Which session is meant

    private func live(_ number: Session.Number, _ past: KnownPast) throws(DeskRefusal) -> Session {
        if let session = sessions[number] { return session }
        throw past.ended[number] == nil ? .unknownSession(number) : .alreadyEnded(number)
    }

    private func held(_ number: Session.Number, by id: Operator.ID?, _ past: KnownPast) throws(DeskRefusal) -> Session {
        let session = try live(number, past)
        guard let seat = session.seat else { throw .notHeld(number) }
        if let id, seat.operator != id { throw .notYours(number, id) }
        return session
    }
}

extension Decision {
    init(_ ended: KnownPast.Ended, channel: Queue.Channel, isRepeat: Bool = false) {
        self.init(
            number: ended.number, origin: ended.origin, queue: ended.queue, channel: channel,
            createdAt: ended.createdAt, standing: .ended(ended.outcome, at: ended.endedAt), expectation: .ended,
            alternatives: Alternatives(), isRepeat: isRepeat)
    }
}

/// How long texts may be; no control characters but tabs and line ends.
enum TextBounds {
    case key, language, languages, note

    private var lengths: ClosedRange<Int> {
        switch self {
        case .key: 1...200
        case .language: 1...35
        // Ten and one, with commas between.
        case .languages: 1...400
        case .note: 0...4000
        }
    }

    func check(_ text: String, _ field: String) throws(DeskRefusal) {
        let isClean = text.unicodeScalars.allSatisfy { scalar in
            scalar.value >= 0x20 || (self == .note && [0x09, 0x0A, 0x0D].contains(scalar.value))
        }
        guard isClean, lengths.contains(text.unicodeScalars.count) else {
            throw .invalid(
                field: field,
                allowed: "\(lengths.lowerBound) to \(lengths.upperBound) characters without control characters")
        }
    }
}

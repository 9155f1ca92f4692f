import Coverage

/// Finding operators for a session, and sessions for an operator.
extension LiveDesk {
    // MARK: For a session

    /// Offers a waiting session to as many operators as its queue rings at once, as far as open rungs have them free.
    ///
    /// - Returns: What was found on each rung; nil if the session does not wait.
    @discardableResult
    mutating func look(for number: Session.Number) -> Explanation? {
        guard let session = sessions[number], session.place != nil, let entry = book.queues[session.queue] else {
            return nil
        }
        forgetWhatIsOver(of: number)
        defer { scheduleSession(number) }
        guard let start = ladderStart(session), start <= now else {
            return Explanation(
                rungs: entry.routing.ladder.steps.map { step in
                    RungFinding(
                        rung: step.rung, state: .notYet,
                        opensAt: (ladderStart(session) ?? now).advanced(bySeconds: Int64(step.opensAfterSeconds)))
                })
        }
        if let wish = sessions[number]?.wish { return lookForWished(number, wish.target, entry) }
        return climb(number, entry, from: start)
    }

    private mutating func climb(_ number: Session.Number, _ entry: DeskBook.QueueEntry, from start: Instant)
        -> Explanation
    {
        var explanation = Explanation()
        var isAnybodyBelow = false
        for step in entry.routing.ladder.steps {
            guard let session = sessions[number] else { break }
            let opensAt = start.advanced(bySeconds: Int64(step.opensAfterSeconds))
            let isOpen = opensAt <= now || !isAnybodyBelow
            var finding = RungFinding(
                rung: step.rung, state: opensAt <= now ? .open : isOpen ? .openEarly : .notYet, opensAt: opensAt)
            if step.rung.hasOperators {
                finding.present = presentCount(on: step.rung, for: session)
                if isOpen { finding.chosen = fill(number, from: step.rung, entry.routing) }
                if isOpen, wantedCount(number, entry.routing) > 0 || !session.passed.isEmpty {
                    finding.passedOver = passedOver(on: step.rung, for: number, except: finding.chosen)
                }
                isAnybodyBelow = isAnybodyBelow || finding.present > 0 || !finding.chosen.isEmpty
            } else if isOpen, hasFallback(step.rung, entry.routing), session.offers.isEmpty {
                openFallback(step.rung, for: number)
            }
            explanation.rungs.append(finding)
        }
        return explanation
    }

    private func hasFallback(_ rung: Rung, _ routing: QueueRouting) -> Bool {
        rung == .partner ? routing.partner != nil : rung == .email && routing.emailQueue != nil
    }

    private mutating func openFallback(_ rung: Rung, for number: Session.Number) {
        guard sessions[number]?.fallbacks.contains(rung) == false else { return }
        update(number) { $0.fallbacks.insert(rung) }
        tell(.fallback(rung), session: number)
    }

    private func wantedCount(_ number: Session.Number, _ routing: QueueRouting) -> Int {
        max(0, routing.ringsAtOnce - (sessions[number]?.offers.count ?? 0))
    }

    /// Makes offers to the best of a rung.
    private mutating func fill(_ number: Session.Number, from rung: Rung, _ routing: QueueRouting) -> [Operator.ID] {
        var chosen: [Operator.ID] = []
        while wantedCount(number, routing) > 0, let session = sessions[number],
            let slot = bestCandidate(on: rung, for: session)
        {
            offer(number, to: slot, on: rung, routing)
            chosen.append(slots[slot].standing.presence.operator)
        }
        return chosen
    }

    /// Who of a rung is to be asked next: those who speak the language that the patron likes best, then the next, then those of the patron's library, then the
    /// least loaded, then the longest idle.
    private mutating func bestCandidate(on rung: Rung, for session: Session) -> Int? {
        let skipsHome = rung == .otherLibraries
        let home = session.origin.library
        for key in keys(of: rung, for: session) {
            let slot = best(in: key) { [slots] slot in
                let id = slots[slot].standing.presence.operator
                return session.passed[id] != nil || session.offers.contains { $0.seat.operator == id }
                    || (skipsHome && home != nil && slots[slot].library == home)
            }
            if let slot { return slot }
        }
        return nil
    }

    private func keys(of rung: Rung, for session: Session) -> [HeapKey] {
        let queue = session.queue
        let languages: [String?] = session.origin.languages + [nil]
        switch rung {
        case .ownLibrary:
            guard let library = session.origin.library else { return [] }
            return languages.map { HeapKey(queue: queue, standpoint: .onShift, library: library, language: $0) }
        case .otherLibraries:
            return languages.map { HeapKey(queue: queue, standpoint: .onShift, library: nil, language: $0) }
        case .overflow:
            let libraries = session.origin.library.map { [$0, nil] } ?? [nil]
            return languages.flatMap { language in
                libraries.map {
                    HeapKey(queue: queue, standpoint: .overflow, library: $0, language: language)
                }
            }
        case .partner, .email: return []
        }
    }

    /// Operators present on a rung who could take a session, now or when a seat is free: those who passed it do not
    /// count.
    func presentCount(on rung: Rung, for session: Session) -> Int {
        let queue = session.queue
        func count(_ standpoint: Standpoint, _ library: Library.ID?) -> Int {
            heap(HeapKey(queue: queue, standpoint: standpoint, library: library, language: nil))?.presentCount ?? 0
        }
        let all: Int
        switch rung {
        case .ownLibrary: all = session.origin.library.map { count(.onShift, $0) } ?? 0
        case .otherLibraries: all = count(.onShift, nil) - (session.origin.library.map { count(.onShift, $0) } ?? 0)
        case .overflow: all = count(.overflow, nil)
        case .partner, .email: all = 0
        }
        guard all > 0, !session.passed.isEmpty else { return all }
        let passed = session.passed.keys.filter { id in
            slotNumbers[id].map { slots[$0].isCountedPresent && self.rung(of: $0, for: session) == rung } ?? false
        }
        return all - passed.count
    }

    /// The rung on which a present operator stands for a session; nil if the operator does not answer its queue.
    func rung(of slot: Int, for session: Session) -> Rung? {
        guard let key = slots[slot].queues.first(where: { $0.queue == session.queue }) else { return nil }
        switch key.standpoint {
        case .overflow: return .overflow
        case .onShift: return slots[slot].library == session.origin.library ? .ownLibrary : .otherLibraries
        }
    }

    private func passedOver(on rung: Rung, for number: Session.Number, except chosen: [Operator.ID]) -> [PassedOver] {
        guard let session = sessions[number] else { return [] }
        var found: [PassedOver] = []
        let standpoint: Standpoint = rung == .overflow ? .overflow : .onShift
        // Enough to name a few; a rung may have thousands.
        let here = members[MemberKey(queue: session.queue, standpoint: standpoint)]?.prefix(64) ?? []
        for slot in here where found.count < RungFinding.maximumNamed {
            let standing = slots[slot].standing
            let id = standing.presence.operator
            guard self.rung(of: slot, for: session) == rung, !chosen.contains(id),
                let reason = reason(standing, session)
            else { continue }
            found.append(PassedOver(operator: id, reason: reason))
        }
        guard standpoint == .onShift, found.count < RungFinding.maximumNamed else { return found }
        let missing = (onShiftByQueue[session.queue] ?? []).filter { slotNumbers[$0] == nil }
        for id in missing.sorted().prefix(RungFinding.maximumNamed - found.count) {
            let isHome = book.operators[id]?.library == session.origin.library
            if isHome == (rung == .ownLibrary) { found.append(PassedOver(operator: id, reason: .notPresent)) }
        }
        return found
    }

    private func reason(_ standing: PresentOperator, _ session: Session) -> PassedOver.Reason? {
        if let passed = session.passed[standing.presence.operator] { return passed.reason }
        if session.offers.contains(where: { $0.seat.operator == standing.presence.operator }) { return .offered }
        if standing.graceUntil != nil { return .lapsed }
        switch standing.presence.availability {
        case .away: return .away
        case .busy: return .busy
        case .available: return standing.canTakeOneMore ? nil : .noFreeSeat
        }
    }

    // MARK: Whom it was transferred to

    private mutating func lookForWished(
        _ number: Session.Number, _ target: Session.Wish.Target, _ entry: DeskBook.QueueEntry
    ) -> Explanation {
        var explanation = Explanation()
        while wantedCount(number, entry.routing) > 0, let session = sessions[number],
            let slot = wishedCandidate(target, for: session), let rung = rung(of: slot, for: session)
        {
            offer(number, to: slot, on: rung, entry.routing)
            explanation.rungs.append(
                RungFinding(
                    rung: rung, state: .open, opensAt: now, present: 1,
                    chosen: [slots[slot].standing.presence.operator]))
            if case .toOperator = target { break }
        }
        return explanation
    }

    private mutating func wishedCandidate(_ target: Session.Wish.Target, for session: Session) -> Int? {
        func isOut(_ slots: [OperatorSlot], _ slot: Int) -> Bool {
            let id = slots[slot].standing.presence.operator
            return session.passed[id] != nil || session.offers.contains { $0.seat.operator == id }
        }
        switch target {
        case .toOperator(let id):
            guard let slot = slotNumbers[id], slots[slot].standing.canTakeOneMore, !isOut(slots, slot) else {
                return nil
            }
            return slot
        case .toLibrary(let library):
            for standpoint in [Standpoint.onShift, .overflow] {
                let key = HeapKey(queue: session.queue, standpoint: standpoint, library: library, language: nil)
                if let slot = best(in: key, isSkipped: { [slots] in isOut(slots, $0) }) { return slot }
            }
            return nil
        }
    }

    // MARK: For an operator

    /// Offers waiting sessions to an operator who has a seat free.
    mutating func findWork(for id: Operator.ID) {
        while let slot = slotNumbers[id], slots[slot].standing.canTakeOneMore, let number = firstSession(for: slot) {
            let before = lastEvent
            if let explanation = look(for: number) { tellOffers(of: number, explanation) }
            // Nobody was asked: the next operator, or the next rung, will do.
            if lastEvent == before { return }
        }
    }

    /// The waiting session that an operator is to be asked for first: by the queue's priority, then by place.
    private func firstSession(for slot: Int) -> Session.Number? {
        var best: (priority: Int, entry: WaitingLine.Entry)?
        for key in slots[slot].queues {
            guard let entry = book.queues[key.queue], let line = seekers[key.queue],
                let first = line.entries.first(where: { isOpen(to: slot, $0.number, entry) })
            else { continue }
            if let found = best {
                guard
                    entry.queue.priority > found.priority
                        || (entry.queue.priority == found.priority && WaitingLine.Entry.precedes(first, found.entry))
                else { continue }
            }
            best = (entry.queue.priority, first)
        }
        return best?.entry.number
    }

    /// Whether a waiting session may be offered to an operator now.
    private func isOpen(to slot: Int, _ number: Session.Number, _ entry: DeskBook.QueueEntry) -> Bool {
        let id = slots[slot].standing.presence.operator
        guard let session = sessions[number], let start = ladderStart(session), start <= now,
            session.passed[id] == nil, !session.offers.contains(where: { $0.seat.operator == id }),
            let rung = rung(of: slot, for: session)
        else { return false }
        switch session.wish?.target {
        case .toOperator(let wished): return wished == id
        case .toLibrary(let library): return slots[slot].library == library
        case nil: break
        }
        var isAnybodyBelow = false
        for step in entry.routing.ladder.steps {
            let isOpen = start.advanced(bySeconds: Int64(step.opensAfterSeconds)) <= now || !isAnybodyBelow
            if step.rung == rung { return isOpen }
            isAnybodyBelow = isAnybodyBelow || presentCount(on: step.rung, for: session) > 0
        }
        return false
    }

    /// Looks again for everybody who waits in a queue, for somebody has left or a rung has become empty.
    mutating func lookAtEverybodyWaiting(in queue: Queue.ID) {
        for entry in seekers[queue]?.entries ?? [] {
            if let explanation = look(for: entry.number) { tellOffers(of: entry.number, explanation) }
        }
    }

    mutating func lookAtEverybodyWaiting() {
        for queue in seekers.keys.sorted() { lookAtEverybodyWaiting(in: queue) }
    }

    // MARK: Offers

    private mutating func offer(_ number: Session.Number, to slot: Int, on rung: Rung, _ routing: QueueRouting) {
        let id = slots[slot].standing.presence.operator
        guard let free = slots[slot].standing.seats.firstIndex(of: nil) else { return }
        updateSeats(of: slot) { $0.seats[free] = SeatClaim(session: number, kind: .offered) }
        let offer = Offer(
            seat: Seat(operator: id, number: free + 1), library: slots[slot].library, rung: rung, madeAt: now,
            acceptBy: now.advanced(bySeconds: Int64(routing.acceptSeconds)))
        move(number) { $0.offers.append(offer) }
    }

    /// Tells of the offers that a look has made just now, if it made any.
    mutating func tellOffers(of number: Session.Number, _ explanation: Explanation) {
        let chosen = explanation.rungs.flatMap(\.chosen)
        guard !chosen.isEmpty, let session = sessions[number] else { return }
        tell(.offered(session.offers.filter { chosen.contains($0.seat.operator) }, explanation), session: number)
    }

    /// Frees a seat, and remembers since when it is idle.
    mutating func free(_ seat: Seat) {
        guard let slot = slotNumbers[seat.operator], seat.number <= slots[slot].standing.seats.count else { return }
        let turn = lastEvent
        updateSeats(of: slot) { standing in
            standing.seats[seat.number - 1] = nil
            standing.idleSince = turn
            // Seats that were given up while they were claimed.
            while standing.seats.count > standing.presence.seats, standing.seats.last == .some(nil) {
                standing.seats.removeLast()
            }
        }
    }

    /// Takes back offers of a session, all but one operator's.
    ///
    /// - Parameters:
    ///   - number: The session.
    ///   - kept: Whose offer stays; nil is nobody's.
    ///   - reason: What those who had them are told; nil if something else tells them.
    /// - Returns: Whose.
    @discardableResult
    mutating func withdrawOffers(
        of number: Session.Number, except kept: Operator.ID? = nil, because reason: DeskEvent.Withdrawal? = nil
    ) -> [Operator.ID] {
        let withdrawn = (sessions[number]?.offers ?? []).filter { $0.seat.operator != kept }
        guard !withdrawn.isEmpty else { return [] }
        move(number) { session in session.offers.removeAll { $0.seat.operator != kept } }
        for offer in withdrawn {
            if let reason { tell(.offerWithdrawn(reason), session: number, operator: offer.seat.operator) }
            free(offer.seat)
        }
        return withdrawn.map(\.seat.operator)
    }

    /// Drops what no longer holds: operators who may be asked again, a wish whose time is over.
    private mutating func forgetWhatIsOver(of number: Session.Number) {
        guard let session = sessions[number] else { return }
        let now = now
        let isWishOver = session.wish.map { $0.until <= now } ?? false
        guard isWishOver || session.passed.contains(where: { $0.value.until <= now }) else { return }
        update(number) { session in
            if isWishOver { session.wish = nil }
            session.passed = session.passed.filter { $0.value.until > now }
        }
    }
}

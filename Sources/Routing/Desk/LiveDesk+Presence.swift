import Coverage

extension LiveDesk {
    mutating func setPresence(_ new: NewPresence) throws(DeskRefusal) -> PresentOperator {
        guard let person = book.operators[new.operator] else { throw .unknownOperator(new.operator) }
        let seats = new.seats ?? min(person.chatCapacity, Presence.maximumSeats)
        try check(new, seats: seats)
        let presence = Presence(
            operator: new.operator, availability: new.availability, channels: new.channels, queues: new.queues,
            seats: seats, isWilling: new.isWilling, languages: new.languages,
            leaseUntil: now.advanced(bySeconds: Int64(new.leaseSeconds)))
        var unchanged = operatorNow(new.operator)
        unchanged?.presence.leaseUntil = presence.leaseUntil
        if let unchanged, unchanged.presence == presence, unchanged.graceUntil == nil {
            return extendLease(of: new.operator, until: presence.leaseUntil)
        }
        return arrive(presence)
    }

    private func check(_ new: NewPresence, seats: Int) throws(DeskRefusal) {
        guard (1...Presence.maximumSeats).contains(seats) else {
            throw .invalid(field: "seats", allowed: "1 to \(Presence.maximumSeats)")
        }
        try checkLease(new.leaseSeconds)
        guard new.languages.count <= 16 else { throw .invalid(field: "languages", allowed: "at most 16") }
        for language in new.languages.sorted() { try TextBounds.language.check(language, "languages") }
        for queue in (new.queues ?? []).sorted() {
            guard book.queues[queue] != nil else { throw .unknownQueue(queue) }
            guard book.canAnswer(new.operator, queue) else { throw .lacksSkill(new.operator, queue) }
        }
    }

    private func checkLease(_ seconds: Int) throws(DeskRefusal) {
        guard (5...3600).contains(seconds) else {
            throw .invalid(field: "lease_seconds", allowed: "5 to 3600")
        }
    }

    private mutating func arrive(_ presence: Presence) -> PresentOperator {
        let id = presence.operator
        noteChange(of: id)
        let turn = tell(.present(presence), operator: id)
        var standing = operatorNow(id) ?? PresentOperator(presence: presence, seats: [], idleSince: turn)
        standing.presence = presence
        standing.graceUntil = nil
        if standing.seats.count < presence.seats {
            standing.seats += Array(repeating: nil, count: presence.seats - standing.seats.count)
        }
        let queuesBefore = queues(of: id)
        place(standing)
        withdrawWhatNoLongerFits(id)
        trimSeats(of: id)
        schedulePresence(id)
        reviewGaps(of: id)
        lookWhereEmptied(queuesBefore)
        findWork(for: id)
        return operatorNow(id) ?? standing
    }

    /// Takes back offers of sessions that the operator no longer answers, or no longer has a seat for.
    private mutating func withdrawWhatNoLongerFits(_ id: Operator.ID) {
        guard let slot = slotNumbers[id] else { return }
        let standing = slots[slot].standing
        for (index, claim) in standing.seats.enumerated() {
            guard let claim, claim.kind == .offered, let session = sessions[claim.session] else { continue }
            let isFit =
                standing.graceUntil == nil && standing.presence.availability == .available
                && index < standing.presence.seats && rung(of: slot, for: session) != nil
            if !isFit { withdraw(claim.session, from: id, because: .operatorChanged) }
        }
    }

    private mutating func trimSeats(of id: Operator.ID) {
        guard let slot = slotNumbers[id], slots[slot].standing.seats.count > slots[slot].standing.presence.seats else {
            return
        }
        updateSeats(of: slot) { standing in
            while standing.seats.count > standing.presence.seats, standing.seats.last == .some(nil) {
                standing.seats.removeLast()
            }
        }
    }

    private mutating func withdraw(
        _ number: Session.Number, from id: Operator.ID, because reason: DeskEvent.Withdrawal
    ) {
        guard let offer = sessions[number]?.offers.first(where: { $0.seat.operator == id }) else { return }
        move(number) { session in
            session.offers.removeAll { $0.seat.operator == id }
            if session.wish?.target == .toOperator(id) { session.wish = nil }
        }
        free(offer.seat)
        tell(.offerWithdrawn(reason), session: number, operator: id)
        if let explanation = look(for: number) { tellOffers(of: number, explanation) }
    }

    mutating func renewPresence(_ id: Operator.ID, leaseSeconds: Int) throws(DeskRefusal) -> PresentOperator {
        try checkLease(leaseSeconds)
        guard let standing = operatorNow(id) else { throw .notPresent(id) }
        let until = now.advanced(bySeconds: Int64(leaseSeconds))
        guard standing.graceUntil != nil else { return extendLease(of: id, until: until) }
        var presence = standing.presence
        presence.leaseUntil = until
        return arrive(presence)
    }

    private mutating func extendLease(of id: Operator.ID, until: Instant) -> PresentOperator {
        guard let slot = slotNumbers[id] else { preconditionFailure("whoever renews is present") }
        noteChange(of: id)
        slots[slot].standing.presence.leaseUntil = until
        // Renewing is frequent and mostly lengthens: the lapse is looked at when the old lease ends.
        schedulePresence(id)
        return slots[slot].standing
    }

    mutating func leave(_ id: Operator.ID) -> [Session.Number] {
        guard let standing = operatorNow(id), standing.graceUntil == nil else { return heldSessions(of: id) }
        depart(id) { .left(graceUntil: $0) }
        return heldSessions(of: id)
    }

    func heldSessions(of id: Operator.ID) -> [Session.Number] {
        (operatorNow(id)?.seats ?? []).compactMap { $0?.kind == .held ? $0?.session : nil }
    }

    /// Frees what was only offered; what was accepted stays for the grace period, if there is any.
    mutating func depart(_ id: Operator.ID, telling kind: (Instant?) -> DeskEvent.Kind) {
        guard let slot = slotNumbers[id] else { return }
        noteChange(of: id)
        let queuesBefore = queues(of: id)
        let held = heldSessions(of: id)
        let grace = held.compactMap { sessions[$0].flatMap { book.queues[$0.queue]?.routing.graceSeconds } }.max()
        let until = grace.map { now.advanced(bySeconds: Int64($0)) }
        // Offers go first, for the operator is not to be asked again in between.
        slots[slot].standing.graceUntil = until ?? now
        refresh(slot)
        tell(kind(until), operator: id)
        for claim in slots[slot].standing.seats {
            if let claim, claim.kind == .offered { withdraw(claim.session, from: id, because: .operatorGone) }
        }
        if until == nil {
            removeSlot(of: id)
            deadlines.forget(.presence(id))
        } else {
            schedulePresence(id)
        }
        reviewGaps(of: id)
        lookWhereEmptied(queuesBefore)
    }

    /// The grace period is over: what the operator held goes back to the front of the line.
    mutating func giveUp(_ id: Operator.ID) {
        noteChange(of: id)
        let held = heldSessions(of: id)
        for number in held {
            if let session = sessions[number] { backToLine(session, toFront: true, because: .operatorGone) }
        }
        removeSlot(of: id)
        deadlines.forget(.presence(id))
        tell(.gone, operator: id)
        for number in held {
            if let explanation = look(for: number) { tellOffers(of: number, explanation) }
        }
    }

    func queues(of id: Operator.ID) -> [Queue.ID] {
        slotNumbers[id].map { slots[$0].queues.map(\.queue) } ?? []
    }

    /// Where nobody stands any more on some rung, those who wait may go on to the next one now.
    mutating func lookWhereEmptied(_ queues: [Queue.ID]) {
        for queue in queues where !(seekers[queue]?.entries.isEmpty ?? true) {
            lookAtEverybodyWaiting(in: queue)
        }
    }

    mutating func schedulePresence(_ id: Operator.ID) {
        guard let standing = operatorNow(id) else { return }
        deadlines.schedule(.presence(id), at: standing.graceUntil ?? standing.presence.leaseUntil)
    }
}

package import Coverage

extension LiveDesk {
    /// Lets time pass: everything that was due by then happens, in the order in which it was due.
    ///
    /// Time never goes back; an earlier time than the last changes nothing.
    package mutating func advance(to time: Instant) {
        now = max(now, time)
        reviewHours()
        takeTurns()
        while let subject = deadlines.popDue(at: now) {
            switch subject {
            case .session(let number): sessionIsDue(number)
            case .presence(let id): presenceIsDue(id)
            }
        }
        guard needsReview else { return }
        needsReview = false
        reviewGaps()
        lookAtEverybodyWaiting()
    }

    /// Looks at a session again when something of it is due.
    mutating func scheduleSession(_ number: Session.Number) {
        guard let session = sessions[number], let due = due(session) else { return }
        deadlines.schedule(.session(number), at: due)
    }

    /// When something happens to a session if nobody does anything.
    private func due(_ session: Session) -> Instant? {
        guard let entry = book.queues[session.queue] else { return nil }
        switch session.stand {
        case .held:
            let quietSince = max(session.activeAt, session.checkedBackAt ?? session.activeAt)
            return quietSince.advanced(bySeconds: Int64(entry.routing.checkBackSeconds))
        case .wrappingUp(_, let until): return until
        case .waiting: return dueInLine(session, entry)
        }
    }

    private func dueInLine(_ session: Session, _ entry: DeskBook.QueueEntry) -> Instant? {
        var due = session.offers.map(\.acceptBy)
        due += session.passed.values.map(\.until)
        if let wish = session.wish { due.append(wish.until) }
        if let start = ladderStart(session) {
            due += entry.routing.ladder.steps.map { start.advanced(bySeconds: Int64($0.opensAfterSeconds)) }
                .filter { $0 > now }
        }
        return due.min()
    }

    private mutating func sessionIsDue(_ number: Session.Number) {
        guard let session = sessions[number] else { return }
        // A rung that opened is no longer due by now: who waits is looked for in any case.
        guard session.place != nil || due(session).map({ $0 <= now }) ?? false else { return scheduleSession(number) }
        switch session.stand {
        case .held(let seat):
            let now = now
            update(number) { $0.checkedBackAt = now }
            tell(
                .silent(seconds: Int(now.seconds(since: session.activeAt))), session: number, operator: seat.operator)
        case .wrappingUp:
            finish(session, .unrecorded)
        case .waiting:
            let missed = session.offers.filter { $0.acceptBy <= now }
            for offer in missed {
                pass(number, offer, because: .missed)
                tell(.offerExpired, session: number, operator: offer.seat.operator)
            }
            if let explanation = look(for: number) { tellOffers(of: number, explanation) }
            for offer in missed { findWork(for: offer.seat.operator) }
        }
        scheduleSession(number)
    }

    private mutating func presenceIsDue(_ id: Operator.ID) {
        guard let standing = operatorNow(id) else { return }
        if let grace = standing.graceUntil {
            if grace <= now { giveUp(id) } else { schedulePresence(id) }
        } else if standing.presence.leaseUntil <= now {
            depart(id) { .lapsed(graceUntil: $0) }
        } else {
            schedulePresence(id)
        }
    }
}

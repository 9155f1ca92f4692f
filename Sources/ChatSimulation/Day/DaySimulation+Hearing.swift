import Coverage

extension DaySimulation {
    mutating func learn(_ event: ToldEvent) {
        switch event.kind {
        case .created(let id):
            guard let visit = visitsByID[id], let session = event.session else { return }
            know(visit, as: session)
            isKnown(visit)
            if isWindingDown { endAtOnce(visit) }
        case .present, .other, .gone, .left: break
        // That everybody leaves is no news where the day ends.
        case .gapOpened where isWindingDown: break
        case .lapsed:
            if let id = event.operator { tell("lapsed", operator: id, "has not renewed the lease") }
        case .gapOpened:
            if let id = event.operator { tell("gap", operator: id, "is on shift for \(place(event)) and not here") }
        case .gapClosed:
            if let id = event.operator { tell("gap", operator: id, "is here for \(place(event)) after all") }
        default:
            guard let session = event.session else { return }
            if let visit = visitsByNumber[session] { learn(event, of: visit) } else { learnOfStranger(event, session) }
        }
    }

    private func place(_ event: ToldEvent) -> String { event.queue?.rawValue ?? "a queue" }

    /// Somebody else's session is not ours to answer, and is given back at once.
    private mutating func learnOfStranger(_ event: ToldEvent, _ session: Int64) {
        guard case .offered(let asked) = event.kind else { return }
        for id in asked where people[id]?.takesMore == true {
            ask(.stranger(session), .decline(session, by: id))
        }
    }

    private mutating func learn(_ event: ToldEvent, of visit: Int) {
        guard !visits[visit].isOver || event.isEnd else { return }
        switch event.kind {
        case .offered(let asked): offer(visit, to: asked)
        case .accepted: if let id = event.operator { accept(visit, by: id) }
        case .declined, .expired, .withdrawn: takeBack(visit, event)
        case .requeued:
            freeSeats(of: visit)
            wait(visit)
            tallies[visits[visit].queue, default: Tally()].requeued += 1
            tell("requeued", visit: visit, "goes back to the line")
        case .transferred(let queue): transfer(visit, to: queue)
        case .silent: tell("silent", visit: visit, "the patron is left in silence")
        case .wrappingUp: if let id = visits[visit].holder { visits[visit].state = .wrappingUp(id) }
        case .ended(let outcome): end(visit, outcome)
        default: break
        }
    }

    // MARK: A session's ways

    /// The service knows the session, which is told by an event and by the answer, in either order.
    mutating func isKnown(_ visit: Int) {
        if visits[visit].state == .asked { wait(visit) }
    }

    private mutating func wait(_ visit: Int) {
        visits[visit].turn += 1
        visits[visit].state = .waiting(offeredTo: [])
        if visits[visit].channel == .chat { planPatience(visit) }
    }

    mutating func offer(_ visit: Int, to asked: [Operator.ID]) {
        guard case .waiting(let others) = visits[visit].state else { return }
        visits[visit].state = .waiting(offeredTo: others.union(asked))
        for id in asked where !others.contains(id) { wasOffered(visit, to: id) }
    }

    private mutating func takeBack(_ visit: Int, _ event: ToldEvent) {
        guard let id = event.operator else { return }
        people[id]?.offered.remove(visit)
        if case .waiting(var others) = visits[visit].state {
            others.remove(id)
            visits[visit].state = .waiting(offeredTo: others)
        }
        switch event.kind {
        case .declined:
            tallies[visits[visit].queue, default: Tally()].declined += 1
            tell("declined", visit: visit, "\(id) declines")
        case .expired:
            tallies[visits[visit].queue, default: Tally()].missed += 1
            tell("missed", visit: visit, "\(id) does not see the offer")
        default: break
        }
    }

    private mutating func accept(_ visit: Int, by id: Operator.ID) {
        freeSeats(of: visit)
        people[id]?.held.insert(visit)
        visits[visit].turn += 1
        visits[visit].state = .served(id)
        wasTaken(visit, by: id)
        planAnswering(visit)
    }

    /// The patron's wait is over.
    mutating func wasTaken(_ visit: Int, by id: Operator.ID) {
        guard !visits[visit].wasAnswered else { return }
        visits[visit].wasAnswered = true
        let wait = now - visits[visit].waitsSince
        tallies[visits[visit].queue, default: Tally()].answer(after: wait, within: answerTime(of: visit))
        tell("accepted", visit: visit, "\(id) accepts after \(DayClock.span(wait))")
    }

    private func answerTime(of visit: Int) -> Duration {
        let queue = day.queues.first { $0.id == visits[visit].queue }
        return .seconds(queue?.answerSeconds ?? 30)
    }

    private mutating func transfer(_ visit: Int, to queue: Queue.ID?) {
        freeSeats(of: visit)
        if let queue, queue != visits[visit].queue {
            tallies[visits[visit].queue, default: Tally()].movedOn += 1
            tallies[queue, default: Tally()].came += 1
            visits[visit].queue = queue
            visits[visit].channel = channels[queue] ?? .chat
            visits[visit].waitsSince = now
            visits[visit].wasAnswered = false
            tell("transferred", visit: visit, "goes on to \(queue)")
        }
        wait(visit)
    }

    mutating func end(_ visit: Int, _ outcome: String) {
        guard !visits[visit].isOver else { return }
        if !visits[visit].wasAnswered {
            let wait = now - visits[visit].waitsSince
            tallies[visits[visit].queue, default: Tally()].giveUp(after: wait, within: answerTime(of: visit))
            tell("abandoned", visit: visit, "gives up after \(DayClock.span(wait))")
        }
        let holders = people.values.filter { $0.held.contains(visit) }.map(\.id).sorted()
        close(visit, as: .ended(outcome))
        for id in holders { leaveIfDone(id) }
    }

    private mutating func freeSeats(of visit: Int) {
        for id in people.keys.sorted() {
            people[id]?.offered.remove(visit)
            if people[id]?.held.remove(visit) != nil { leaveIfDone(id) }
        }
    }
}

extension ToldEvent {
    fileprivate var isEnd: Bool {
        if case .ended = kind { true } else { false }
    }
}

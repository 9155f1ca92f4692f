import Coverage

extension DaySimulation {
    mutating func patronComes(_ visit: Int) {
        guard !isWindingDown else { return }
        let patron = visits[visit].patron
        visits[visit].state = .asked
        visits[visit].waitsSince = now
        tallies[patron.queue, default: Tally()].came += 1
        ask(
            .visit(visit),
            .create(
                id: visits[visit].id, queue: patron.queue, channel: visits[visit].channel, library: patron.library))
        planPatience(visit)
    }

    mutating func planPatience(_ visit: Int) {
        guard visits[visit].channel == .chat else { return }
        let patience = random.around(behaviour.patience)
        agenda.note(.patronGivesUp(visit, turn: visits[visit].turn), at: now + patience)
    }

    mutating func patronGivesUp(_ visit: Int) {
        guard case .waiting = visits[visit].state, let number = visits[visit].number else {
            // Still on the way to the service, or served by now.
            if visits[visit].state == .asked { planPatience(visit) }
            return
        }
        if let emailQueue, random.happens(behaviour.takesEmail) {
            ask(.visit(visit), .transfer(number, to: emailQueue, by: nil))
        } else {
            ask(.visit(visit), .end(number, outcome: .abandoned, by: nil))
        }
    }

    // MARK: What the operator does

    /// Plans a session that an operator has just accepted.
    mutating func planAnswering(_ visit: Int) {
        let handling = visits[visit].patron.handling
        let turn = visits[visit].turn
        agenda.note(.acts(visit, turn: turn), at: now + behaviour.activityEvery)
        if random.happens(behaviour.note) {
            agenda.note(.notes(visit, turn: turn), at: now + handling * (0.2 + 0.6 * random.fraction()))
        }
        agenda.note(.finishes(visit, turn: turn), at: now + handling)
    }

    mutating func act(_ visit: Int) {
        guard let (id, number) = holderAtWork(visit) else { return retry(.acts(visit, turn: visits[visit].turn)) }
        ask(.visit(visit), .activity(number, by: id))
        agenda.note(.acts(visit, turn: visits[visit].turn), at: now + behaviour.activityEvery)
    }

    mutating func note(_ visit: Int) {
        guard let (id, number) = holderAtWork(visit) else { return retry(.notes(visit, turn: visits[visit].turn)) }
        let steps = [
            "Looked in the catalogue", "Sent a link to the database", "Asked which course it is for",
            "Found the opening hours", "Renewed the loan", "Checked the interlibrary loan",
        ]
        let step = steps[Int(random.fraction() * Double(steps.count))]
        ask(.visit(visit), .note(number, text: "\(step) (\(visits[visit].id), turn \(visits[visit].turn))", by: id))
    }

    mutating func finish(_ visit: Int) {
        guard let (id, number) = holderAtWork(visit) else { return retry(.finishes(visit, turn: visits[visit].turn)) }
        if visits[visit].channel == .chat, let emailQueue, random.happens(behaviour.transfer) {
            ask(.visit(visit), .transfer(number, to: emailQueue, by: id))
        } else if random.happens(behaviour.wrapUp) {
            ask(.visit(visit), .wrapUp(number, by: id))
            agenda.note(.ends(visit, turn: visits[visit].turn), at: now + random.seconds(behaviour.wrapUpSeconds))
        } else {
            end(visit)
        }
    }

    mutating func end(_ visit: Int) {
        guard let (id, number) = holderAtWork(visit) else { return retry(.ends(visit, turn: visits[visit].turn)) }
        let draw = random.fraction()
        let outcome: VisitOutcome = draw < 0.86 ? .answered : draw < 0.93 ? .referred : .patronLeft
        ask(.visit(visit), .end(number, outcome: outcome, by: id))
    }

    /// The operator who has the session and can do something in it now.
    private func holderAtWork(_ visit: Int) -> (Operator.ID, Int64)? {
        guard let id = visits[visit].holder, let number = visits[visit].number, people[id]?.sees ?? true else {
            return nil
        }
        return (id, number)
    }

    /// Looks again later: the operator's connection is lost.
    private mutating func retry(_ item: Item) {
        agenda.note(item, at: now + .seconds(20))
    }
}

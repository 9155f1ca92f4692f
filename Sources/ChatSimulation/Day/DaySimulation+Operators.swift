import Coverage

extension DaySimulation {
    /// Plans a stint: when the operator comes, and what happens to them in its hours.
    mutating func plan(_ stint: Stint) {
        let delay = random.happens(behaviour.late) ? random.around(behaviour.lateness) : random.seconds(0...30)
        agenda.note(.stintBegins(stint), at: min(stint.begins + delay, stint.ends))
        agenda.note(.stintEnds(stint.operator, stint), at: stint.ends)
        var hour = stint.begins
        while hour < stint.ends {
            let rest = min(stint.ends - hour, .seconds(3600))
            let share = rest / .seconds(3600)
            if random.happens(behaviour.away * share) {
                agenda.note(.stepsAway(stint.operator, stint), at: hour + rest * random.fraction())
            }
            if random.happens(behaviour.lost * share) {
                agenda.note(.losesConnection(stint.operator, stint), at: hour + rest * random.fraction())
            }
            hour += .seconds(3600)
        }
    }

    mutating func begin(_ stint: Stint) {
        guard !isWindingDown else { return }
        var person = people[stint.operator] ?? Person(id: stint.operator, seats: stint.seats)
        person.stint = stint
        people[stint.operator] = person
        arrive(stint.operator, .here, "available")
        planRenewal(stint.operator)
    }

    mutating func end(_ stint: Stint, of id: Operator.ID) {
        guard let person = people[id], person.stint == stint, person.place != .off else { return }
        guard !person.held.isEmpty else { return leave(id) }
        // No new ones, and off once the last is over. Who has no connection has left for good.
        if person.place == .lost { return }
        arrive(id, .finishing, "busy")
        planRenewal(id)
    }

    /// Lets an operator whose stint is over go once nothing is in hand.
    mutating func leaveIfDone(_ id: Operator.ID) {
        guard let person = people[id], person.place == .finishing, person.held.isEmpty else { return }
        leave(id)
    }

    mutating func leave(_ id: Operator.ID) {
        people[id]?.place = .off
        people[id]?.turn += 1
        ask(.person(id), .leave(id))
    }

    private mutating func arrive(_ id: Operator.ID, _ place: Person.Place, _ availability: String) {
        guard let seats = people[id]?.seats else { return }
        people[id]?.place = place
        people[id]?.turn += 1
        ask(.person(id), .arrive(id, availability: availability, seats: seats))
    }

    /// The service does not know the operator any more: the lease has lapsed while nobody renewed it.
    mutating func arriveAgain(_ id: Operator.ID) {
        guard let person = people[id] else { return }
        switch person.place {
        case .here: arrive(id, .here, "available")
        case .away: arrive(id, .away, "away")
        case .finishing: arrive(id, .finishing, "busy")
        case .off, .lost: return
        }
        planRenewal(id)
    }

    // MARK: Leases

    private mutating func planRenewal(_ id: Operator.ID) {
        guard let person = people[id] else { return }
        agenda.note(.renews(id, turn: person.turn), at: now + renewEvery)
    }

    mutating func renew(_ id: Operator.ID, _ turn: Int) {
        guard let person = people[id], person.turn == turn, person.sees else { return }
        ask(.person(id), .renew(id))
        planRenewal(id)
    }

    // MARK: Mishaps

    mutating func stepAway(_ id: Operator.ID, _ stint: Stint) {
        guard let person = people[id], person.stint == stint, person.place == .here else { return }
        arrive(id, .away, "away")
        planRenewal(id)
        agenda.note(.comesBack(id, turn: person.turn + 1), at: now + random.around(behaviour.absence))
        tell("away", operator: id, "steps away from the desk")
    }

    mutating func comeBack(_ id: Operator.ID, _ turn: Int) {
        guard let person = people[id], person.turn == turn, person.place == .away else { return }
        arrive(id, .here, "available")
        planRenewal(id)
    }

    mutating func loseConnection(_ id: Operator.ID, _ stint: Stint) {
        guard let person = people[id], person.stint == stint, person.place == .here else { return }
        people[id]?.place = .lost
        people[id]?.turn += 1
        agenda.note(.hasConnectionAgain(id, turn: person.turn + 1), at: now + random.around(behaviour.outage))
        tell("lost", operator: id, "loses the connection")
    }

    mutating func reconnect(_ id: Operator.ID, _ turn: Int) {
        guard let person = people[id], person.turn == turn, person.place == .lost, let stint = person.stint else {
            return
        }
        tell("back", operator: id, "has a connection again")
        if now < stint.ends {
            arrive(id, .here, "available")
            planRenewal(id)
        } else if person.held.isEmpty {
            leave(id)
        } else {
            arrive(id, .finishing, "busy")
            planRenewal(id)
        }
    }

    // MARK: Offers

    mutating func wasOffered(_ visit: Int, to id: Operator.ID) {
        guard people[id] != nil else { return }
        people[id]?.offered.insert(visit)
        guard !random.happens(behaviour.miss) else { return }
        agenda.note(.reacts(id, visit: visit), at: now + random.seconds(behaviour.reactionSeconds))
    }

    mutating func react(_ id: Operator.ID, to visit: Int) {
        guard let person = people[id], person.takesMore, person.offered.contains(visit),
            let number = visits[visit].number, !isWindingDown
        else { return }
        if random.happens(behaviour.decline) {
            ask(.visit(visit), .decline(number, by: id))
        } else {
            ask(.visit(visit), .accept(number, by: id))
        }
    }
}

package import Coverage

/// What can be asked of a problem, by indices.
extension PlanningProblem {
    /// Days of the period.
    package var days: Int {
        calendar.dayOfSlot[calendar.period.upperBound - 1] - calendar.dayOfSlot[calendar.period.lowerBound] + 1
    }

    /// The rule that keeps an operator from a slot, whatever the queue; nil where they may work.
    ///
    /// In the order availability, absence, library_closed; an override of a yellow one counts.
    package func obstacle(_ operator: Int, at slot: Int) -> Rule.Name? {
        if !availability.isAvailable[`operator`, slot], !permits(.availability, `operator`, slot) {
            return .availability
        }
        if availability.isAbsent[`operator`, slot], !permits(.absence, `operator`, slot) { return .absence }
        if availability.isClosed[libraryOfOperator[`operator`], slot], !permits(.libraryClosed, `operator`, slot) {
            return .libraryClosed
        }
        return nil
    }

    /// Whether the operator has the queue's skill, or an override for the slot.
    package func isSkilled(_ operator: Int, on queue: Int, at slot: Int) -> Bool {
        queuesOfOperator[`operator`].contains(queue) || permits(.skill, `operator`, slot)
    }

    private func permits(_ rule: Rule.Name, _ operator: Int, _ slot: Int) -> Bool {
        overrides.concerns(`operator`) && overrides.permits(breaking: rule, `operator`, at: slot)
    }

    /// Whether somebody has a shift's skill, is available in all of it and not away: the rest the rules say.
    ///
    /// False for what lies outside the period.
    package func isPossible(_ shift: Shift, for person: Operator.ID) -> Bool {
        guard let person = operatorIndex[person], let queue = queueIndex[shift.queue],
            operatorsOfQueue[queue].contains(person)
        else { return false }
        let slots = calendar.slots(touching: shift.during)
        guard !slots.isEmpty, slots.clamped(to: calendar.period) == slots else { return false }
        return slots.allSatisfy { availability.isAvailable[person, $0] && !availability.isAbsent[person, $0] }
    }

    /// Whether an operator is available in all of a time, and likes all of it best.
    ///
    /// False for what lies outside the period.
    package func isFavourite(_ during: Range<Instant>, of person: Operator.ID) -> Bool {
        guard let person = operatorIndex[person] else { return false }
        let slots = calendar.slots(touching: during)
        guard !slots.isEmpty, slots.clamped(to: calendar.period) == slots else { return false }
        return slots.allSatisfy { slot in
            availability.isAvailable[person, slot] && availability.preference[person * calendar.count + slot] == 2
        }
    }

    /// How many slots a stretch on the queue may have.
    package func lengths(on queue: Int) -> (lowerBound: Int, upperBound: Int) {
        lengths(on: queues[queue])
    }

    func lengths(on queue: Queue) -> (lowerBound: Int, upperBound: Int) {
        let slotMinutes = calendar.slotMinutes
        return (max(1, (queue.minShiftMinutes + slotMinutes - 1) / slotMinutes), queue.maxShiftMinutes / slotMinutes)
    }

    /// Slots that the operator may work on a day before the rule counts them as too many.
    package func slotsPerDay(_ operator: Int) -> Int {
        PlanningRules.slots(within: operators[`operator`].maxHoursPerDay, calendar.slotMinutes)
    }

    /// Slots that the operator may work in a week before the rule counts them as too many.
    package func slotsPerWeek(_ operator: Int) -> Int {
        PlanningRules.slots(within: operators[`operator`].maxHoursPerWeek, calendar.slotMinutes)
    }

    /// What it costs that so many are there, apart for what is missing below the minimum, missing below the target,
    /// and too many; all zero where there is no demand.
    package func coverageUnits(_ queue: Int, _ slot: Int, staffed: Int) -> (gap: Int, thin: Int, over: Int) {
        let cell = queue * demand.slots + slot
        guard demand.target[cell] >= 0 else { return (0, 0, 0) }
        return rules.coverageUnits(
            staffed, minimum: Int(demand.minimum[cell]), target: Int(demand.target[cell]),
            priority: queues[queue].priority)
    }
}

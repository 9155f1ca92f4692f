/// What row rules see around an operator's week: their stretches of the weeks beside it, and fixed ones.
struct RowSurroundings: Sendable {
    /// Whole stretches, in order; none of the week's own that is planned.
    let stretches: [Stretch]
    /// What they cost and break without a stretch in the week.
    let units: Int
    let isBroken: Bool

    /// Days around the week that are looked at.
    private static let reach = 8

    /// - Parameters:
    ///   - person: The operator.
    ///   - week: The week's number in the period.
    ///   - rows: All weeks as they stand.
    ///   - tables: The problem.
    /// - Complexity: O(slots of three weeks)
    init(of person: Int, week: Int, _ rows: PlanRows, _ tables: EngineTables) {
        let problem = tables.problem
        let own = tables.weeks[week].slots
        let slots = Self.reach * 24 * 60 / problem.calendar.slotMinutes
        func queue(_ slot: Int) -> (queue: Int, isPlanned: Bool) {
            let fixed = tables.hasFixed[person] ? tables.fixedQueue(person, at: slot) : -1
            if fixed >= 0 { return (fixed, false) }
            return own.contains(slot) ? (-1, false) : (rows.queue(of: person, at: slot, tables), true)
        }
        var (start, end) = (max(0, own.lowerBound - slots), min(problem.calendar.count, own.upperBound + slots))
        while start > 0, queue(start - 1).queue >= 0, queue(start - 1).queue == queue(start).queue { start -= 1 }
        while end < problem.calendar.count, queue(end).queue >= 0, queue(end).queue == queue(end - 1).queue { end += 1 }
        var found: [Stretch] = []
        for slot in start..<end {
            let (queue, isPlanned) = queue(slot)
            guard queue >= 0 else { continue }
            found.add(Stretch(queue: queue, slots: slot..<slot + 1, isPlanned: isPlanned))
        }
        stretches = found
        let judgement = problem.rowRules.judge(found, of: person, problem.overrides)
        (units, isBroken) = (judgement.units, judgement.broken > 0)
    }
}

extension [Stretch] {
    /// Adds a stretch after all others: to the last one, if it goes on with it.
    mutating func add(_ stretch: Stretch) {
        if let last, last.queue == stretch.queue, last.slots.upperBound == stretch.slots.lowerBound {
            self[count - 1] = Stretch(
                queue: last.queue, slots: last.slots.lowerBound..<stretch.slots.upperBound,
                isPlanned: last.isPlanned || stretch.isPlanned)
        } else {
            append(stretch)
        }
    }

    /// These with others among them, in order, joined where one goes on with another.
    func merged(with others: some Sequence<Stretch>) -> [Stretch] {
        var found: [Stretch] = []
        found.reserveCapacity(count + 4)
        var index = 0
        for other in others {
            while index < count, self[index].slots.lowerBound < other.slots.lowerBound {
                found.add(self[index])
                index += 1
            }
            found.add(other)
        }
        while index < count {
            found.add(self[index])
            index += 1
        }
        return found
    }
}

extension PlanRows {
    /// What row rules see around each operator's week; empty where no such rule is in force.
    func surroundings(week: Int, _ tables: EngineTables) -> [RowSurroundings] {
        guard !tables.problem.rowRules.isEmpty else { return [] }
        return tables.hasFixed.indices.map { RowSurroundings(of: $0, week: week, self, tables) }
    }
}

import Coverage

/// The rows of all weeks as they stand between two rounds of the search.
struct PlanRows: Sendable {
    /// For each week operators × slots of the week: the queue, or -1.
    ///
    /// Fixed shifts are not in it.
    var weeks: [[Int16]]

    init(_ tables: EngineTables) {
        weeks = tables.weeks.map { week in
            [Int16](repeating: -1, count: tables.problem.operators.count * week.slots.count)
        }
    }

    /// Where an operator is in a slot of the calendar, by the plan or by a fixed shift; -1 for nowhere.
    func queue(of person: Int, at slot: Int, _ tables: EngineTables) -> Int {
        if tables.hasFixed[person] {
            let fixed = tables.fixedQueue(person, at: slot)
            if fixed >= 0 { return fixed }
        }
        guard tables.problem.calendar.period.contains(slot) else { return -1 }
        let week = tables.week(of: slot)
        let slots = tables.weeks[week].slots
        return Int(weeks[week][person * slots.count + slot - slots.lowerBound])
    }

    /// What lies around an operator's week.
    ///
    /// - Complexity: O(slots of a full rest and of the longest shift)
    func edges(of person: Int, week: Int, _ tables: EngineTables) -> RowEdges {
        let slots = tables.weeks[week].slots
        let window = tables.hasFixed[person] ? tables.window(person, slots) : slots
        var edges = RowEdges(first: window.lowerBound - slots.lowerBound, end: window.upperBound - slots.lowerBound)
        let rest = tables.breakUnits.count
        let before = window.lowerBound - 1
        if let last = stride(from: before, through: max(0, before - rest + 1), by: -1)
            .first(where: { queue(of: person, at: $0, tables) >= 0 })
        {
            edges.gapBefore = before - last
            edges.queueBefore = queue(of: person, at: last, tables)
            edges.lengthBefore = length(of: edges.queueBefore, person, from: last, by: -1, tables)
        }
        let end = window.upperBound
        if let next = (end..<min(tables.problem.calendar.count, end + rest))
            .first(where: { queue(of: person, at: $0, tables) >= 0 })
        {
            edges.gapAfter = next - end
            edges.queueAfter = queue(of: person, at: next, tables)
            if next == end, slots.contains(end) {
                // A fixed shift in the same week: a stretch that joined it would take the start from its day.
                edges.lengthAfter = RowEdges.unjoinable
            } else {
                edges.lengthAfter = length(of: edges.queueAfter, person, from: next, by: 1, tables)
                edges.joiningSavesBlock = next == end && starts(person, onDayOf: end, tables) > 1
            }
        }
        return edges
    }

    /// How long an operator stays on a queue, up to what no stretch may have.
    private func length(of queue: Int, _ person: Int, from slot: Int, by step: Int, _ tables: EngineTables) -> Int {
        var length = 0
        var slot = slot
        while length <= tables.longest[queue], (0..<tables.problem.calendar.count).contains(slot),
            self.queue(of: person, at: slot, tables) == queue
        {
            length += 1
            slot += step
        }
        return length
    }

    /// The stretches that start on the day that begins with a slot, if the slot's own is counted as a start.
    private func starts(_ person: Int, onDayOf slot: Int, _ tables: EngineTables) -> Int {
        let calendar = tables.problem.calendar
        var (count, last) = (0, -1)
        var current = slot
        while calendar.period.contains(current), calendar.dayOfSlot[current] == calendar.dayOfSlot[slot] {
            let queue = queue(of: person, at: current, tables)
            if queue >= 0, queue != last { count += 1 }
            last = queue
            current += 1
        }
        return count
    }

    /// The plan's shifts, one for each stretch, in the order in which plans are written.
    func shifts(_ tables: EngineTables) -> [Shift] {
        let problem = tables.problem
        var shifts: [Shift] = []
        for person in problem.operators.indices {
            var (last, start, end) = (-1, 0, 0)
            func close() {
                guard last >= 0 else { return }
                shifts.append(
                    Shift(
                        queue: problem.queues[last].id, operator: problem.operators[person].id,
                        during: problem.calendar.instants(of: start..<end)))
            }
            for (week, table) in tables.weeks.enumerated() {
                let row = person * table.slots.count
                for (index, slot) in table.slots.enumerated() {
                    let queue = Int(weeks[week][row + index])
                    if queue != last {
                        close()
                        (last, start) = (queue, slot)
                    }
                    end = slot + 1
                }
            }
            close()
        }
        return shifts.sorted(by: Shift.precedes)
    }
}

extension EngineTables {
    /// The week, by its number in the period, of a slot of the period.
    func week(of slot: Int) -> Int {
        let weekOfSlot = problem.calendar.weekOfSlot
        return weekOfSlot[slot] - weekOfSlot[problem.calendar.period.lowerBound]
    }

    /// Where a fixed shift puts an operator; -1 for nowhere.
    func fixedQueue(_ person: Int, at slot: Int) -> Int {
        problem.fixed[person]?.last { $0.slots.contains(slot) }?.queue ?? -1
    }

    /// The largest part of a week between an operator's fixed shifts, or the one that is named.
    func window(_ person: Int, _ slots: Range<Int>) -> Range<Int> {
        if let named = windows[person]?[week(of: slots.lowerBound)] {
            return named.isEmpty ? slots.lowerBound..<slots.lowerBound : named
        }
        var best = slots.lowerBound..<slots.lowerBound
        var start = slots.lowerBound
        for shift in problem.fixed[person] ?? [] where shift.slots.overlaps(slots) {
            if shift.slots.lowerBound - start > best.count { best = start..<shift.slots.lowerBound }
            start = max(start, shift.slots.upperBound)
        }
        return slots.upperBound - start > best.count ? start..<slots.upperBound : best
    }
}

import Coverage

/// What one operator's week costs beside coverage and contribution: preferences, starts on a day, and the limits where
/// they are green, with what it changes for the stretch after the week.
enum RowUnits {
    /// - Parameters:
    ///   - stretches: The operator's in the week, in order.
    ///   - person: The operator.
    ///   - state: The week, for its edges.
    ///   - tables: The problem.
    /// - Returns: Units of ``PlanCost``; 0 where there is no stretch.
    static func units(
        of stretches: [RowStretch], _ person: Int, _ state: WeekState, _ tables: EngineTables
    ) -> Int {
        guard let last = stretches.last else { return 0 }
        let edges = state.edges[person]
        var units = preference(stretches, person, state.week, tables)
        if let reference = tables.reference { units += changes(stretches, person, reference, state.week, tables) }
        units += blocks(stretches, person, state, tables)
        if tables.problem.rules.isGreen(.minRestHours) { units += breaks(stretches, edges, person, state.week, tables) }
        if tables.isGreenDay || tables.isGreenWeek { units += excess(stretches, person, state.week, tables) }
        if last.start + last.length == edges.end, edges.gapAfter == 0, edges.queueAfter == last.queue,
            edges.joiningSavesBlock
        {
            units -= tables.problem.rules.blockUnits
        }
        return units
    }

    private static func preference(
        _ stretches: [RowStretch], _ person: Int, _ week: Int, _ tables: EngineTables
    ) -> Int {
        let problem = tables.problem
        let row = person * problem.calendar.count + tables.weeks[week].slots.lowerBound
        var steps = 0
        for stretch in stretches {
            for slot in stretch.start..<stretch.start + stretch.length {
                steps += 2 - Int(problem.availability.preference[row + slot])
            }
        }
        return problem.rules.preferenceUnits * steps
    }

    /// What being there costs against the plan that is known.
    private static func changes(
        _ stretches: [RowStretch], _ person: Int, _ reference: ReferencePlan, _ week: Int, _ tables: EngineTables
    ) -> Int {
        let first = tables.weeks[week].slots.lowerBound
        return stretches.reduce(0) { sum, stretch in
            (stretch.start..<stretch.start + stretch.length).reduce(sum) {
                $0 + reference.units(person, at: first + $1, on: stretch.queue)
            }
        }
    }

    /// The starts on a day after its first; a stretch that goes on from before the week starts no day.
    private static func blocks(
        _ stretches: [RowStretch], _ person: Int, _ state: WeekState, _ tables: EngineTables
    ) -> Int {
        let edges = state.edges[person]
        let dayOfSlot = tables.weeks[state.week].dayOfSlot
        var extra = 0
        var lastDay = -1
        for stretch in stretches {
            if stretch.start == edges.first, edges.gapBefore == 0, edges.queueBefore == stretch.queue { continue }
            let day = dayOfSlot[stretch.start]
            if day == lastDay || tables.hasFixed[person] && tables.fixedStarts(person, state.week, day: day) {
                extra += 1
            }
            lastDay = day
        }
        return extra * tables.problem.rules.blockUnits
    }

    private static func breaks(
        _ stretches: [RowStretch], _ edges: RowEdges, _ person: Int, _ week: Int, _ tables: EngineTables
    ) -> Int {
        guard let first = stretches.first, let last = stretches.last else { return 0 }
        var gaps: [Int] = zip(stretches, stretches.dropFirst()).map { $1.start - $0.start - $0.length }
        if let gap = edges.gapBefore { gaps.append(gap + first.start - edges.first) }
        if let gap = edges.gapAfter { gaps.append(gap + edges.end - last.start - last.length) }
        return gaps.reduce(0) { $0 + tables.problem.rules.restUnits($1) }
    }

    /// The hours of days and of the week above green limits; fixed shifts count where they share them.
    private static func excess(
        _ stretches: [RowStretch], _ person: Int, _ week: Int, _ tables: EngineTables
    ) -> Int {
        let problem = tables.problem
        var byDay = [Int](repeating: 0, count: 9)
        var total = 0
        for stretch in stretches {
            total += stretch.length
            for slot in stretch.start..<stretch.start + stretch.length {
                byDay[tables.weeks[week].dayOfSlot[slot]] += 1
            }
        }
        if tables.hasFixed[person] { total += tables.fixedSlots(person, week, day: nil) }
        var units = problem.rules.excessUnits(
            .maxHoursPerWeek, slots: total, limit: problem.operators[person].maxHoursPerWeek)
        for (day, count) in byDay.enumerated() where count > 0 {
            let fixed = tables.hasFixed[person] ? tables.fixedSlots(person, week, day: day) : 0
            units += problem.rules.excessUnits(
                .maxHoursPerDay, slots: count + fixed, limit: problem.operators[person].maxHoursPerDay)
        }
        return units
    }
}

extension EngineTables {
    /// Whether a fixed shift starts on a day of the week, so that every other stretch is one more.
    func fixedStarts(_ person: Int, _ week: Int, day: Int) -> Bool {
        let calendar = problem.calendar
        let shifts = problem.fixed[person] ?? []
        let first = calendar.dayOfSlot[weeks[week].slots.lowerBound]
        return shifts.contains { shift in
            let start = shift.slots.lowerBound
            let joins = shifts.contains { $0.slots.upperBound == start && $0.queue == shift.queue }
            return weeks[week].slots.contains(start) && calendar.dayOfSlot[start] - first == day && !joins
        }
    }

    /// The slots of fixed shifts on a day of the week, or in the whole week by the calendar, that count for the rule.
    func fixedSlots(_ person: Int, _ week: Int, day: Int?) -> Int {
        let calendar = problem.calendar
        let first = weeks[week].slots.lowerBound
        var count = 0
        for shift in problem.fixed[person] ?? [] {
            for slot in shift.slots {
                let isThere =
                    if let day {
                        calendar.dayOfSlot[slot] == calendar.dayOfSlot[first] + day
                    } else {
                        calendar.weekOfSlot[slot] == calendar.weekOfSlot[first]
                    }
                let rule: Rule.Name = day == nil ? .maxHoursPerWeek : .maxHoursPerDay
                if isThere, !problem.overrides.permits(breaking: rule, person, at: slot) { count += 1 }
            }
        }
        return count
    }
}

import Coverage

/// Finds one operator's best week, given everybody else: exactly, as a shortest path.
///
/// Nodes are "a stretch on this queue ends before this slot, with so many slots worked in the week and on the day, and
/// with or without a start on the day"; arcs are stretches, whose cost is the sum of what one operator more costs in
/// each of their slots, with preferences and starts on a day. Forbidden breaks, lengths and hours are missing arcs. The
/// method is the pricing step of branch and price for rosters (Burke and Curtois, "New approaches to nurse rostering
/// benchmark instances", 2014), with the other operators' places instead of dual prices.
///
/// Where hours are so many that a table of slots worked would be large, they are counted in units of several slots,
/// each stretch rounded up: rows then keep all limits, but may not be the best.
struct RowSolver: ~Copyable {
    /// Beyond all costs; four of them can be added.
    static let never = Int.max / 8

    let tables: EngineTables
    /// Slots of the longest week: the distance between rows of the tables below.
    let slots: Int
    let units: FlatStore<Int>
    var row: RowShape
    var ends: EndTable
    var starts: StartTable
    /// The cheapest week with so many units of work, and the end of its last stretch.
    let bestUnits: FlatStore<Int>
    let bestEnd: FlatStore<Int32>
    /// By slot, whether it counts towards its day and towards the week: 1 unless an override takes it out.
    let countsForDay: FlatStore<UInt8>
    let countsForWeek: FlatStore<UInt8>
    /// What is added to the cost of each cell of the week, queue × slots of the week + slot; empty for nothing.
    var extraUnits: [Int] = []
    /// By slot, whether it is kept free; empty for none.
    private var isBarred: [Bool] = []
    /// Free slots that make a full rest, 1 at least.
    let fullRest: Int
    /// How far the rested states have come: their day (-1 before the first), the next end to be taken in, and whether
    /// the stretch before the window was.
    var restedDay = -1
    var restedEnd = 0
    var isBeforeRested = false

    /// - Complexity: takes memory for the largest row of the problem, some megabytes.
    init(_ tables: EngineTables) {
        self.tables = tables
        slots = tables.weeks.map(\.slots.count).max() ?? 0
        let queues = tables.queues.map(\.count).max() ?? 0
        let (area, most) = RowShape.largest(tables)
        row = RowShape(tables)
        units = FlatStore(count: queues * slots, repeating: Self.never)
        ends = EndTable(slots: slots, queues: queues, area: area)
        starts = StartTable(slots: slots, queues: queues, area: area)
        bestUnits = FlatStore(count: most + 1, repeating: Self.never)
        bestEnd = FlatStore(count: most + 1, repeating: -1)
        countsForDay = FlatStore(count: slots, repeating: 1)
        countsForWeek = FlatStore(count: slots, repeating: 1)
        fullRest = tables.breakUnits.count
    }

    /// Solves the week of an operator who is nowhere in it, within all rules.
    ///
    /// Exact but for the row rules, which the solver does not know: a row that breaks one is mended, and solved again
    /// without the time of the stretches that were dropped, so that others take their place.
    ///
    /// - Parameters:
    ///   - person: The operator.
    ///   - state: The week with all others in it.
    ///   - old: The row that the operator had, which keeps all rules; none if nothing.
    ///   - noise: Up to how many units each slot is made dearer or cheaper by chance.
    ///   - random: Where chance comes from.
    /// - Returns: The stretches, in order; none where none is better.
    mutating func solve(
        _ person: Int, _ state: borrowing WeekState, insteadOf old: [RowStretch], noise: Int,
        _ random: inout SeededRandom
    ) -> [RowStretch] {
        var found = solve(person, state, noise: noise, &random)
        var lawful = state.mended(found, insteadOf: old, person, tables)
        guard lawful != found else { return found }
        isBarred = [Bool](repeating: false, count: slots)
        for _ in 0..<Self.mostMendings where lawful != found {
            for stretch in found where !lawful.contains(stretch) {
                for slot in stretch.start..<stretch.start + stretch.length { isBarred[slot] = true }
            }
            found = solve(person, state, noise: noise, &random)
            lawful = state.mended(found, insteadOf: old, person, tables)
        }
        isBarred = []
        return lawful
    }

    /// How often a row that breaks a row rule is solved again.
    private static let mostMendings = 3

    private mutating func solve(
        _ person: Int, _ state: borrowing WeekState, noise: Int, _ random: inout SeededRandom
    ) -> [RowStretch] {
        guard row.begin(person, state.week, state.edges[person], tables) else { return [] }
        load(state, noise: noise, &random)
        relaxAll(state.week)
        let found = trace(best(state))
        unload(state.week)
        return found
    }

    /// Follows all stretches of the week.
    private mutating func relaxAll(_ week: Int) {
        ends.begin(row)
        starts.begin(row)
        (restedDay, restedEnd, isBeforeRested) = (-1, row.window.lowerBound + 1, false)
        for units in 0...row.most {
            bestUnits[units] = Self.never
            bestEnd[units] = -1
        }
        bestUnits[0] = 0
        let free = tables.weeks[week].freeSlots
        for index in free.range(of: row.person) {
            let slot = Int(free.elements[index])
            if row.window.contains(slot) { relax(slot) }
        }
    }

    /// Finds an operator's cheapest week at given prices, with nothing around it.
    ///
    /// - Parameters:
    ///   - person: The operator.
    ///   - state: An empty week, for its edges.
    ///   - prices: For each cell, queue × slots + slot, what being there costs beside preference.
    ///   - perSlot: What each slot worked costs in addition.
    /// - Returns: The stretches, and what the week costs: 0 or less; nil where units of work are made of several
    ///   slots, so that it would not be exact.
    mutating func cheapest(
        _ person: Int, _ state: borrowing WeekState, prices: borrowing FlatStore<Int>, perSlot: Int
    ) -> (row: [RowStretch], units: Int)? {
        guard row.begin(person, state.week, state.edges[person], tables) else { return ([], 0) }
        guard row.grain == 1 else { return nil }
        let problem = tables.problem
        let week = tables.weeks[state.week]
        let (first, cells) = (week.slots.lowerBound, person * problem.calendar.count)
        for index in week.freeSlots.range(of: person) {
            let slot = Int(week.freeSlots.elements[index])
            let liking = Int(problem.availability.preference[cells + first + slot])
            for (number, queue) in tables.queues[person].enumerated() where problem.demand.isOpen(queue, first + slot) {
                units[number * slots + slot] =
                    prices[queue * state.slots + slot] + perSlot + problem.rules.preferenceUnits * (2 - liking)
            }
        }
        relaxAll(state.week)
        var (least, end) = (0, -1)
        for units in 0...row.most where bestUnits[units] < Self.never {
            let cost = bestUnits[units] + (tables.isGreenWeek ? row.weekExcess(units, tables) : 0)
            if cost < least { (least, end) = (cost, Int(bestEnd[units])) }
        }
        let found = trace(end)
        unload(state.week)
        return (found, least)
    }

    /// Lays out what each slot costs the operator on each of their queues.
    private func load(_ state: borrowing WeekState, noise: Int, _ random: inout SeededRandom) {
        let problem = tables.problem
        let week = tables.weeks[state.week]
        let (first, cells) = (week.slots.lowerBound, row.person * problem.calendar.count)
        let queues = tables.queues[row.person]
        let reference = tables.reference
        for index in week.freeSlots.range(of: row.person) {
            let slot = Int(week.freeSlots.elements[index])
            let liking = Int(problem.availability.preference[cells + first + slot])
            let dislike = problem.rules.preferenceUnits * (2 - liking)
            for (number, queue) in queues.enumerated() {
                let marginal = state.marginal[queue * state.slots + slot]
                guard marginal < Self.never, isSkilled(queue, first + slot), isBarred.isEmpty || !isBarred[slot]
                else { continue }
                let chance = noise > 0 ? random.below(2 * noise) - noise : 0
                // number < queues of any operator, slot < slots of any week.
                let extra = extraUnits.isEmpty ? 0 : extraUnits[queue * state.slots + slot]
                units[number * slots + slot] = marginal + dislike + chance + extra
                if let reference {
                    units[number * slots + slot] += reference.units(row.person, at: first + slot, on: queue)
                }
            }
            if tables.hasOverrides[row.person] { exempt(slot, first + slot) }
        }
    }

    private func isSkilled(_ queue: Int, _ slot: Int) -> Bool {
        !tables.hasOverrides[row.person] || tables.problem.isSkilled(row.person, on: queue, at: slot)
    }

    private func exempt(_ slot: Int, _ calendarSlot: Int) {
        let overrides = tables.problem.overrides
        if overrides.permits(breaking: .maxHoursPerDay, row.person, at: calendarSlot) { countsForDay[slot] = 0 }
        if overrides.permits(breaking: .maxHoursPerWeek, row.person, at: calendarSlot) { countsForWeek[slot] = 0 }
    }

    private func unload(_ week: Int) {
        let free = tables.weeks[week].freeSlots
        for index in free.range(of: row.person) {
            let slot = Int(free.elements[index])
            for number in 0..<row.queues { units[number * slots + slot] = Self.never }
            countsForDay[slot] = 1
            countsForWeek[slot] = 1
        }
    }

    /// The end of the last stretch of the best week, with the library's contribution; -1 for a week without work.
    private func best(_ state: borrowing WeekState) -> Int {
        let library = tables.problem.libraryOfOperator[row.person]
        let others = state.otherSlots[library] + state.librarySlots[library]
        var (least, end) = (Self.never, -1)
        for units in 0...row.most where bestUnits[units] < Self.never {
            let slots = units * row.grain
            var cost = bestUnits[units] + state.contribution(library, slots: others + slots, tables)
            if tables.isGreenWeek { cost += row.weekExcess(slots, tables) }
            if cost < least { (least, end) = (cost, Int(bestEnd[units])) }
        }
        return end
    }

    /// The stretches that lead to an end, from the first on.
    private func trace(_ last: Int) -> [RowStretch] {
        var found: [RowStretch] = []
        var end = last
        while end >= 0 {
            let (slot, number) = ends.place(of: end)
            let start = Int(ends.source[end])
            let first = start >= 0 ? starts.slot(of: start) : row.window.lowerBound
            found.append(RowStretch(queue: tables.queues[row.person][number], start: first, length: slot - first))
            end = start >= 0 ? Int(starts.source[start]) : -1
        }
        return found.reversed()
    }
}

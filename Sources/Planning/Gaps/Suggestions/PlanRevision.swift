import Coverage

/// A plan that is being changed row by row, one week at hand at a time, with its exact costs.
struct PlanRevision: ~Copyable {
    let tables: EngineTables
    /// The week at hand.
    private(set) var state: WeekState
    private var rows: PlanRows
    /// For each week each library's slots; fixed shifts of the whole period come on top.
    private var librarySlots: [[Int]]
    private let fixedSlots: [Int]
    private var solver: RowSolver
    private var random: SeededRandom

    /// - Parameters:
    ///   - table: The plan, with the fixed shifts.
    ///   - tables: Its problem's.
    ///   - seed: What chance begins with, where not all operators can be tried.
    init(_ table: PlacementTable, _ tables: EngineTables, seed: UInt64) {
        self.tables = tables
        let problem = tables.problem
        var rows = PlanRows(tables)
        var slotsOfWeek = tables.weeks.map { _ in [Int](repeating: 0, count: problem.libraries.count) }
        for (number, week) in tables.weeks.enumerated() {
            for person in problem.operators.indices {
                for (index, slot) in week.slots.enumerated() where table.isPlanned[person, slot] {
                    // What lies where nobody is wanted has no cost to be counted with: whoever is there stays there.
                    guard let queue = table.queue(of: person, at: slot), problem.demand.isOpen(queue, slot) else {
                        continue
                    }
                    rows.weeks[number][person * week.slots.count + index] = Int16(queue)
                    slotsOfWeek[number][problem.libraryOfOperator[person]] += 1
                }
            }
        }
        self.rows = rows
        librarySlots = slotsOfWeek
        var fixedSlots = [Int](repeating: 0, count: problem.libraries.count)
        for (person, shifts) in problem.fixed {
            fixedSlots[problem.libraryOfOperator[person]] +=
                shifts.reduce(0) { $0 + $1.slots.clamped(to: problem.calendar.period).count }
        }
        self.fixedSlots = fixedSlots
        solver = RowSolver(tables)
        random = SeededRandom(seed: seed)
        state = WeekState(0, tables)
        load(0)
    }

    // MARK: The week at hand

    /// Takes up another week.
    mutating func turn(to week: Int) {
        if state.week != week { load(week) }
    }

    private mutating func load(_ week: Int) {
        var others = fixedSlots
        for (other, slots) in librarySlots.enumerated() where other != week {
            for library in others.indices { others[library] += slots[library] }
        }
        var fresh = WeekState(week, tables)
        let rows = rows
        let edges = tables.hasFixed.indices.map { rows.edges(of: $0, week: week, tables) }
        fresh.begin(otherSlots: others, edges: edges, tables)
        for person in tables.hasFixed.indices { fresh.fill(person, stretches(of: person, in: week), tables) }
        state = fresh
    }

    private func stretches(of person: Int, in week: Int) -> [RowStretch] {
        let count = tables.weeks[week].slots.count
        var found: [RowStretch] = []
        var slot = 0
        while slot < count {
            let queue = rows.weeks[week][person * count + slot]
            let start = slot
            while slot < count, rows.weeks[week][person * count + slot] == queue { slot += 1 }
            if queue >= 0 { found.append(RowStretch(queue: Int(queue), start: start, length: slot - start)) }
        }
        return found
    }

    /// An operator's stretches in the week at hand.
    func stretches(of person: Int) -> [RowStretch] { state.stretches(of: person, tables) }

    /// Gives an operator other stretches in the week at hand.
    mutating func replace(_ person: Int, by stretches: [RowStretch]) {
        let old = self.stretches(of: person)
        state.clear(person, old, tables)
        state.fill(person, stretches, tables)
        let library = tables.problem.libraryOfOperator[person]
        let row = person * state.slots
        for stretch in old {
            librarySlots[state.week][library] -= stretch.length
            for slot in stretch.start..<stretch.start + stretch.length { rows.weeks[state.week][row + slot] = -1 }
        }
        for stretch in stretches {
            librarySlots[state.week][library] += stretch.length
            for slot in stretch.start..<stretch.start + stretch.length {
                rows.weeks[state.week][row + slot] = Int16(stretch.queue)
            }
        }
    }

    /// The best row of an operator for the week at hand, given all others, where cells may cost more or less.
    ///
    /// - Parameters:
    ///   - person: The operator.
    ///   - extra: What each cell costs more, given the week without them; queue × slots + slot.
    /// - Returns: The stretches; they are not yet the operator's.
    mutating func solve(_ person: Int, _ extra: (borrowing WeekState) -> [Int]) -> [RowStretch] {
        let old = stretches(of: person)
        state.clear(person, old, tables)
        solver.extraUnits = extra(state)
        let found = solver.solve(person, state, noise: 0, &random)
        solver.extraUnits = []
        state.fill(person, old, tables)
        return found
    }

    /// What the plan costs beside what other weeks' coverage and rows cost.
    var units: Int { state.units + state.contributionUnits }

    /// Some of many, by chance.
    mutating func sample(_ people: [Int], most: Int) -> [Int] {
        guard people.count > most else { return people }
        var people = people
        for index in 0..<most { people.swapAt(index, index + random.below(people.count - index)) }
        return people.prefix(most).sorted()
    }

    // MARK: The whole period

    /// Where an operator is in a slot of the calendar; -1 for nowhere.
    func queue(of person: Int, at slot: Int) -> Int { rows.queue(of: person, at: slot, tables) }

    /// An operator's planned shifts, one for each stretch.
    func shifts(of person: Int) -> [Shift] {
        let problem = tables.problem
        var found: [Shift] = []
        var last: (queue: Int, slots: Range<Int>)?
        func close() {
            guard let last else { return }
            found.append(
                Shift(
                    queue: problem.queues[last.queue].id, operator: problem.operators[person].id,
                    during: problem.calendar.instants(of: last.slots)))
        }
        for (week, table) in tables.weeks.enumerated() {
            for stretch in stretches(of: person, in: week) {
                let start = table.slots.lowerBound + stretch.start
                if let open = last, open.queue == stretch.queue, open.slots.upperBound == start {
                    last = (open.queue, open.slots.lowerBound..<start + stretch.length)
                } else {
                    close()
                    last = (stretch.queue, start..<start + stretch.length)
                }
            }
        }
        close()
        return found
    }
}

import Coverage

/// Who is where in one week, with its costs kept up to date.
struct WeekState: Sendable {
    /// The week's number in the period.
    let week: Int
    let slots: Int
    /// Operators × slots of the week: the queue, or -1.
    ///
    /// Fixed shifts are not in it.
    private(set) var rows: [Int16]
    /// For each operator the slots that they work in the week.
    private(set) var worked: [Int]
    /// Queues × slots of the week: the operators there, fixed shifts included.
    private(set) var staffed: [Int32]
    /// Queues × slots of the week: what one operator more would cost, mostly below zero; ``RowSolver/never`` where
    /// there is no demand.
    private(set) var marginal: [Int]
    /// For each operator what their row costs beside coverage and contribution.
    private(set) var rowUnits: [Int]
    /// For each library the slots its operators work in the week.
    private(set) var librarySlots: [Int]
    /// For each library the slots its operators work in all other weeks: those of the weeks that are searched at the
    /// same time as they stood when the search of this one began.
    var otherSlots: [Int]
    /// For each library the hours from which contributions are counted, as ``PlanningRules/promise(_:days:)`` gives
    /// them: what it promised, or what it gives now where this week is to leave that as it is.
    private(set) var promises: [Int]
    /// What coverage and rows cost.
    private(set) var units = 0
    /// What all contributions cost, given ``otherSlots``.
    private(set) var contributionUnits = 0
    /// What lies around each operator's row.
    var edges: [RowEdges]
    /// For each operator what row rules see around their row; empty where no such rule is in force.
    private(set) var surroundings: [RowSurroundings] = []

    private let costs: CellCosts

    init(_ week: Int, _ tables: EngineTables) {
        let problem = tables.problem
        let range = tables.weeks[week].slots
        self.week = week
        slots = range.count
        rows = [Int16](repeating: -1, count: problem.operators.count * slots)
        worked = [Int](repeating: 0, count: problem.operators.count)
        rowUnits = worked
        librarySlots = [Int](repeating: 0, count: problem.libraries.count)
        otherSlots = librarySlots
        promises = tables.promises
        edges = [RowEdges](repeating: RowEdges(first: 0, end: slots), count: problem.operators.count)
        staffed = [Int32](repeating: 0, count: problem.queues.count * slots)
        for shifts in problem.fixed.values {
            for shift in shifts {
                for slot in shift.slots.clamped(to: range) {
                    staffed[shift.queue * slots + slot - range.lowerBound] += 1
                }
            }
        }
        costs = CellCosts(problem, range)
        marginal = staffed.indices.map { [costs, staffed] in costs.marginal($0, staffed: staffed[$0]) }
    }

    /// Sets what depends on other weeks, and sums up anew.
    mutating func begin(
        otherSlots: [Int], promises: [Int]? = nil, edges: [RowEdges], surroundings: [RowSurroundings],
        _ tables: EngineTables
    ) {
        self.otherSlots = otherSlots
        self.promises = promises ?? tables.promises
        self.edges = edges
        self.surroundings = surroundings
        for person in worked.indices where worked[person] > 0 {
            rowUnits[person] = RowUnits.units(of: stretches(of: person, tables), person, self, tables)
        }
        units = rowUnits.reduce(0, +) + costs.units(of: staffed)
        contributionUnits = librarySlots.indices.reduce(0) { $0 + contribution($1, tables) }
    }

    /// An operator's stretches in the week.
    func stretches(of person: Int, _ tables: EngineTables) -> [RowStretch] {
        var found: [RowStretch] = []
        guard worked[person] > 0 else { return found }
        let row = person * slots
        var slot = 0
        while slot < slots {
            let queue = rows[row + slot]
            guard queue >= 0 else {
                slot += 1
                continue
            }
            let start = slot
            while slot < slots, rows[row + slot] == queue { slot += 1 }
            found.append(RowStretch(queue: Int(queue), start: start, length: slot - start))
        }
        return found
    }

    mutating func clear(_ person: Int, _ stretches: [RowStretch], _ tables: EngineTables) {
        guard !stretches.isEmpty else { return }
        units -= rowUnits[person]
        rowUnits[person] = 0
        for stretch in stretches {
            for slot in stretch.start..<stretch.start + stretch.length {
                rows[person * slots + slot] = -1
                let cell = stretch.queue * slots + slot
                staffed[cell] -= 1
                marginal[cell] = costs.marginal(cell, staffed: staffed[cell])
                units -= marginal[cell]
            }
        }
        count(person, -worked[person], tables)
    }

    /// Puts an operator, who is nowhere in the week, where the stretches say.
    mutating func fill(_ person: Int, _ stretches: [RowStretch], _ tables: EngineTables) {
        guard !stretches.isEmpty else { return }
        var total = 0
        for stretch in stretches {
            total += stretch.length
            for slot in stretch.start..<stretch.start + stretch.length {
                rows[person * slots + slot] = Int16(stretch.queue)
                let cell = stretch.queue * slots + slot
                units += marginal[cell]
                staffed[cell] += 1
                marginal[cell] = costs.marginal(cell, staffed: staffed[cell])
            }
        }
        count(person, total, tables)
        rowUnits[person] = RowUnits.units(of: stretches, person, self, tables)
        units += rowUnits[person]
    }

    private mutating func count(_ person: Int, _ change: Int, _ tables: EngineTables) {
        let library = tables.problem.libraryOfOperator[person]
        contributionUnits -= contribution(library, tables)
        worked[person] += change
        librarySlots[library] += change
        contributionUnits += contribution(library, tables)
    }

    private func contribution(_ library: Int, _ tables: EngineTables) -> Int {
        contribution(library, slots: otherSlots[library] + librarySlots[library], tables)
    }

    /// What it costs that a library works so many slots in the whole period.
    func contribution(_ library: Int, slots: Int, _ tables: EngineTables) -> Int {
        tables.problem.rules.contributionUnits(slots: slots, promise: promises[library])
    }
}

/// A stretch inside one week, its slots counted from the week's first.
struct RowStretch: Hashable, Sendable {
    let queue: Int
    let start: Int
    let length: Int
}

extension EngineTables {
    /// What a library's slots in the whole period cost.
    func contribution(_ library: Int, slots: Int) -> Int {
        problem.rules.contributionUnits(slots: slots, promise: promises[library])
    }
}

/// What operators in the cells of one week cost.
struct CellCosts: Sendable {
    private struct Cell {
        let minimum: Int32
        /// -1 where there is no demand.
        let target: Int32
        let gapUnits: Int
        let thinUnits: Int
    }

    private let cells: [Cell]
    private let overUnits: Int

    init(_ problem: PlanningProblem, _ slots: Range<Int>) {
        overUnits = problem.rules.overUnits
        cells = problem.queues.enumerated().flatMap { queue, line in
            slots.map { slot in
                Cell(
                    minimum: problem.demand.minimum[queue * problem.demand.slots + slot],
                    target: problem.demand.target[queue * problem.demand.slots + slot],
                    gapUnits: problem.rules.gapUnits * line.priority,
                    thinUnits: problem.rules.thinUnits * line.priority)
            }
        }
    }

    /// What one operator more than `staffed` would cost.
    func marginal(_ index: Int, staffed: Int32) -> Int {
        let cell = cells[index]
        if cell.target < 0 { return RowSolver.never }
        if staffed < cell.minimum { return -cell.gapUnits }
        return staffed < cell.target ? -cell.thinUnits : overUnits
    }

    /// What all cells cost with so many in each.
    func units(of staffed: [Int32]) -> Int {
        var sum = 0
        for (cell, staffed) in zip(cells, staffed) where cell.target >= 0 {
            let missing = max(0, Int(cell.minimum - staffed))
            sum += cell.gapUnits * missing + cell.thinUnits * (max(0, Int(cell.target - staffed)) - missing)
            sum += overUnits * max(0, Int(staffed - cell.target))
        }
        return sum
    }
}

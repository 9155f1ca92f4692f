/// One thread's search for a roster.
struct RosterSearch: ~Copyable {
    var state: RosterState
    private(set) var best: (rows: [Int16], cost: Int)
    var steps = 0
    /// No roster costs less, in the row solver's units.
    var bound = Int.min
    /// For each cell what one more person at work in it costs, in the row solver's units, as last seen.
    var prices: [Int32]
    /// People times days of the parts that are made anew.
    var breadth: Int
    let tables: RosterTables
    let settings: RosterEngine.Settings
    var solver: RosterRowSolver
    /// What cells cost the person whose row is solved.
    let costs: FlatStore<Int32>
    /// What is being made anew.
    var part = RosterPart(people: [], days: 0..<0)
    var random: SeededRandom
    private var saved: [Int16] = []

    init(_ tables: RosterTables, _ settings: RosterEngine.Settings, thread: Int) {
        self.tables = tables
        self.settings = settings
        state = RosterState(tables)
        solver = RosterRowSolver(tables)
        costs = FlatStore(count: tables.cells, repeating: 0)
        random = SeededRandom(seed: settings.seed, stream: UInt64(thread), 0)
        best = ([], .max)
        prices = tables.weightUnder.map { -$0 * Int32(tables.scale) / 10 }
        breadth = 336
    }

    /// Gives everybody a legal row, the best one for those who come first.
    ///
    /// - Returns: The person for whom there is none.
    mutating func begin() -> Int? {
        var order = Array(0..<tables.people)
        for index in order.indices.dropFirst() { order.swapAt(index, random.below(index + 1)) }
        let all = 0..<tables.days
        defer { solver.mostBlocks = 0 }
        for person in order {
            if tables.days > 2 * Self.block, fillByBlocks(person) { continue }
            solver.mostBlocks = 16
            setCosts(person, all, noise: 0)
            if solver.solve(person, all, rows: state.rows, costs: costs) == nil {
                // Nobody is said to have no legal row before limits on shift types were counted as far as they can be.
                solver.mostBlocks = 2000
                guard solver.solve(person, all, rows: state.rows, costs: costs) != nil else { return person }
            }
            fill(person, all)
        }
        keep()
        return nil
    }

    /// Days of a long row that are filled at once at first: whole rows of a year take seconds each.
    private static let block = 28

    /// Fills a row from its first day on, some weeks at a time.
    ///
    /// - Returns: Whether it became a legal one; it is empty otherwise.
    private mutating func fillByBlocks(_ person: Int) -> Bool {
        solver.mostBlocks = 1
        for first in stride(from: 0, to: tables.days, by: Self.block) {
            let end = first + Self.block * 3 / 2 > tables.days ? tables.days : first + Self.block
            setCosts(person, first..<end, noise: 0)
            guard solver.solve(person, first..<end, rows: state.rows, costs: costs, isOpen: true) != nil else {
                clear(person, [0..<tables.days])
                return false
            }
            fill(person, first..<end)
            if end == tables.days { return true }
        }
        return true
    }

    mutating func adopt(_ rows: [Int16]) {
        state.take(rows, tables)
        keep()
    }

    mutating func keep() {
        guard state.cost < best.cost else { return }
        best = (state.allRows, state.cost)
    }

    /// Ruins and recreates until told to stop.
    ///
    /// - Parameter cooling: The temperature after so many steps, nil to stop.
    mutating func search(_ cooling: (Int) -> Cooling?) {
        var dirty = false
        while let now = cooling(steps) {
            steps += 1
            let move = choose()
            guard !move.people.isEmpty else { continue }
            let before = state.cost
            remember(move)
            recreate(move, now)
            if now.accepts((state.cost - before) << Self.coolingShift, &random) {
                if state.cost < best.cost {
                    best.cost = state.cost
                    dirty = true
                } else if dirty, state.cost > best.cost {
                    // The best roster is the one before this step.
                    let after = current(move)
                    restore(move)
                    best.rows = state.allRows
                    dirty = false
                    put(after, move)
                }
            } else {
                restore(move)
            }
            if settings.checksSums { state.check(tables) }
        }
        if dirty { best.rows = state.allRows }
    }

    static let coolingShift = 24

    // MARK: Ruin and recreate

    private mutating func recreate(_ move: RosterMove, _ cooling: Cooling) {
        let noise = noise(cooling)
        for person in move.people { clear(person, move.days) }
        for person in move.people {
            for days in move.days { setCosts(person, days, noise: noise) }
            if move.days.count > 1 {
                solver.still(move.days[0].upperBound..<move.days[1].lowerBound, person, state.rows)
            }
            let cost = solver.solve(person, move.span, rows: state.rows, costs: costs)
            if move.days.count > 1 { solver.free(move.days[0].upperBound..<move.days[1].lowerBound) }
            if cost != nil {
                for days in move.days { fill(person, days) }
            } else {
                putBack(person, move)
            }
        }
    }

    private func noise(_ cooling: Cooling) -> Int {
        (cooling.temperature * settings.noisePercent / 100) >> (Self.coolingShift - tables.scale.trailingZeroBitCount)
    }

    private mutating func setCosts(_ person: Int, _ days: Range<Int>, noise: Int) {
        let own = person * tables.cells
        for cell in days.lowerBound * tables.shiftCount..<days.upperBound * tables.shiftCount {
            let fixed = tables.ownCost[own + cell]
            guard fixed < RosterTables.blocked else {
                costs[cell] = RosterTables.blocked
                continue
            }
            var cost = (state.costOfOneMore(cell, tables) + Int(fixed)) * tables.scale
            if noise > 0 { cost += random.below(2 * noise + 1) - noise }
            costs[cell] = Int32(truncatingIfNeeded: cost)
        }
    }

    private mutating func fill(_ person: Int, _ days: Range<Int>) {
        for day in days where solver.found[day] >= 0 { state.fill(person, day, Int(solver.found[day]), tables) }
    }

    private mutating func clear(_ person: Int, _ days: [Range<Int>]) {
        for range in days {
            for day in range { state.clear(person, day, tables) }
        }
    }

    private mutating func remember(_ move: RosterMove) {
        saved.removeAll(keepingCapacity: true)
        for person in move.people {
            for days in move.days {
                for day in days { saved.append(state.rows[person * tables.days + day]) }
            }
        }
    }

    private mutating func putBack(_ person: Int, _ move: RosterMove) {
        var index = (move.people.firstIndex(of: person) ?? 0) * move.count
        for days in move.days {
            for day in days {
                if saved[index] >= 0 { state.fill(person, day, Int(saved[index]), tables) }
                index += 1
            }
        }
    }

    private mutating func restore(_ move: RosterMove) { put(saved, move) }

    private mutating func put(_ rows: [Int16], _ move: RosterMove) {
        var index = 0
        for person in move.people {
            for days in move.days {
                for day in days {
                    let shift = rows[index]
                    index += 1
                    guard state.rows[person * tables.days + day] != shift else { continue }
                    state.clear(person, day, tables)
                    if shift >= 0 { state.fill(person, day, Int(shift), tables) }
                }
            }
        }
    }

    private func current(_ move: RosterMove) -> [Int16] {
        move.people.flatMap { person in
            move.days.flatMap { days in days.map { state.rows[person * tables.days + $0] } }
        }
    }

    // MARK: What to ruin

    private mutating func choose() -> RosterMove {
        let cell = random.below(100) < settings.badCellPercent ? badCell() : random.below(tables.cells)
        let day = cell / tables.shiftCount
        let days = stretches(around: day)
        let wanted = settings.fewestPeople + random.below(settings.mostPeople - settings.fewestPeople + 1)
        var people: [Int] = []
        if !tables.able[cell].isEmpty {
            for _ in 0..<8 {
                let person = Int(tables.able[cell][random.below(tables.able[cell].count)])
                if Int(state.rows[person * tables.days + day]) == cell % tables.shiftCount { continue }
                people.append(person)
                break
            }
        }
        for _ in 0..<4 * wanted where people.count < min(wanted, tables.people) {
            let person = random.below(tables.people)
            if !people.contains(person) { people.append(person) }
        }
        return RosterMove(people: people, days: days)
    }

    /// Of some cells the one that is worst covered.
    mutating func badCell() -> Int {
        var worst = random.below(tables.cells)
        var worstCost = coverCost(worst)
        for _ in 0..<settings.badCellTries {
            let cell = random.below(tables.cells)
            let cost = coverCost(cell)
            if cost > worstCost { (worst, worstCost) = (cell, cost) }
        }
        return worst
    }

    func coverCost(_ cell: Int) -> Int {
        let over = Int(state.counts[cell] - tables.wanted[cell])
        return over < 0 ? -over * Int(tables.weightUnder[cell]) : over * Int(tables.weightOver[cell])
    }

    /// Days around one, and half the time some others not too far away: who works less here may work more there.
    private mutating func stretches(around day: Int) -> [Range<Int>] {
        let first = window(around: day, settings.windows)
        guard random.below(100) < settings.twoStretchesPercent else { return [first] }
        let far = min(tables.days, settings.farthestDays)
        let other = window(
            around: max(0, min(tables.days - 1, day + random.below(2 * far + 1) - far)), settings.secondWindows)
        let (early, late) = first.lowerBound < other.lowerBound ? (first, other) : (other, first)
        if late.lowerBound <= early.upperBound { return [early.lowerBound..<max(early.upperBound, late.upperBound)] }
        return [early, late]
    }

    /// Some days around one; a weekend lies inside or outside.
    private mutating func window(around day: Int, _ lengths: [Int]) -> Range<Int> {
        let length = lengths[random.below(lengths.count)]
        guard length < tables.days else { return 0..<tables.days }
        var first = max(0, day - random.below(length))
        if first % 7 == 6 { first -= 1 }
        var end = min(tables.days, first + length)
        if end < tables.days, end % 7 == 6 { end += 1 }
        return first..<min(end, tables.days)
    }
}

/// Whose rows are ruined on which days.
struct RosterMove {
    let people: [Int]
    /// One stretch of days, or two with days between them that stand still.
    let days: [Range<Int>]

    /// All of them with what lies between.
    var span: Range<Int> { (days.first?.lowerBound ?? 0)..<(days.last?.upperBound ?? 0) }
    var count: Int { days.reduce(0) { $0 + $1.count } }
}

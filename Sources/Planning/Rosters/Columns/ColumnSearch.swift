/// Makes the rows of a part anew, all of them at once: by column generation, and a dive into it.
///
/// Column generation (Dantzig and Wolfe 1960; for rosters Burke and Curtois 2014) adds rows that are cheaper at the
/// prices of the restricted master than it says until there are none. The dive has the people with the clearest choice
/// keep their rows, generates again, and so on until everybody has one. All is asked now and then whether to stop,
/// after so much ``effort``.
struct ColumnSearch: ~Copyable {
    private let tables: RosterTables
    private let part: RosterPart
    private var master: ColumnMaster
    private let costs: FlatStore<Int32>
    /// For each cell of all days what one more person at work in it costs, in the row solver's units.
    private(set) var prices: [Int32]
    /// Rows that were solved for.
    private(set) var solves = 0
    /// No way to fill the part costs less, in the row solver's units and but for what stands still; with no kept rows.
    private(set) var bound = Int.min
    /// Whether rows are priced as well as can be; at first those that are nearly the best do.
    private var isFine = false
    /// The master's cost before anybody kept a row.
    private var relaxed: Double?

    init(
        _ tables: RosterTables, _ part: RosterPart, _ state: borrowing RosterState, prices: [Int32],
        _ random: inout SeededRandom
    ) {
        self.tables = tables
        self.part = part
        self.prices = prices
        master = ColumnMaster(tables, part, state, &random)
        costs = FlatStore(count: tables.cells, repeating: 0)
    }

    /// How much was done, in units that cost about the same.
    var effort: Int { solves + master.pivots / 8 }

    /// What the part costs as it is, but for what stands still.
    func cost(in state: borrowing RosterState) -> Int {
        var sum = 0
        for person in part.people {
            for day in part.days {
                let shift = Int(state.rows[person * tables.days + day])
                if shift >= 0 { sum += Int(tables.ownCost[person * tables.cells + day * tables.shiftCount + shift]) }
            }
        }
        for cell in part.days.lowerBound * tables.shiftCount..<part.days.upperBound * tables.shiftCount {
            let over = Int(state.counts[cell] - tables.wanted[cell])
            sum += over < 0 ? -over * Int(tables.weightUnder[cell]) : over * Int(tables.weightOver[cell])
        }
        return sum
    }

    /// Whether the rows that are kept have cost nothing yet.
    private var isFree: Bool { relaxed.map { master.value < $0 + 0.5 } ?? false }

    // MARK: Rows to begin with

    /// Adds everybody's row as it is.
    mutating func addPresent(_ state: borrowing RosterState) {
        for (position, person) in part.people.enumerated() {
            _ = master.add(part.days.map { state.rows[person * tables.days + $0] }, of: position)
        }
    }

    /// Adds for everybody the best row at the prices that it was made with.
    mutating func addPriced(_ state: borrowing RosterState, _ solver: inout RosterRowSolver, _ isOver: (Int) -> Bool) {
        for position in part.people.indices {
            guard !isOver(effort) else { break }
            if price(position, state, &solver)?.cost != nil { addFound(position, solver) }
        }
    }

    /// Begins with everybody at work as in the row that was added last.
    mutating func begin() { master.begin() }

    /// Moves prices to where people by themselves do nearly what is wanted, by steps against what each row has too many
    /// or too few of (the incremental subgradient method, Nedić and Bertsekas 2001), and adds the rows met.
    mutating func settle(
        passes: Int, _ state: borrowing RosterState, _ solver: inout RosterRowSolver, _ random: inout SeededRandom,
        _ isOver: (Int) -> Bool
    ) {
        var counts = [Int](repeating: 0, count: tables.cells)
        var rows = [[Int16]](repeating: [], count: part.people.count)
        var order = Array(part.people.indices)
        for pass in 0..<passes {
            for index in order.indices.dropFirst() { order.swapAt(index, random.below(index + 1)) }
            // From two units of cost in the first pass down to a fifth of one.
            let step = 2 * tables.scale * passes / (passes + 9 * pass)
            for position in order {
                guard !isOver(effort) else { return }
                count(rows[position], -1, &counts)
                guard price(position, state, &solver)?.cost != nil else { continue }
                rows[position] = addFound(position, solver)
                count(rows[position], 1, &counts)
                for cell in 0..<tables.cells {
                    let excess = counts[cell] - Int(tables.wanted[cell])
                    if excess != 0, pass > 0 || position == order.last {
                        move(cell, by: step * excess / part.people.count)
                    }
                }
            }
        }
    }

    private func count(_ row: [Int16], _ sign: Int, _ counts: inout [Int]) {
        for (day, shift) in row.enumerated() where shift >= 0 { counts[day * tables.shiftCount + Int(shift)] += sign }
    }

    private mutating func move(_ cell: Int, by step: Int) { prices[cell] = within(cell, Int(prices[cell]) + step) }

    private func within(_ cell: Int, _ price: Int) -> Int32 {
        let lowest = -Int(tables.weightUnder[cell]) * tables.scale
        let highest = Int(tables.weightOver[cell]) * tables.scale
        return Int32(max(lowest, min(highest, price)))
    }

    @discardableResult
    private mutating func addFound(_ position: Int, _ solver: borrowing RosterRowSolver) -> [Int16] {
        let row = part.days.map { solver.found[$0] }
        _ = master.add(row, of: position)
        return row
    }

    private mutating func price(
        _ position: Int, _ state: borrowing RosterState, _ solver: inout RosterRowSolver
    ) -> RosterRowSolver.PricedRow? {
        let person = part.people[position]
        let own = person * tables.cells
        for cell in part.days.lowerBound * tables.shiftCount..<part.days.upperBound * tables.shiftCount {
            let fixed = tables.ownCost[own + cell]
            costs[cell] = fixed < RosterTables.blocked ? prices[cell] + fixed * Int32(tables.scale) : fixed
        }
        solves += 1
        return solver.price(
            person, part.days, rows: state.rows, costs: costs, slack: isFine ? tables.scale / 8 : tables.scale)
    }

    // MARK: Generation

    /// Solves the master, and adds rows that are cheaper at its prices, until there are none.
    ///
    /// - Parameters:
    ///   - rounds: At most so often.
    ///   - enough: A whole cost; generation ends early once all costs, but for what stands still, must be as high.
    ///   - state: All rows; those of people on the part's days are not read.
    ///   - solver: Finds rows.
    ///   - isOver: Whether to stop, after so much effort.
    /// - Returns: Whether the part can still cost less than enough.
    mutating func generate(
        rounds: Int, enough: Int?, _ state: borrowing RosterState, _ solver: inout RosterRowSolver,
        _ isOver: (Int) -> Bool
    ) -> Bool {
        var center: (prices: [Int32], sum: Int)?
        var tail = Tail(patience: relaxed == nil ? 6 : 2)
        defer { isFine = false }
        for _ in 0..<rounds {
            let done = effort
            master.solve { isOver(done) }
            // Hardly cheaper than that can it become, whatever rows are added.
            if isFree { break }
            let exact = masterPrices()
            // Prices swing less, and rows are found in fewer rounds, half way to those that proved most (Wentges 1997).
            prices = center.map { Self.between($0.prices, exact) } ?? exact
            guard var found = addRows(state, &solver, isOver) else { return true }
            if !found.isNew, center != nil {
                prices = exact
                guard let again = addRows(state, &solver, isOver) else { return true }
                found = again
            }
            if found.sum > center?.sum ?? Int.min { center = (prices, found.sum) }
            if !master.kept.contains(where: { $0 >= 0 }) { bound = max(bound, found.sum) }
            let proven = center?.sum ?? found.sum
            // Costs are whole: a little below the next one is as good as there.
            if let enough, proven > (enough - 1) * tables.scale { return false }
            if !found.isNew || tail.isReached(master.value) {
                guard !isFine, relaxed == nil else { break }
                isFine = true
                tail = Tail(patience: 2)
                continue
            }
            if Double(proven) / Double(tables.scale) > master.value - 0.05 { break }
        }
        return true
    }

    /// Tells when many more rounds would change next to nothing, as the last ones of column generation do.
    private struct Tail {
        /// Rounds without a gain after which it is reached.
        let patience: Int
        private var value = Double.infinity
        private var rounds = 0

        init(patience: Int) { self.patience = patience }

        mutating func isReached(_ next: Double) -> Bool {
            rounds += 1
            if next < value - 0.25 { (value, rounds) = (next, 0) }
            return rounds >= patience
        }
    }

    private func masterPrices() -> [Int32] {
        var exact = prices
        for cell in 0..<master.cells {
            let index = part.days.lowerBound * tables.shiftCount + cell
            let price = (master.price(cell) * Double(tables.scale)).rounded()
            // Within what a cell can cost at all, or they would prove nothing.
            exact[index] = within(index, price.isFinite ? Int(max(-1e9, min(1e9, price))) : 0)
        }
        return exact
    }

    private static func between(_ left: [Int32], _ right: [Int32]) -> [Int32] {
        zip(left, right).map { ($0 + $1) / 2 }
    }

    /// Prices a row of everybody who keeps none, and adds those that the master lacks.
    ///
    /// - Returns: Whether there were any, and a bound on what the part costs; nil when time is over.
    private mutating func addRows(
        _ state: borrowing RosterState, _ solver: inout RosterRowSolver, _ isOver: (Int) -> Bool
    ) -> (isNew: Bool, sum: Int)? {
        var sum = pricesOfWanted
        var isNew = false
        for position in part.people.indices {
            guard !isOver(effort) else { return nil }
            let column = Int(master.kept[position])
            if column >= 0 {
                sum += cost(of: master.row(column), position)
                continue
            }
            guard let priced = price(position, state, &solver) else { return nil }
            sum += priced.bound
            guard priced.cost != nil else { continue }
            let row = part.days.map { solver.found[$0] }
            if master.lacks(row, of: position), master.add(row, of: position) { isNew = true }
        }
        return (isNew, sum)
    }

    /// The cells' share of the bound: whatever is wanted, at the prices.
    private var pricesOfWanted: Int {
        var sum = 0
        for cell in 0..<master.cells {
            sum -= Int(prices[part.days.lowerBound * tables.shiftCount + cell]) * master.wantedOf(cell)
        }
        return sum
    }

    private func cost(of row: [Int16], _ position: Int) -> Int {
        let own = part.people[position] * tables.cells
        var sum = 0
        for (offset, shift) in row.enumerated() where shift >= 0 {
            let cell = (part.days.lowerBound + offset) * tables.shiftCount + Int(shift)
            sum += Int(prices[cell]) + Int(tables.ownCost[own + cell]) * tables.scale
        }
        return sum
    }

    // MARK: The dive

    /// Has people keep rows, some at a time, until all do.
    ///
    /// - Parameters:
    ///   - percent: Of the people that are free, how many keep a row in each step.
    ///   - enough: A whole cost; the dive ends once it must cost as much.
    ///   - state: All rows; those of people on the part's days are not read.
    ///   - solver: Finds rows.
    ///   - random: Decides between choices that are nearly as clear.
    ///   - isOver: Whether to stop, after so much effort.
    /// - Returns: For each person of the part a row on its days; nil where it became clear that they cost too much.
    mutating func dive(
        percent: Int, enough: Int?, _ state: borrowing RosterState, _ solver: inout RosterRowSolver,
        _ random: inout SeededRandom, _ isOver: (Int) -> Bool
    ) -> [[Int16]]? {
        defer { master.free() }
        guard generate(rounds: 20, enough: enough, state, &solver, isOver) else { return nil }
        relaxed = master.value
        defer { relaxed = nil }
        var percent = percent
        while true {
            let choices = choose(percent: percent, &random)
            if choices.isEmpty { break }
            master.keep(choices)
            let left = master.kept.count { $0 < 0 }
            guard left > 0 else { break }
            guard generate(rounds: 30 + 300 / left, enough: enough, state, &solver, isOver) else { return nil }
            // As long as nothing becomes dearer the steps may be long.
            percent = isFree ? min(40, percent * 3 / 2) : max(10, percent * 2 / 3)
            // No time for better: all keep what they like best.
            if isOver(effort) { master.keep(choose(percent: 100, &random)) }
        }
        guard !master.kept.contains(where: { $0 < 0 }) else { return nil }
        return master.kept.map { master.row(Int($0)) }
    }

    /// Whoever has hardly a choice left, and of the others those with the clearest one.
    private func choose(percent: Int, _ random: inout SeededRandom) -> [(position: Int, column: Int)] {
        let all = master.favourites
        var sure = all.filter { $0.share > 0.999 }.map { (position: $0.position, column: $0.column) }
        var open = all.filter { $0.share <= 0.999 }
            .map { (share: $0.share + Double(random.below(1024)) / 20_480, choice: $0) }
        open.sort { ($0.share, $0.choice.position) > ($1.share, $1.choice.position) }
        for (_, choice) in open.prefix(max(1, open.count * percent / 100)) {
            sure.append((choice.position, choice.column))
        }
        return sure
    }
}

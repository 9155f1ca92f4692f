/// Makes the rows of a part anew, all of them at once: by column generation, and a dive into it.
///
/// Column generation (Dantzig and Wolfe 1960; for rosters Burke and Curtois 2014) adds rows that are cheaper at the
/// prices of the restricted master than it says until there are none. The dive has the groups with the clearest choice
/// keep their rows, generates again, and so on until each has one. All is asked now and then whether to stop, after so
/// much ``effort``.
struct ColumnSearch<Source: ColumnSource & ~Copyable>: ~Copyable {
    private var master: ColumnMaster
    private var rows: [Source.Row] = []
    private var rowCosts: [Int] = []
    private var known: [Set<Source.Row>]
    private let scale: Int
    private let quantum: Int
    /// For each want what one unit given to it costs.
    let prices: FlatStore<Int>
    /// Where chance comes from, as far as it has come.
    private(set) var random: SeededRandom
    /// Rows that were solved for.
    private(set) var solves = 0
    /// Whether rows are priced as well as can be; at first those that are nearly the best do.
    private var isFine = false
    /// The master's cost before any group kept a row.
    private var relaxed: Double?

    /// - Parameters:
    ///   - wants: What rows give to.
    ///   - groups: How many choose a row.
    ///   - prices: For each want what one unit costs at first.
    ///   - source: For its scale.
    ///   - random: Where chance comes from.
    init(
        _ wants: [ColumnWant], groups: Int, prices: [Int], _ source: borrowing Source, _ random: SeededRandom
    ) {
        self.random = random
        master = ColumnMaster(wants, groups: groups, &self.random)
        known = Array(repeating: [], count: groups)
        self.prices = FlatStore(prices)
        (scale, quantum) = (source.scale, source.quantum)
        for want in wants.indices { self.prices[want] = within(want, Double(prices[want]) / Double(scale)) }
    }

    /// How much was done, in units that cost about the same.
    var effort: Int { solves + master.pivots / 8 }

    /// Whether the rows that are kept have cost nothing yet.
    private var isFree: Bool { relaxed.map { master.value < $0 + 0.5 } ?? false }

    // MARK: Rows to begin with

    /// Adds a row of a group; false if it is known.
    @discardableResult
    mutating func add(_ row: Source.Row, of group: Int, _ source: borrowing Source) -> Bool {
        guard known[group].insert(row).inserted else { return false }
        let cost = source.cost(of: row, group)
        master.add(source.entries(of: row, group), costing: Double(cost) / Double(scale), to: group)
        rows.append(row)
        rowCosts.append(cost)
        return true
    }

    /// Adds for each group the best row at the prices that it was made with.
    mutating func addPriced(_ source: inout Source, _ isOver: (Int) -> Bool) {
        for group in known.indices {
            guard !isOver(effort) else { break }
            if let row = price(group, &source)?.row { add(row, of: group, source) }
        }
    }

    /// Begins with the row of each group that was added last.
    mutating func begin() { master.begin() }

    private func within(_ want: Int, _ price: Double) -> Int {
        -Int((master.wants[want].within(price.isFinite ? -price : 0) * Double(scale)).rounded())
    }

    private mutating func price(_ group: Int, _ source: inout Source) -> (row: Source.Row?, bound: Int)? {
        solves += 1
        return source.cheapest(group, prices: prices, isFine: isFine)
    }

    // MARK: Generation

    /// Solves the master, and adds rows that are cheaper at its prices, until there are none.
    ///
    /// - Parameters:
    ///   - rounds: At most so often.
    ///   - enough: A cost; generation ends early once all costs, but for what stands still, must be as high.
    ///   - source: Finds rows.
    ///   - isOver: Whether to stop, after so much effort.
    /// - Returns: Whether the part can still cost less than enough.
    mutating func generate(
        rounds: Int, enough: Int?, _ source: inout Source, _ isOver: (Int) -> Bool
    ) -> Bool {
        var center: (prices: [Int], sum: Int)?
        var tail = Tail(patience: relaxed == nil ? 6 : 2)
        defer { isFine = false }
        for _ in 0..<rounds {
            let done = effort
            master.solve { isOver(done) }
            // Hardly cheaper than that can it become, whatever rows are added.
            if isFree { break }
            let exact = masterPrices()
            // Prices swing less, and rows are found in fewer rounds, half way to those that proved most (Wentges 1997).
            setPrices(center.map { Self.between($0.prices, exact) } ?? exact)
            guard var found = addRows(&source, isOver) else { return true }
            if !found.isNew, center != nil {
                setPrices(exact)
                guard let again = addRows(&source, isOver) else { return true }
                found = again
            }
            if found.sum > center?.sum ?? Int.min { center = (prices.array, found.sum) }
            let proven = center?.sum ?? found.sum
            // Costs are multiples of one: a little below the next one is as good as there.
            if let enough, proven > enough - quantum { return false }
            if !found.isNew || tail.isReached(master.value) {
                guard !isFine, relaxed == nil else { break }
                isFine = true
                tail = Tail(patience: 2)
                continue
            }
            if Double(proven) / Double(scale) > master.value - 0.05 { break }
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

    private func masterPrices() -> [Int] {
        // Within what a want can cost at all, or they would prove nothing.
        master.wants.indices.map { within($0, -master.value(of: $0)) }
    }

    private func setPrices(_ values: [Int]) {
        for (want, price) in values.enumerated() { prices[want] = price }
    }

    private static func between(_ left: [Int], _ right: [Int]) -> [Int] { zip(left, right).map { ($0 + $1) / 2 } }

    /// Prices a row of each group that keeps none, and adds those that the master lacks.
    ///
    /// - Returns: Whether there were any, and a bound on what the part costs; nil when time is over.
    private mutating func addRows(_ source: inout Source, _ isOver: (Int) -> Bool) -> (isNew: Bool, sum: Int)? {
        var sum = leastOfWants
        var isNew = false
        for group in known.indices {
            guard !isOver(effort) else { return nil }
            let column = Int(master.kept[group])
            if column >= 0 {
                sum += rowCosts[column]
                for entry in source.entries(of: rows[column], group) {
                    sum += prices[Int(entry.want)] * Int(entry.count)
                }
                continue
            }
            guard let priced = price(group, &source) else { return nil }
            sum += priced.bound
            guard let row = priced.row else { continue }
            let cost = Double(source.cost(of: row, group)) / Double(scale)
            if master.lacks(source.entries(of: row, group), costing: cost, of: group), add(row, of: group, source) {
                isNew = true
            }
        }
        return (isNew, sum)
    }

    /// The wants' share of the bound: what each costs at least, given the prices.
    private var leastOfWants: Int {
        var sum = 0
        for (want, line) in master.wants.enumerated() {
            let price = prices[want]
            sum -= price * line.target
            for step in line.under { sum += Self.gain(step, scale, price) }
            for step in line.over { sum += Self.gain(step, scale, -price) }
        }
        return sum
    }

    /// What a step that is worth taking gains, rounded so that nothing is proven by it.
    private static func gain(_ step: ColumnWant.Step, _ scale: Int, _ price: Int) -> Int {
        let cost = Int((step.cost * Double(scale)).rounded()) + price
        return cost < 0 && step.most < 1e9 ? cost * Int(step.most) : 0
    }

    // MARK: The dive

    /// Has people keep rows, some at a time, until all do.
    ///
    /// - Parameters:
    ///   - percent: Of the people that are free, how many keep a row in each step.
    ///   - enough: A cost; the dive ends once it must cost as much.
    ///   - source: Finds rows.
    ///   - isOver: Whether to stop, after so much effort.
    /// - Returns: For each group a row; nil where it became clear that they cost too much.
    mutating func dive(
        percent: Int, enough: Int?, _ source: inout Source, _ isOver: (Int) -> Bool
    ) -> [Source.Row]? {
        guard generate(rounds: 20, enough: enough, &source, isOver) else { return nil }
        defer { master.free() }
        relaxed = master.value
        master.remember()
        defer { relaxed = nil }
        var percent = percent
        while true {
            // Generation may end with rows that the master has not seen; only what is best is mended in a few pivots.
            let done = effort
            master.solve { isOver(done) }
            let choices = choose(percent: percent)
            if choices.isEmpty { break }
            guard master.keep(choices, { isOver(done) }) else { return nil }
            let left = master.kept.count { $0 < 0 }
            guard left > 0 else { break }
            guard generate(rounds: 30 + 300 / left, enough: enough, &source, isOver) else { return nil }
            // As long as nothing becomes dearer the steps may be long.
            percent = isFree ? min(20, percent * 3 / 2) : max(10, percent * 2 / 3)
            if isOver(effort) { return nil }
        }
        guard !master.kept.contains(where: { $0 < 0 }) else { return nil }
        return master.kept.map { rows[Int($0)] }
    }

    /// Whoever has hardly a choice left, and of the others those with the clearest one.
    private mutating func choose(percent: Int) -> [(group: Int, column: Int)] {
        let all = master.favourites
        var sure = all.filter { $0.share > 0.999 }.map { (group: $0.group, column: $0.column) }
        var open = all.filter { $0.share <= 0.999 }
            .map { (share: $0.share + Double(random.below(1024)) / 20_480, choice: $0) }
        open.sort { ($0.share, $0.choice.group) > ($1.share, $1.choice.group) }
        for (_, choice) in open.prefix(max(1, open.count * percent / 100)) {
            sure.append((choice.group, choice.column))
        }
        return sure
    }
}

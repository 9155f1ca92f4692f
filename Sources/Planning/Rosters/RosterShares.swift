/// Makes all rows of a roster at once: people share themselves among the rows they know, at prices that follow.
///
/// What is reached is the bound of the linear program over all legal rows, as column generation finds it with a simplex,
/// but with ``SharePrices``. A dive then has people choose the row that they take most of, some at a time, the others
/// and the prices making room for them.
///
/// For long rosters rows are solved without their limits on minutes, charges standing for these (``MinuteCharges``): that
/// proves nearly as much, but there is nothing to dive to.
struct RosterShares: ~Copyable {
    private let tables: RosterTables
    private let prices: SharePrices
    private var shares: RowShares
    private let pricers: [RosterPricer]
    private let minutes: MinuteCharges
    private let keepsMinutes: Bool
    private var random: SeededRandom
    /// How much one person more in a cell is dearer for it.
    private var stiffness: Double
    /// Proofs in a row that were no better than the best.
    private var misses = 0
    /// No roster costs less, in the row solver's units, wishes for work apart.
    private(set) var bound = Int.min
    /// The prices that proved most.
    private(set) var bestPrices: [Int]
    /// Rows that were solved for.
    private(set) var solves = 0

    /// How often prices go on from where they are between two times that rows are solved for, which takes much longer,
    /// and how often all shares move in between.
    private static let updates = 3
    private static let moves = 10
    /// Passes before it is seen what they prove.
    private static let passesPerProof = 6
    /// Proofs that hardly prove more, after which prices are as good as they get.
    private static let patience = 4
    /// Of those who have not chosen, how many do in a dive's step.
    private static let chosenPercent = 5

    /// - Parameters:
    ///   - tables: The problem.
    ///   - threads: How many look for rows.
    ///   - keepsMinutes: Whether rows are solved with their limits on minutes.
    ///   - rows: A legal roster, `person * days + day`.
    ///   - random: Where chance comes from.
    init(_ tables: RosterTables, threads: Int, keepsMinutes: Bool, rows: [Int16], _ random: SeededRandom) {
        self.tables = tables
        self.keepsMinutes = keepsMinutes
        let solved = keepsMinutes ? tables : tables.withoutMinutes
        pricers = (0..<threads).map { _ in RosterPricer(tables, solving: solved) }
        minutes = MinuteCharges(tables)
        self.random = random
        let wants = (0..<tables.cells).map { cell in
            ColumnWant(
                target: Int(tables.wanted[cell]),
                under: [ColumnWant.Step(cost: Double(tables.weightUnder[cell]), most: .infinity)],
                over: [ColumnWant.Step(cost: Double(tables.weightOver[cell]), most: .infinity)])
        }
        prices = SharePrices(wants, scale: tables.scale)
        bestPrices = tables.weightUnder.map { -Int($0) * tables.scale / 10 }
        prices.begin(with: bestPrices)
        // Everybody is a library of their own, whose slots are the units of minutes.
        shares = RowShares(
            people: Array(0..<tables.people), longest: tables.days, cells: tables.cells, libraries: tables.people,
            keeping: 40)
        stiffness = Self.usual(tables)
        for person in 0..<tables.people {
            add(Array(rows[person * tables.days..<(person + 1) * tables.days]), of: person)
        }
    }

    /// A tenth of what a person missing costs: many follow a price at once.
    private static func usual(_ tables: RosterTables) -> Double { Double(tables.usualWeight * tables.scale) / 10 }

    private var rule: RowShares.Stiffness {
        RowShares.Stiffness(cells: stiffness, libraries: keepsMinutes ? 0 : minutes.stiffness)
    }

    /// What a unit of minutes costs a person, by what their shares have.
    private func charge(_ person: Int) -> Int {
        keepsMinutes ? 0 : minutes.charge(person, units: shares.givenByLibrary[person])
    }

    /// Whether no shares cost less than is proven, or hardly.
    private var isSettled: Bool { value - Double(bound) < Double(tables.scale) / 2 }

    /// What rows and wants cost, as people share themselves.
    private var value: Double {
        let rows = (0..<tables.people).reduce(0.0) { $0 + shares.cost(of: $1) }
        return (0..<tables.cells).reduce(rows) { $0 + prices.cost($1, given: shares.given[$1]) }
    }

    private func add(_ row: [Int16], of person: Int) {
        var cells: [Int] = []
        var (cost, units) = (0, 0)
        for (day, shift) in row.enumerated() where shift >= 0 {
            let cell = day * tables.shiftCount + Int(shift)
            cells.append(cell)
            cost += Int(tables.ownCost[person * tables.cells + cell]) * tables.scale
            units += tables.units[Int(shift)]
        }
        guard !shares.knows(cells, of: person) else { return }
        let charge = charge(person)
        _ = shares.add(cells, costing: cost, slots: units, of: person) {
            shares.units(of: person, $0, prices.now, perSlot: charge)
        }
    }

    // MARK: The bound

    /// Moves prices to where people who share themselves do nearly what is wanted.
    ///
    /// - Parameter isOver: Whether to stop, after so many rows were solved for.
    mutating func settle(_ isOver: (Int) -> Bool) async {
        var (last, stale) = (Int.min, 0)
        while !isOver(solves) {
            for _ in 0..<Self.passesPerProof where !isOver(solves) { await pass(isOver) }
            await prove()
            if isSettled { return }
            stale = last == .min || bound > last + tables.scale / 3 ? 0 : stale + 1
            if stale == 0 { last = bound }
            if stale >= Self.patience { return }
        }
    }

    /// Sees what the prices prove: everybody's best row and every cell's best number of people at them.
    private mutating func prove() async {
        var sum = prices.least
        let charges = minutes.all
        for offer in await offers(to: Array(0..<tables.people), slack: tables.scale / 8) {
            sum += offer.bound - (keepsMinutes ? 0 : minutes.least(offer.person, charge: charges[offer.person]))
            if let row = offer.row { add(row, of: offer.person) }
        }
        guard sum <= bound else {
            bound = sum
            bestPrices = prices.now.array
            misses = 0
            return
        }
        misses += 1
        guard misses >= 2 else { return }
        // Prices swing about what they should be.
        misses = 0
        stiffness *= 0.7
    }

    // MARK: The dive

    /// Has people choose rows until all have.
    ///
    /// - Parameters:
    ///   - effort: How many rows may be solved for.
    ///   - isOver: Whether to stop.
    /// - Returns: All rows, `person * days + day`.
    mutating func dive(effort: Int, _ isOver: (Int) -> Bool) async -> [Int16] {
        stiffness = Self.usual(tables)
        prices.begin(with: bestPrices)
        shares.reopen()
        for _ in 0..<2 * Self.passesPerProof { await pass(isOver) }
        // Those who are left at each step sum up to as many as there are, divided by the part that chooses.
        let passes = max(2, min(10, effort * Self.chosenPercent / 100 / max(1, tables.people)))
        var chosen = 0
        while chosen < tables.people {
            chosen += max(1, (tables.people - chosen) * Self.chosenPercent / 100)
            shares.choose(chosen, &random)
            let left = tables.people - chosen
            guard left > 0, !isOver(solves) else { continue }
            // The fewer can still follow a price, the further it may go at once.
            stiffness = Self.usual(tables) * min(10, Double(tables.people) / Double(left))
            for _ in 0..<max(passes, min(12, passes + 60 / left)) { await pass(isOver) }
        }
        return favourites
    }

    /// For each person the row that they take most of.
    private var favourites: [Int16] {
        var rows = [Int16](repeating: -1, count: tables.people * tables.days)
        for person in 0..<tables.people {
            for cell in shares.favourite(of: person) {
                let (day, shift) = cell.quotientAndRemainder(dividingBy: tables.shiftCount)
                rows[person * tables.days + day] = Int16(shift)
            }
        }
        return rows
    }

    // MARK: Passes

    /// Lets all who have not chosen find a row and share themselves, prices following.
    private mutating func pass(_ isOver: (Int) -> Bool) async {
        prices.follow(shares.given, stiffness: stiffness)
        var order = (0..<tables.people).filter { !shares.hasChosen($0) }
        shuffle(&order)
        // Of one thread's or several, each is told prices that some others have moved.
        let portion = max(2 * pricers.count, order.count / 8)
        for first in stride(from: 0, to: order.count, by: portion) where !isOver(solves) {
            let some = Array(order[first..<min(order.count, first + portion)])
            for offer in await offers(to: some, slack: tables.scale) {
                if let row = offer.row { add(row, of: offer.person) }
            }
            for _ in 0..<2 { for person in some { move(person) } }
        }
        for _ in 0..<Self.updates {
            for _ in 0..<Self.moves {
                shuffle(&order)
                for person in order { move(person) }
            }
            prices.follow(shares.given, stiffness: stiffness)
            prices.goOnFromHere()
            if !keepsMinutes { minutes.goOn(shares.givenByLibrary) }
        }
    }

    private func move(_ person: Int) {
        shares.move(person, shares.ends(of: person, prices.now, perSlot: charge(person)), prices, rule)
    }

    private mutating func shuffle(_ order: inout [Int]) {
        for index in order.indices.dropFirst() { order.swapAt(index, random.below(index + 1)) }
    }

    /// The cheapest rows of some people, several threads looking for them.
    private mutating func offers(to people: [Int], slack: Int) async -> [RosterOffer] {
        solves += people.count
        let (now, charges, pricers) = (prices.now.array, minutes.all, pricers)
        let found = await withTaskGroup(of: [RosterOffer].self) { group in
            for (thread, pricer) in pricers.enumerated() {
                let some = stride(from: thread, to: people.count, by: pricers.count).map { people[$0] }
                group.addTask { pricer.offers(to: some, prices: now, charges: charges, slack: slack) }
            }
            var all: [RosterOffer] = []
            for await some in group { all += some }
            return all
        }
        // In the order of the people, whichever thread was first.
        return found.sorted { $0.person < $1.person }
    }
}

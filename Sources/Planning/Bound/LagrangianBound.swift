import Coverage
import Synchronization

/// A cost below which no plan can go, proven by prices.
///
/// One operator more in a cell is given a price, the same for all, and so is a slot of a library's; then each row is
/// solved alone, each cell chooses how many operators it would have at that price, and each library how many slots.
/// Whatever the prices are, the sum is no more than what the best plan costs (Lagrangian relaxation: Geoffrion,
/// "Lagrangean relaxation for integer programming", 1974). Good prices are those at which operators who share themselves
/// among several rows staff all cells as these want it (``WeekBound/share(_:_:_:)``). What prices prove is told in
/// integers, so that it is exact and the same on every machine.
///
/// Where operators then choose one row each, some at a time, the others and the prices making room for them
/// (``dive(_:part:threads:)``), a plan comes out that costs little more than what is proven.
///
/// Row rules (``RowRule``) are left out: whatever class they have, a plan within them is one of those without them and
/// costs no less, so the bound holds, if not as close.
struct LagrangianBound: Sendable {
    private let tables: EngineTables
    private let desks: [BoundDesk]
    /// For each library the slots of fixed shifts.
    private let fixedSlots: [Int]
    private let seed: UInt64
    /// What a slot more of each library costs beside the cells' prices.
    private var perSlot: [Int]
    private var bestPerSlot: [Int]
    /// For each library the slots that shares and fixed shifts give it.
    private var given: [Double]
    private var stiffness: RowShares.Stiffness
    private var passesSinceProof = 0
    /// Proofs in a row that were no better than the best.
    private var misses = 0
    /// In units of ``PlanCost``; no plan costs less than nothing.
    private(set) var best = 0

    /// Passes before it is seen what they prove.
    private static let passesPerProof = 6

    /// - Complexity: takes some hundred bytes for each cell and each operator.
    init(_ tables: EngineTables, fixedSlots: [Int], seed: UInt64) {
        self.tables = tables
        self.fixedSlots = fixedSlots
        self.seed = seed
        desks = tables.weeks.indices.map { BoundDesk($0, tables) }
        perSlot = [Int](repeating: 0, count: tables.problem.libraries.count)
        bestPerSlot = perSlot
        given = fixedSlots.map(Double.init)
        let rules = tables.problem.rules
        // One operator too few moves a price by about what that costs; less where many would follow it at once.
        let crowd = max(1, Double(tables.hasFixed.count).squareRoot() / 20)
        stiffness = RowShares.Stiffness(
            cells: Double(rules.thinUnits) / crowd,
            libraries: Double(rules.contributionWeight * rules.hoursOfSlot) / 40)
    }

    /// The prices that proved most.
    var prices: SearchPrices {
        SearchPrices(cells: desks.map { desk in desk.bound.withLock { $0.best() } }, libraries: bestPerSlot)
    }

    /// For each week the rows that operators take most of.
    var favourites: [[OperatorChoice]] { desks.map { desk in desk.bound.withLock { $0.favourites() } } }

    /// Takes up a plan.
    mutating func begin(with rows: PlanRows) {
        for (week, desk) in desks.enumerated() {
            var state = WeekState(week, tables)
            state.take(rows.weeks[week], tables)
            state.begin(
                otherSlots: fixedSlots, edges: tables.hasFixed.indices.map { rows.edges(of: $0, week: week, tables) },
                surroundings: [], tables)
            desk.bound.withLock { [state] bound in
                bound.begin(state)
                bound.remember()
            }
        }
        sumUp()
    }

    /// Lets all operators find rows and share themselves once.
    ///
    /// - Parameters:
    ///   - number: Another for each pass.
    ///   - threads: Weeks at the same time, at most.
    mutating func pass(_ number: Int, threads: Int) async {
        let prices = libraryPrices
        await each(number, threads) { [stiffness] bound, random in
            bound.share(prices, prices.stiffening(stiffness), &random)
        }
        sumUp()
        let now = libraryPrices
        for library in perSlot.indices { perSlot[library] = now.price(library, more: 0) }
        passesSinceProof += 1
        if passesSinceProof >= Self.passesPerProof { await prove(threads) }
    }

    /// The same, once more operators have chosen the row that they take most of.
    ///
    /// - Parameters:
    ///   - number: Another for each pass.
    ///   - part: How many of all operators, of 65,536, have chosen then.
    ///   - threads: Weeks at the same time, at most.
    mutating func dive(_ number: Int, part: Int, threads: Int) async {
        await each(number, threads) { bound, random in bound.choose(part, &random) }
        passesSinceProof = 0
        await pass(number, threads: threads)
    }

    private mutating func sumUp() {
        given = fixedSlots.map(Double.init)
        for desk in desks {
            for (library, slots) in desk.bound.withLock({ $0.givenByLibrary }).enumerated() { given[library] += slots }
        }
    }

    private var libraryPrices: LibraryPrices {
        LibraryPrices(tables, center: perSlot, given: given, stiffness: stiffness.libraries)
    }

    /// Sees what the last prices prove.
    mutating func finish(threads: Int) async {
        if passesSinceProof > 0 || best == 0 { await prove(threads) }
    }

    private mutating func prove(_ threads: Int) async {
        passesSinceProof = 0
        var value = 0
        let values = await each(0, threads) { [perSlot] bound, _ in bound.evaluate(perSlot: perSlot) }
        for part in values { value += part }
        let slots = slotsNow()
        for library in perSlot.indices { value += choice(library, slots[library]).units }
        guard value > best else { return calmDown() }
        misses = 0
        best = value
        bestPerSlot = perSlot
        for desk in desks { desk.bound.withLock { $0.remember() } }
    }

    /// Has prices follow less closely where they swing about what they should be.
    private mutating func calmDown() {
        misses += 1
        guard misses >= 2 else { return }
        misses = 0
        stiffness.cells *= 0.7
        stiffness.libraries *= 0.7
    }

    /// Works on each week, several at a time.
    @discardableResult
    private func each<Value: Sendable>(
        _ number: Int, _ threads: Int, _ body: @escaping @Sendable (inout WeekBound, inout SeededRandom) -> Value
    ) async -> [Value] {
        await withTaskGroup(of: (Int, Value).self) { group in
            var waiting = desks.indices.makeIterator()
            func startNext() {
                guard let week = waiting.next() else { return }
                let desk = desks[week]
                var random = SeededRandom(seed: seed ^ 0xB0_0D, stream: UInt64(number), UInt64(week))
                group.addTask { [random] in
                    var random = random
                    return (week, desk.bound.withLock { body(&$0, &random) })
                }
                _ = random.next()
            }
            for _ in 0..<max(1, threads) { startNext() }
            var values: [(Int, Value)] = []
            for await value in group {
                values.append(value)
                startNext()
            }
            return values.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    // MARK: Libraries

    private func slotsNow() -> [Int] {
        var slots = fixedSlots
        for desk in desks {
            desk.bound.withLock { bound in
                for library in slots.indices { slots[library] += bound.librarySlots[library] }
            }
        }
        return slots
    }

    /// The slots that a library would have at its price, of several the nearest to what its rows do, and what that
    /// costs.
    private func choice(_ library: Int, _ taken: Int) -> (units: Int, slots: Int) {
        let problem = tables.problem
        let hours = problem.rules.hoursOfSlot
        let promise = problem.rules.promise(problem.libraries[library].contributionHoursPerWeek, days: problem.days)
        // What a slot more costs changes only at the promise.
        let turn = hours > 0 ? promise / hours : 0
        var best = (units: Int.max, slots: 0)
        for slots in [turn, turn + 1, max(0, taken), 0] {
            let units = tables.contribution(library, slots: slots) - perSlot[library] * (slots - fixedSlots[library])
            if units < best.units || units == best.units && abs(slots - taken) < abs(best.slots - taken) {
                best = (units, slots)
            }
        }
        return best
    }
}

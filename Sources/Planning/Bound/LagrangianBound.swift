import Coverage
import Synchronization

/// A cost below which no plan can go, proven by prices.
///
/// One operator more in a cell is given a price, the same for all, and so is a slot of a library's; then each row is
/// solved alone, each cell chooses how many operators it would have at that price, and each library how many slots.
/// Whatever the prices are, the sum is no more than what the best plan costs (Lagrangian relaxation: Geoffrion,
/// "Lagrangean relaxation for integer programming", 1974). Good prices are found from a good plan: first by making its
/// rows the best ones (``WeekBound/project(perSlot:_:)``), then by letting rows choose
/// (``WeekBound/sweep(perSlot:step:_:)``). All in integers, so that the bound is exact and the same on every machine.
struct LagrangianBound: Sendable {
    private let tables: EngineTables
    private let desks: [BoundDesk]
    /// For each library the slots of fixed shifts.
    private let fixedSlots: [Int]
    private let seed: UInt64
    /// For each library the slots that the plan gives it, and what a slot more costs beside the cells' prices.
    private var planSlots: [Int] = []
    private var perSlot: [Int]
    private var bestPerSlot: [Int]
    private var passesSinceProof = 0
    /// In units of ``PlanCost``; no plan costs less than nothing.
    private(set) var best = 0

    /// Of the way, the part that makes the plan's rows the best ones.
    private static let projectingUpTo = 12_000
    /// Sweeps before it is seen what they prove.
    private static let sweepsPerProof = 3

    /// - Complexity: takes some hundred bytes for each cell and each operator.
    init(_ tables: EngineTables, fixedSlots: [Int], seed: UInt64) {
        self.tables = tables
        self.fixedSlots = fixedSlots
        self.seed = seed
        desks = tables.weeks.indices.map { BoundDesk($0, tables) }
        perSlot = [Int](repeating: 0, count: tables.problem.libraries.count)
        bestPerSlot = perSlot
    }

    /// The prices that proved most.
    var prices: SearchPrices {
        SearchPrices(cells: desks.map { desk in desk.bound.withLock { $0.best() } }, libraries: bestPerSlot)
    }

    /// Takes up a plan.
    mutating func begin(with rows: PlanRows) {
        planSlots = fixedSlots
        for (week, desk) in desks.enumerated() {
            var state = WeekState(week, tables)
            state.take(rows.weeks[week], tables)
            state.begin(
                otherSlots: fixedSlots, edges: tables.hasFixed.indices.map { rows.edges(of: $0, week: week, tables) },
                tables)
            for library in planSlots.indices { planSlots[library] += state.librarySlots[library] }
            desk.bound.withLock { [state] in $0.begin(state) }
        }
        keepLibraryPricesWithin()
        for desk in desks { desk.bound.withLock { $0.remember() } }
    }

    /// Goes through all rows once, or twice where it is also seen what the prices prove.
    ///
    /// - Parameters:
    ///   - number: Another for each pass.
    ///   - progress: How far it has come, of 65,536.
    ///   - threads: Weeks at the same time, at most.
    mutating func pass(_ number: Int, progress: Int, threads: Int) async {
        if progress < Self.projectingUpTo {
            await each(number, threads) { [perSlot] bound, random in bound.project(perSlot: perSlot, &random) }
            for desk in desks {
                desk.bound.withLock { bound in
                    for library in perSlot.indices { perSlot[library] += bound.pushes[library] / desks.count }
                }
            }
            keepLibraryPricesWithin()
            return
        }
        let done = (progress - Self.projectingUpTo) * 65_536 / (65_536 - Self.projectingUpTo)
        let step = SearchPhase.falling(from: 4 * PlanCost.unitsPerOne, halvings: 6, done)
        await each(number, threads) { [perSlot] bound, random in
            bound.sweep(perSlot: perSlot, step: step, &random)
        }
        moveLibraryPrices(step / 10)
        passesSinceProof += 1
        if passesSinceProof >= Self.sweepsPerProof { await prove(threads) }
    }

    /// Sees what the last prices prove.
    mutating func finish(threads: Int) async {
        if passesSinceProof > 0 || best == 0 { await prove(threads) }
    }

    private mutating func prove(_ threads: Int) async {
        passesSinceProof = 0
        for desk in desks { desk.bound.withLock { $0.takeMean() } }
        var value = 0
        let values = await each(0, threads) { [perSlot] bound, _ in bound.evaluate(perSlot: perSlot) }
        for part in values { value += part }
        let slots = slotsNow()
        for library in perSlot.indices { value += choice(library, slots[library]).units }
        guard value > best else { return }
        best = value
        bestPerSlot = perSlot
        for desk in desks { desk.bound.withLock { $0.remember() } }
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

    /// What one slot more than so many costs a library.
    private func adding(_ library: Int, to slots: Int) -> Int {
        tables.contribution(library, slots: slots + 1) - tables.contribution(library, slots: slots)
    }

    /// Keeps prices where libraries would have just the slots that the plan gives them.
    private mutating func keepLibraryPricesWithin() {
        for library in perSlot.indices {
            let slots = planSlots[library]
            perSlot[library] = min(
                adding(library, to: slots), max(adding(library, to: slots - 1), perSlot[library]))
        }
    }

    private mutating func moveLibraryPrices(_ step: Int) {
        let slots = slotsNow()
        let most = tables.problem.rules.contributionWeight * tables.problem.rules.hoursOfSlot
        for library in perSlot.indices {
            let off = slots[library] - choice(library, slots[library]).slots
            perSlot[library] = min(most, max(-most, perSlot[library] + step * off))
        }
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

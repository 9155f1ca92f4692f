import Synchronization

/// One week's part of the bound: its prices, and what its rows and cells would do at them.
struct WeekBound: ~Copyable {
    private let pricer: RowPricer
    private var solver: RowSolver
    /// The week with nobody in it.
    private let empty: WeekState
    /// Whether rows can be solved exactly: no stretch that goes on over the week's ends has to be long.
    private let isExact: Bool
    private var found: [Int] = []
    private let engine: EngineTables
    private let week: Int
    /// For each cell, queue × slots + slot, what being there costs: mostly below zero.
    private let prices: FlatStore<Int>
    /// The prices that proved most.
    private let bestPrices: FlatStore<Int>
    /// How many rows are in each cell at the prices, and the operators whom fixed shifts put there.
    private let counts: FlatStore<Int32>
    private let fixed: FlatStore<Int32>
    /// Slots of each library at the prices.
    private(set) var librarySlots: [Int]

    /// The plan's rows as cells, and what each costs beside coverage and contribution.
    private var rows: [[Int]] = []
    private var rowUnits: [Int] = []
    /// Between these prices a cell would have just the operators that the plan gives it.
    private let lowest: FlatStore<Int>
    private let highest: FlatStore<Int>
    /// By how much the library's prices should move for the plan's rows.
    private(set) var pushes: [Int]

    /// How far a choice moves a cell's price, 16 times how much more that is than for others, and whether the cell had
    /// too many or too few the last time.
    private let pace: FlatStore<Int>
    private let boost: FlatStore<Int>
    private let lastSign: FlatStore<Int8>
    /// The sum of prices over sweeps, whose mean is better than any of them.
    private let sum: FlatStore<Int>
    private var sweeps = 0

    private static let blocks = 32
    private static let mostBoost = 16
    /// Prices beyond so many units move faster, in proportion.
    private static let usualPrice = 4

    init(_ week: Int, _ engine: EngineTables) {
        pricer = RowPricer(week, engine)
        solver = RowSolver(engine)
        empty = WeekState(week, engine)
        isExact = engine.shortest.allSatisfy { $0 == 1 }
        self.engine = engine
        self.week = week
        let cells = pricer.tables.queues * pricer.tables.slots
        prices = FlatStore(count: cells, repeating: 0)
        bestPrices = FlatStore(count: cells, repeating: 0)
        counts = FlatStore(count: cells, repeating: 0)
        fixed = FlatStore(empty.staffed)
        lowest = FlatStore(count: cells, repeating: 0)
        highest = FlatStore(count: cells, repeating: 0)
        pace = FlatStore(count: cells, repeating: 0)
        boost = FlatStore(count: cells, repeating: 16)
        lastSign = FlatStore(count: cells, repeating: 0)
        sum = FlatStore(count: cells, repeating: 0)
        librarySlots = [Int](repeating: 0, count: engine.problem.libraries.count)
        pushes = librarySlots
    }

    /// Finds an operator's cheapest row, as cells in ``found``: day by day, and exactly where that breaks a rest.
    ///
    /// - Returns: What it costs, or less.
    private mutating func findRow(_ person: Int, _ perSlot: Int) -> Int {
        found.removeAll(keepingCapacity: true)
        let units = pricer.cheapest(person, prices: prices, perSlot: perSlot) { found.append($0) }
        guard isExact, !engine.hasFixed[person], breaksRest(found),
            let exact = solver.cheapest(person, empty, prices: prices, perSlot: perSlot)
        else { return units }
        found.removeAll(keepingCapacity: true)
        for stretch in exact.row {
            for slot in stretch.start..<stretch.start + stretch.length {
                found.append(stretch.queue * pricer.tables.slots + slot)
            }
        }
        return exact.units
    }

    /// Whether a break between cells is neither short nor a full rest.
    private func breaksRest(_ cells: [Int]) -> Bool {
        let full = pricer.tables.breakUnits.count
        let slots = pricer.tables.slots
        for cell in cells {
            let slot = cell % slots
            // The nearest later slot of the row.
            var next = Int.max
            for other in cells where other % slots > slot { next = min(next, other % slots) }
            guard next < Int.max, next - slot - 1 > 0, next - slot - 1 < full else { continue }
            if pricer.tables.breakUnits[next - slot - 1] > 0 { return true }
        }
        return false
    }

    // MARK: From a plan to prices

    /// Takes up a plan: prices begin where its staffing is what each cell would have.
    mutating func begin(_ state: WeekState) {
        let tables = state.slots
        rows = state.worked.indices.map { person in
            state.stretches(of: person, engine).flatMap { stretch in
                (stretch.start..<stretch.start + stretch.length).map { stretch.queue * tables + $0 }
            }
        }
        rowUnits = state.rowUnits
        for cell in 0..<prices.count where pricer.tables.target[cell] >= 0 {
            let queue = cell / pricer.tables.slots
            let staffed = state.staffed[cell]
            highest[cell] = pricer.tables.adding(cell, queue, staffed)
            lowest[cell] = staffed > 0 ? pricer.tables.adding(cell, queue, staffed - 1) : -pricer.tables.gapUnits[queue]
            prices[cell] = min(highest[cell], max(lowest[cell], -Self.usualPrice * PlanCost.unitsPerOne))
        }
    }

    /// Changes prices so that the plan's rows become the best ones, one row after the other.
    ///
    /// Where a row is not, the prices of the cells in which the best row differs move by just as much as makes both
    /// cost the same, as far as the cells' own choices allow: projection onto one violated constraint after the other
    /// (Agmon, "The relaxation method for linear inequalities", 1954). Were none violated, the plan would be proven.
    mutating func project(perSlot: [Int], _ random: inout SeededRandom) {
        for library in pushes.indices { pushes[library] = 0 }
        for number in shuffledPeople(&random) {
            let person = Int(number)
            let library = Int(pricer.tables.library[person])
            let best = findRow(person, perSlot[library])
            let cells = rows[person]
            let now = cells.reduce(rowUnits[person]) { $0 + prices[$1] + perSlot[library] }
            if now > best { pushes[library] += move(from: cells, to: found, by: now - best) }
        }
    }

    /// Moves prices so that one set of cells becomes cheaper against another by so much.
    ///
    /// - Returns: What the library's price should do.
    private func move(from cells: [Int], to found: [Int], by excess: Int) -> Int {
        let more = found.count - cells.count
        var moving = more * more
        for cell in found where !cells.contains(cell) && prices[cell] < highest[cell] { moving += 1 }
        for cell in cells where !found.contains(cell) && prices[cell] > lowest[cell] { moving += 1 }
        let share = excess / max(1, moving)
        for cell in found where !cells.contains(cell) { prices[cell] = min(highest[cell], prices[cell] + share) }
        for cell in cells where !found.contains(cell) { prices[cell] = max(lowest[cell], prices[cell] - share) }
        return share * more
    }

    private func shuffledPeople(_ random: inout SeededRandom) -> [Int32] {
        var order = pricer.tables.people
        for index in order.indices.dropFirst() { order.swapAt(index, random.below(index + 1)) }
        return order
    }

    // MARK: Sweeps

    /// Lets one row after the other choose, and prices follow each choice at once.
    ///
    /// An incremental subgradient method (Nedić and Bertsekas, "Incremental subgradient methods for nondifferentiable
    /// optimization", 2001): what a row takes becomes dearer for the rows after it, and what is wanted becomes cheaper
    /// bit by bit.
    ///
    /// - Parameters:
    ///   - perSlot: For each library what a slot costs in addition.
    ///   - step: How far one choice moves a usual price.
    ///   - random: The order of the rows.
    mutating func sweep(perSlot: [Int], step: Int, _ random: inout SeededRandom) {
        for library in librarySlots.indices { librarySlots[library] = 0 }
        for cell in 0..<counts.count {
            counts[cell] = 0
            setPace(cell, step)
        }
        let order = shuffledPeople(&random)
        for block in 0..<Self.blocks {
            for number in order[order.count * block / Self.blocks..<order.count * (block + 1) / Self.blocks] {
                let person = Int(number)
                let library = Int(pricer.tables.library[person])
                _ = findRow(person, perSlot[library])
                for cell in found {
                    prices[cell] += pace[cell]
                    counts[cell] += 1
                }
                librarySlots[library] += found.count
            }
            lower()
        }
        sweeps += 1
        for cell in 0..<counts.count where pricer.tables.target[cell] >= 0 { judge(cell) }
    }

    private func setPace(_ cell: Int, _ step: Int) {
        let usual = Self.usualPrice
        pace[cell] = step / 16 * boost[cell] / usual * (usual + abs(prices[cell]) / PlanCost.unitsPerOne)
    }

    /// Makes every cell cheaper by its part of what it wants.
    private func lower() {
        for cell in 0..<prices.count where pricer.tables.target[cell] >= 0 {
            let queue = cell / pricer.tables.slots
            let price = prices[cell]
            let all =
                price <= -pricer.tables.gapUnits[queue]
                ? 0
                : price <= -pricer.tables.thinUnits[queue] ? pricer.tables.minimum[cell] : pricer.tables.target[cell]
            let next = price - pace[cell] * max(0, Int(all - fixed[cell])) / Self.blocks
            prices[cell] = min(pricer.tables.overUnits, max(-pricer.tables.gapUnits[queue], next))
            sum[cell] += prices[cell] / Self.blocks
        }
    }

    /// Lets a cell's price move faster as long as it moves one way (Riedmiller and Braun, "RPROP", 1993).
    private func judge(_ cell: Int) {
        let off = Int(counts[cell]) - (wanted(cell) - Int(fixed[cell]))
        let sign: Int8 = off > 0 ? 1 : off < 0 ? -1 : 0
        boost[cell] =
            sign != 0 && sign == lastSign[cell]
            ? min(Self.mostBoost * 16, boost[cell] * 3 / 2) : max(16, boost[cell] / 2)
        lastSign[cell] = sign
    }

    /// Takes the mean of the prices since the last time.
    mutating func takeMean() {
        guard sweeps > 0 else { return }
        for cell in 0..<prices.count where pricer.tables.target[cell] >= 0 {
            prices[cell] = sum[cell] / sweeps
            sum[cell] = 0
        }
        sweeps = 0
    }

    // MARK: What prices prove

    /// What the rows and the cells cost at the prices.
    mutating func evaluate(perSlot: [Int]) -> Int {
        for cell in 0..<counts.count { counts[cell] = 0 }
        for library in librarySlots.indices { librarySlots[library] = 0 }
        var total = 0
        for number in pricer.tables.people {
            let person = Int(number)
            let library = Int(pricer.tables.library[person])
            total += findRow(person, perSlot[library])
            for cell in found { counts[cell] += 1 }
            if engine.hasFixed[person] { total -= engine.joiningSaves(person, week) }
            librarySlots[library] += found.count
        }
        for person in engine.weeks[week].people where engine.hasOverrides[person] {
            total += loosely(person, perSlot[engine.problem.libraryOfOperator[person]])
        }
        for cell in 0..<counts.count where pricer.tables.target[cell] >= 0 { total += value(cell) }
        return total
    }

    /// What somebody with overrides can at best be worth: every free slot at its cheapest, whatever the limits.
    private func loosely(_ person: Int, _ perSlot: Int) -> Int {
        let problem = engine.problem
        let free = engine.weeks[week].freeSlots
        let first = engine.weeks[week].slots.lowerBound
        var total = -engine.joiningSaves(person, week)
        for index in free.range(of: person) {
            let slot = Int(free.elements[index])
            let liking = Int(problem.availability.preference[person * problem.calendar.count + first + slot])
            var least = 0
            for queue in engine.queues[person] {
                let cell = queue * pricer.tables.slots + slot
                guard pricer.tables.target[cell] >= 0 else { continue }
                least = min(least, prices[cell] + perSlot + problem.rules.preferenceUnits * (2 - liking))
            }
            total += least
        }
        return total
    }

    /// The number of operators at which a cell is cheapest, where each costs its price: of several the nearest to what
    /// the rows do.
    private func wanted(_ cell: Int) -> Int {
        let queue = cell / pricer.tables.slots
        let (minimum, target) = (Int(pricer.tables.minimum[cell]), Int(pricer.tables.target[cell]))
        let (price, base) = (prices[cell], Int(fixed[cell]))
        let taken = base + Int(counts[cell])
        let range: ClosedRange<Int>
        if price <= -pricer.tables.gapUnits[queue] {
            range = 0...minimum
        } else if price <= -pricer.tables.thinUnits[queue] {
            range = minimum...(price < -pricer.tables.thinUnits[queue] ? minimum : target)
        } else {
            range = target...(price < pricer.tables.overUnits ? target : max(target, taken))
        }
        return max(base, min(range.upperBound, max(range.lowerBound, taken)))
    }

    private func value(_ cell: Int) -> Int {
        let queue = cell / pricer.tables.slots
        let wanted = wanted(cell)
        let missing = max(0, Int(pricer.tables.minimum[cell]) - wanted)
        let thin = max(0, Int(pricer.tables.target[cell]) - wanted) - missing
        let over = max(0, wanted - Int(pricer.tables.target[cell]))
        return pricer.tables.gapUnits[queue] * missing + pricer.tables.thinUnits[queue] * thin
            + pricer.tables.overUnits * over - prices[cell] * (wanted - Int(fixed[cell]))
    }

    /// Keeps the prices as the best.
    func remember() { for cell in 0..<prices.count { bestPrices[cell] = prices[cell] } }

    /// Goes back to the best prices.
    func goBack() { for cell in 0..<prices.count { prices[cell] = bestPrices[cell] } }

    /// The best prices, cell by cell.
    func best() -> [Int] { (0..<bestPrices.count).map { bestPrices[$0] } }
}

/// A week's bound, lent to one task at a time.
final class BoundDesk: Sendable {
    let bound: Mutex<WeekBound>

    init(_ week: Int, _ tables: EngineTables) {
        bound = Mutex(WeekBound(week, tables))
    }
}

extension EngineTables {
    /// What joining on to fixed shifts at a week's ends can save at most.
    func joiningSaves(_ person: Int, _ week: Int) -> Int {
        guard let shifts = problem.fixed[person] else { return 0 }
        let slots = weeks[week].slots
        let touches = shifts.contains { shift in
            shift.slots.overlaps(slots) || shift.slots.lowerBound == slots.upperBound
                || shift.slots.upperBound == slots.lowerBound
        }
        return touches ? problem.rules.blockUnits * (1 + shifts.count { $0.slots.overlaps(slots) }) : 0
    }
}

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
    private let prices: SharePrices
    /// The prices that proved most.
    private let bestPrices: FlatStore<Int>
    /// Slots of each library at the prices.
    private(set) var librarySlots: [Int]

    private var shares: RowShares

    /// Prices of cells that nobody is in begin at most so far below nothing, in units of cost.
    private static let usualPrice = 4
    /// How often shares move for each time that new rows are found.
    private static let passes = 4

    init(_ week: Int, _ engine: EngineTables) {
        pricer = RowPricer(week, engine)
        solver = RowSolver(engine)
        empty = WeekState(week, engine)
        isExact = engine.shortest.allSatisfy { $0 == 1 }
        self.engine = engine
        self.week = week
        let cells = pricer.tables.queues * pricer.tables.slots
        prices = SharePrices(Self.wants(pricer.tables, empty), scale: 1)
        bestPrices = FlatStore(count: cells, repeating: 0)
        librarySlots = [Int](repeating: 0, count: engine.problem.libraries.count)
        let people = pricer.tables.people
        shares = RowShares(
            people: people.map { engine.problem.libraryOfOperator[Int($0)] },
            longest: min(pricer.tables.slots, engine.slotsPerWeek.max() ?? 0), cells: cells,
            libraries: engine.problem.libraries.count, keeping: 24)
    }

    /// What each cell wants beyond the operators whom fixed shifts put there; a closed one wants and costs nothing.
    private static func wants(_ tables: borrowing MoveTables, _ empty: borrowing WeekState) -> [ColumnWant] {
        (0..<tables.queues * tables.slots).map { cell in
            let queue = cell / tables.slots
            let (minimum, target) = (Int(tables.minimum[cell]), Int(tables.target[cell]))
            guard target >= 0 else { return ColumnWant(target: 0, under: [], over: []) }
            return ColumnWant(
                target: target - Int(empty.staffed[cell]),
                under: [
                    ColumnWant.Step(cost: Double(tables.thinUnits[queue]), most: Double(target - minimum)),
                    ColumnWant.Step(cost: Double(tables.gapUnits[queue]), most: .infinity),
                ],
                over: [ColumnWant.Step(cost: Double(tables.overUnits), most: .infinity)])
        }
    }

    /// Finds an operator's cheapest row, as cells in ``found``: day by day, and exactly where that breaks a rest.
    ///
    /// - Returns: What it costs, or less.
    private mutating func findRow(_ person: Int, _ perSlot: Int) -> Int {
        found.removeAll(keepingCapacity: true)
        let units = pricer.cheapest(person, prices: prices.now, perSlot: perSlot) { found.append($0) }
        guard isExact, !engine.hasFixed[person], breaksRest(found),
            let exact = solver.cheapest(person, empty, prices: prices.now, perSlot: perSlot)
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

    // MARK: Shares

    /// How many slots of each library the shares fill.
    var givenByLibrary: [Double] { shares.givenByLibrary.array }

    /// Takes up a plan: its rows are what operators know, and prices begin where each cell would have just those whom
    /// the plan gives it.
    mutating func begin(_ state: WeekState) {
        var first = [Int](repeating: 0, count: prices.now.count)
        for cell in first.indices where pricer.tables.target[cell] >= 0 {
            let queue = cell / pricer.tables.slots
            let staffed = state.staffed[cell]
            let highest = pricer.tables.adding(cell, queue, staffed)
            let lowest =
                staffed > 0 ? pricer.tables.adding(cell, queue, staffed - 1) : -pricer.tables.gapUnits[queue]
            first[cell] = min(highest, max(lowest, -Self.usualPrice * PlanCost.unitsPerOne))
        }
        prices.begin(with: first)
        for (place, person) in pricer.tables.people.enumerated() {
            let row = state.stretches(of: Int(person), engine).flatMap { stretch in
                (stretch.start..<stretch.start + stretch.length).map { stretch.queue * state.slots + $0 }
            }
            _ = shares.add(
                row, costing: state.rowUnits[Int(person)], slots: row.count, of: place, units: { _ in 0 })
        }
    }

    private func library(_ place: Int) -> Int { Int(pricer.tables.library[Int(pricer.tables.people[place])]) }

    /// Lets operators find rows and move their shares to what is cheaper, prices following each move at once.
    ///
    /// How that leads to good prices is told by ``SharePrices``.
    ///
    /// - Parameters:
    ///   - libraries: The prices of libraries' slots, by what they have.
    ///   - stiffness: How prices follow shares.
    ///   - random: The order of the operators.
    mutating func share(
        _ libraries: LibraryPrices, _ stiffness: RowShares.Stiffness, _ random: inout SeededRandom
    ) {
        prices.follow(shares.given, stiffness: stiffness.cells)
        let before = givenByLibrary
        var order = Array(pricer.tables.people.indices)
        for pass in 0..<Self.passes {
            for index in order.indices.dropFirst() { order.swapAt(index, random.below(index + 1)) }
            for place in order where !shares.hasChosen(place) {
                let library = library(place)
                let perSlot = libraries.price(library, more: shares.givenByLibrary[library] - before[library])
                move(place, perSlot: perSlot, findsRows: pass == 0, stiffness)
            }
        }
        prices.follow(shares.given, stiffness: stiffness.cells)
        prices.goOnFromHere()
    }

    /// Has operators choose a row, until the given part of 65,536 of all have.
    mutating func choose(_ part: Int, _ random: inout SeededRandom) {
        shares.choose((pricer.tables.people.count * part + 65_535) / 65_536, &random)
    }

    /// Moves an operator's share from the dearest row that has one to the cheapest, which may be a new one.
    private mutating func move(_ place: Int, perSlot: Int, findsRows: Bool, _ stiffness: RowShares.Stiffness) {
        var ends = shares.ends(of: place, prices.now, perSlot: perSlot)
        if findsRows, let new = findNewRow(place, perSlot: perSlot, below: ends.least) {
            (ends.least, ends.cheapest) = new
        }
        shares.move(place, ends, prices, stiffness)
    }

    private mutating func findNewRow(_ place: Int, perSlot: Int, below least: Int) -> (Int, Int)? {
        let units = findRow(Int(pricer.tables.people[place]), perSlot)
        guard units < least else { return nil }
        let cost = found.reduce(units) { $0 - prices.now[$1] - perSlot }
        let number = shares.add(
            found, costing: cost, slots: found.count, of: place,
            units: { shares.units(of: place, $0, prices.now, perSlot: perSlot) })
        return number.map { (units, $0) }
    }

    /// For each operator whom prices concern the row that they take most of.
    func favourites() -> [OperatorChoice] {
        pricer.tables.people.enumerated().map { place, person in
            OperatorChoice(person: Int(person), row: stretches(shares.favourite(of: place)))
        }
    }

    private func stretches(_ cells: [Int]) -> [RowStretch] {
        let slots = pricer.tables.slots
        var row: [RowStretch] = []
        for cell in cells.sorted(by: { $0 % slots < $1 % slots }) {
            let (queue, slot) = cell.quotientAndRemainder(dividingBy: slots)
            if let last = row.last, last.queue == queue, last.start + last.length == slot {
                row[row.count - 1] = RowStretch(queue: queue, start: last.start, length: last.length + 1)
            } else {
                row.append(RowStretch(queue: queue, start: slot, length: 1))
            }
        }
        return row
    }

    // MARK: What prices prove

    /// What the rows and the cells cost at the prices.
    mutating func evaluate(perSlot: [Int]) -> Int {
        for library in librarySlots.indices { librarySlots[library] = 0 }
        var total = 0
        for number in pricer.tables.people {
            let person = Int(number)
            let library = Int(pricer.tables.library[person])
            total += findRow(person, perSlot[library])
            if engine.hasFixed[person] { total -= engine.joiningSaves(person, week) }
            librarySlots[library] += found.count
        }
        for person in engine.weeks[week].people where engine.hasOverrides[person] {
            total += loosely(person, perSlot[engine.problem.libraryOfOperator[person]])
        }
        return total + prices.least
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
                least = min(least, prices.now[cell] + perSlot + problem.rules.preferenceUnits * (2 - liking))
            }
            total += least
        }
        return total
    }

    /// Keeps the prices as the best.
    func remember() { for cell in 0..<bestPrices.count { bestPrices[cell] = prices.now[cell] } }

    /// The best prices, cell by cell.
    func best() -> [Int] { (0..<bestPrices.count).map { bestPrices[$0] } }
}

/// A row for one operator's week.
struct OperatorChoice: Sendable {
    let person: Int
    let row: [RowStretch]
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

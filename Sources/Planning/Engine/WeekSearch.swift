import Synchronization

/// The search inside one week: its state, and the tables in which its rows are solved.
struct WeekSearch: ~Copyable {
    var state: WeekState
    private var moves: WeekMoves
    private var solver: RowSolver
    private let tables: EngineTables
    private let checksSums: Bool

    init(_ week: Int, _ tables: EngineTables, checksSums: Bool) {
        state = WeekState(week, tables)
        moves = WeekMoves(week, tables)
        solver = RowSolver(tables)
        self.tables = tables
        self.checksSums = checksSums
    }

    /// Fills an empty week: the best row for each operator, those with the fewest free slots first.
    ///
    /// - Returns: The rows filled.
    mutating func fillAll(atMost rows: Int, _ random: inout SeededRandom, until isOver: () -> Bool) -> Int {
        let people = tables.weeks[state.week].people
        for (filled, person) in people.enumerated() {
            if filled >= rows || isOver() { return filled }
            let row = solver.solve(person, state, insteadOf: [], noise: 0, &random)
            state.fill(person, row, tables)
        }
        if checksSums { state.check(tables) }
        return people.count
    }

    /// Has nobody be anywhere.
    mutating func clearAll() {
        for person in tables.weeks[state.week].people {
            state.clear(person, state.stretches(of: person, tables), tables)
        }
    }

    /// Fills an empty week with rows that were found without regard to what lies around the week; who cannot have theirs,
    /// or has none, gets the best one that is left.
    mutating func take(_ choices: [OperatorChoice], _ random: inout SeededRandom) {
        var rest = Set(tables.weeks[state.week].people)
        for choice in choices where state.allows(choice.row, choice.person, tables) {
            state.fill(choice.person, choice.row, tables)
            rest.remove(choice.person)
        }
        for person in rest.sorted() {
            let row = solver.solve(person, state, insteadOf: [], noise: 0, &random)
            state.fill(person, row, tables)
        }
        if checksSums { state.check(tables) }
    }

    /// Sets what ``move(steps:_:softness:_:until:)`` goes by when it goes by prices.
    mutating func setPrices(_ prices: SearchPrices) { moves.setPrices(prices, week: state.week) }

    /// Makes cheap moves.
    ///
    /// - Parameters:
    ///   - steps: How many times ``SearchBudget/movesOfStep`` moves.
    ///   - cooling: How much worse a move may make the plan.
    ///   - softness: How far the cost may be from the prices; nil for the plan's own cost.
    ///   - random: Where chance comes from.
    ///   - isOver: Asked before each step.
    /// - Returns: The steps taken.
    mutating func move(
        steps: Int, _ cooling: Cooling, softness: Int?, _ random: inout SeededRandom, until isOver: () -> Bool
    ) -> Int {
        moves.begin(state, softness: softness)
        let before = state.units + state.contributionUnits
        var taken = 0
        while taken < steps, !isOver() {
            moves.run(moves: SearchBudget.movesOfStep, cooling, &random)
            taken += 1
        }
        moves.end(into: &state)
        if checksSums {
            state.check(tables)
            let change = state.units + state.contributionUnits - before
            precondition(softness != nil || change == moves.change, "the moves' sum is off")
        }
        return taken
    }

    /// Ruins and recreates some rows, again and again.
    ///
    /// After Schrimpf et al., "Record breaking optimization results using the ruin and recreate principle" (2000):
    /// a few operators leave the week and come back one after the other, each to their best row by costs that chance
    /// has made a little dearer or cheaper; what comes out is kept if it is better, or by ``Cooling``.
    ///
    /// - Parameters:
    ///   - steps: How often.
    ///   - cooling: How much worse a step may make the plan.
    ///   - random: Where chance comes from.
    ///   - isOver: Asked before each step.
    /// - Returns: The steps taken.
    mutating func search(
        steps: Int, _ cooling: Cooling, _ random: inout SeededRandom, until isOver: () -> Bool
    ) -> Int {
        for step in 0..<steps {
            if isOver() { return step }
            let people = choose(&random)
            guard !people.isEmpty else { continue }
            let before = state.units + state.contributionUnits
            let old = people.map { state.stretches(of: $0, tables) }
            for (person, row) in zip(people, old) { state.clear(person, row, tables) }
            recreate(people, insteadOf: old, noise: cooling.noise, &random)
            if !cooling.accepts(state.units + state.contributionUnits - before, &random) {
                for person in people { state.clear(person, state.stretches(of: person, tables), tables) }
                for (person, row) in zip(people, old) { state.fill(person, row, tables) }
            }
            if checksSums { state.check(tables) }
        }
        return steps
    }

    private mutating func recreate(
        _ people: [Int], insteadOf old: [[RowStretch]], noise: Int, _ random: inout SeededRandom
    ) {
        var order = Array(people.indices)
        for index in order.indices.dropFirst() { order.swapAt(index, random.below(index + 1)) }
        for index in order {
            let row = solver.solve(people[index], state, insteadOf: old[index], noise: noise, &random)
            state.fill(people[index], row, tables)
        }
    }

    // MARK: Whom to ruin

    /// Two to five operators who can take each other's places, half the time around a badly covered slot.
    private func choose(_ random: inout SeededRandom) -> [Int] {
        let week = tables.weeks[state.week]
        guard !week.people.isEmpty, !week.openCells.isEmpty else { return [] }
        var people: [Int] = []
        let wanted = 2 + random.below(4)
        var cell: Int?
        if random.below(2) == 0 {
            cell = worstOfSome(week, &random)
        } else {
            let person = week.people[random.below(week.people.count)]
            people.append(person)
            cell = workedCell(person, &random)
        }
        while people.count < wanted, let place = cell ?? anyCell(week, &random) {
            guard let next = candidate(place, people, week, &random) else { break }
            people.append(next)
            // A chain: whoever comes next can take the place of the one before.
            cell = random.below(3) == 0 ? cell : workedCell(next, &random)
        }
        return people
    }

    private func anyCell(_ week: WeekTable, _ random: inout SeededRandom) -> Int? {
        week.openCells[random.below(week.openCells.count)]
    }

    /// Of some cells the one where an operator more would help most.
    private func worstOfSome(_ week: WeekTable, _ random: inout SeededRandom) -> Int {
        var worst = week.openCells[random.below(week.openCells.count)]
        for _ in 0..<5 {
            let other = week.openCells[random.below(week.openCells.count)]
            if state.marginal[other] < state.marginal[worst] { worst = other }
        }
        return worst
    }

    /// One of the cells in which an operator works.
    private func workedCell(_ person: Int, _ random: inout SeededRandom) -> Int? {
        guard state.worked[person] > 0 else { return nil }
        var left = random.below(state.worked[person])
        for slot in 0..<state.slots {
            let queue = state.rows[person * state.slots + slot]
            guard queue >= 0 else { continue }
            if left == 0 { return Int(queue) * state.slots + slot }
            left -= 1
        }
        return nil
    }

    /// An operator who could be in a cell, is not, and is not among those chosen.
    private func candidate(
        _ cell: Int, _ chosen: [Int], _ week: WeekTable, _ random: inout SeededRandom
    ) -> Int? {
        let (queue, slot) = cell.quotientAndRemainder(dividingBy: state.slots)
        let count = week.freeOperators.count(of: slot)
        guard count > 0 else { return nil }
        for _ in 0..<12 {
            let person = Int(week.freeOperators[slot, random.below(count)])
            guard state.rows[person * state.slots + slot] != queue, tables.queues[person].contains(queue),
                !chosen.contains(person)
            else { continue }
            return person
        }
        return nil
    }
}

/// A week's search, lent to one task at a time.
final class WeekDesk: Sendable {
    let search: Mutex<WeekSearch>

    init(_ week: Int, _ tables: EngineTables, checksSums: Bool) {
        search = Mutex(WeekSearch(week, tables, checksSums: checksSums))
    }
}

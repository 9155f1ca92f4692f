/// Finds the few changes of a plan that the new data are worth.
///
/// It begins with what still stands. First each operator's week is solved anew, exactly, with everybody else in their
/// places and a price on each hour that changes against the known plan, and kept where that is cheaper: where the old
/// plan was a good one this touches only those who can take a place that has become free or new. Then, around each
/// place that somebody lost and nobody took, a few operators who could take it, and those who could take theirs, are
/// taken out and put back together (ruin and recreate), and kept if that is cheaper.
struct RepairSearch: ~Copyable {
    /// A time on a queue.
    struct Place {
        let queue: Int
        let slots: Range<Int>
    }

    private let tables: EngineTables
    private let checksSums: Bool
    private let fixedSlots: [Int]
    private var rows: PlanRows
    private var librarySlots: [[Int]]
    private var solver: RowSolver
    private var random: SeededRandom
    /// Who has shifts of the plan on both sides of a fixed one in the week at hand: their rows stay as they are.
    private var isFrozen: [Bool]
    /// Rows solved so far.
    private(set) var steps = 0

    /// How often all operators of a week are gone through, at most.
    private static let mostRounds = 4
    /// How often an open place is tried with a chain of operators.
    private static let triesPerPlace = 60

    /// - Parameters:
    ///   - tables: Of the problem as it is now, with the plan that is known.
    ///   - plan: What still stands: it breaks no rule.
    ///   - settings: Seed, and whether sums are checked.
    init(_ tables: EngineTables, from plan: SurvivingPlan, _ settings: PlanningEngine.Settings) {
        self.tables = tables
        checksSums = settings.checksSums
        let problem = tables.problem
        var fixedSlots = [Int](repeating: 0, count: problem.libraries.count)
        for (person, shifts) in problem.fixed {
            fixedSlots[problem.libraryOfOperator[person]] += shifts.reduce(0) {
                $0 + $1.slots.clamped(to: problem.calendar.period).count
            }
        }
        self.fixedSlots = fixedSlots
        rows = PlanRows(tables)
        librarySlots = tables.weeks.map { _ in [Int](repeating: 0, count: problem.libraries.count) }
        for (number, week) in tables.weeks.enumerated() {
            for person in problem.operators.indices {
                for (index, slot) in week.slots.enumerated() {
                    let queue = plan.queueOfCell[person * problem.calendar.count + slot]
                    guard queue >= 0 else { continue }
                    rows.weeks[number][person * week.slots.count + index] = queue
                    librarySlots[number][problem.libraryOfOperator[person]] += 1
                }
            }
        }
        solver = RowSolver(tables)
        random = SeededRandom(seed: settings.seed)
        isFrozen = problem.operators.map { _ in false }
    }

    /// Searches until nothing is found any more.
    ///
    /// - Parameters:
    ///   - places: Where somebody is wanted.
    ///   - people: Whose weeks are solved anew; nil for everybody's.
    ///   - isOver: Asked before each step; true ends the search with what was found.
    /// - Returns: The rows.
    mutating func run(
        _ places: [Place], onlyFor people: Set<Int>? = nil, until isOver: () -> Bool
    ) -> PlanRows {
        for week in tables.weeks.indices {
            if isOver() { break }
            var state = begin(week)
            improve(tables.weeks[week].people.filter { people?.contains($0) ?? true }, in: &state, until: isOver)
            chain(&state, around: places.filter { tables.weeks[week].slots.overlaps($0.slots) }, until: isOver)
            if checksSums { state.check(tables) }
            rows.weeks[week] = state.rows
            librarySlots[week] = state.librarySlots
        }
        return rows
    }

    private mutating func begin(_ week: Int) -> WeekState {
        var state = WeekState(week, tables)
        state.take(rows.weeks[week], tables)
        var others = fixedSlots
        for (other, slots) in librarySlots.enumerated() where other != week {
            for library in others.indices { others[library] += slots[library] }
        }
        state.begin(
            otherSlots: others, edges: tables.hasFixed.indices.map { rows.edges(of: $0, week: week, tables) }, tables)
        for person in isFrozen.indices where tables.hasFixed[person] {
            let edges = state.edges[person]
            isFrozen[person] = !(0..<state.slots).allSatisfy { slot in
                state.rows[person * state.slots + slot] < 0 || (edges.first..<edges.end).contains(slot)
            }
        }
        return state
    }

    // MARK: One operator at a time

    private mutating func improve(_ people: [Int], in state: inout WeekState, until isOver: () -> Bool) {
        for _ in 0..<Self.mostRounds {
            var isBetter = false
            for person in people where !isFrozen[person] {
                if isOver() { return }
                if replace([person], noise: 0, in: &state) { isBetter = true }
            }
            if !isBetter { return }
        }
    }

    /// Takes operators out and puts them back in turn; undone unless the plan is cheaper for it.
    private mutating func replace(_ people: [Int], noise: Int, in state: inout WeekState) -> Bool {
        let before = state.units + state.contributionUnits
        let old = people.map { state.stretches(of: $0, tables) }
        for (person, row) in zip(people, old) { state.clear(person, row, tables) }
        for person in people {
            state.fill(person, solver.solve(person, state, noise: noise, &random), tables)
            steps += 1
        }
        if state.units + state.contributionUnits < before { return true }
        for person in people { state.clear(person, state.stretches(of: person, tables), tables) }
        for (person, row) in zip(people, old) { state.fill(person, row, tables) }
        return false
    }

    // MARK: Chains

    private mutating func chain(
        _ state: inout WeekState, around places: [Place], until isOver: () -> Bool
    ) {
        for place in places {
            for _ in 0..<Self.triesPerPlace {
                if isOver() { return }
                let open = openCells(of: place, in: state)
                guard !open.isEmpty else { break }
                let people = choose(open[random.below(open.count)], in: state)
                guard people.count > 1 else { continue }
                // The first makes room for no one: put back last, the others are back in better places already.
                let order = random.below(2) == 0 ? people : people.reversed()
                let noise = random.below(2) == 0 ? 0 : tables.problem.rules.thinUnits / 4
                _ = replace(order, noise: noise, in: &state)
            }
        }
    }

    /// The cells of a place in which somebody is still wanted.
    private func openCells(of place: Place, in state: borrowing WeekState) -> [Int] {
        let week = tables.weeks[state.week].slots
        return place.slots.clamped(to: week).map { place.queue * state.slots + $0 - week.lowerBound }
            .filter { state.marginal[$0] < 0 }
    }

    /// Two to four operators: one who could take the place, one who could take theirs, and so on.
    private mutating func choose(_ cell: Int, in state: borrowing WeekState) -> [Int] {
        var people: [Int] = []
        var cell: Int? = cell
        let wanted = 2 + random.below(3)
        while people.count < wanted, let place = cell, let next = candidate(place, people, in: state) {
            people.append(next)
            cell = workedCell(next, near: place % state.slots, in: state)
        }
        return people
    }

    private mutating func candidate(_ cell: Int, _ chosen: [Int], in state: borrowing WeekState) -> Int? {
        let (queue, slot) = cell.quotientAndRemainder(dividingBy: state.slots)
        let free = tables.weeks[state.week].freeOperators
        let count = free.count(of: slot)
        guard count > 0 else { return nil }
        for _ in 0..<24 {
            let person = Int(free[slot, random.below(count)])
            let isThere = Int(state.rows[person * state.slots + slot]) == queue
            guard !isThere, !isFrozen[person], !chosen.contains(person) else { continue }
            if tables.queues[person].contains(queue) { return person }
        }
        return nil
    }

    /// Where an operator works: in a slot itself if they do, otherwise anywhere in the week.
    private mutating func workedCell(_ person: Int, near slot: Int, in state: borrowing WeekState) -> Int? {
        let here = Int(state.rows[person * state.slots + slot])
        if here >= 0 { return here * state.slots + slot }
        let worked = (0..<state.slots).filter { state.rows[person * state.slots + $0] >= 0 }
        guard !worked.isEmpty else { return nil }
        let other = worked[random.below(worked.count)]
        return Int(state.rows[person * state.slots + other]) * state.slots + other
    }
}

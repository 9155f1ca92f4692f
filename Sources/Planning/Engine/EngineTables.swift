import Coverage

/// What the search looks up again and again, computed once from a problem.
struct EngineTables: Sendable {
    let problem: PlanningProblem
    let weeks: [WeekTable]
    /// For each operator the queues that they can be placed on at all, by skill or by an override.
    let queues: [[Int]]
    /// For each queue the slots that a stretch may have.
    let shortest: [Int]
    let longest: [Int]
    /// For each operator the most slots that the search gives them.
    let slotsPerDay: [Int]
    let slotsPerWeek: [Int]
    /// What a break costs by its number of free slots; ``RowSolver/never`` where it is not allowed.
    ///
    /// A break of as many slots as there are entries, or more, is a full rest.
    let breakUnits: [Int]
    let hasFixed: [Bool]
    let hasOverrides: [Bool]
    let isGreenDay: Bool
    let isGreenWeek: Bool
    /// For each library what it promised for the whole period, in units of hours.
    let promises: [Int]
    /// The plan that changes are counted against, where one is known.
    let reference: ReferencePlan?
    /// For some operators with fixed shifts the part of each week that is filled, in place of the longest.
    let windows: [Int: [Range<Int>]]

    init(
        _ problem: PlanningProblem, reference: ReferencePlan? = nil, windows: [Int: [Range<Int>]] = [:]
    ) {
        self.problem = problem
        self.reference = reference
        self.windows = windows
        let people = problem.operators.indices
        hasFixed = people.map { problem.fixed[$0] != nil }
        hasOverrides = people.map(problem.overrides.concerns)
        let every = Array(problem.queues.indices)
        queues = people.map { person in
            let slots = problem.calendar.period
            let bends =
                problem.overrides.concerns(person)
                && slots.contains { problem.overrides.permits(breaking: .skill, person, at: $0) }
            return bends ? every : problem.queuesOfOperator[person]
        }
        shortest = every.map { problem.lengths(on: $0).lowerBound }
        longest = every.map { problem.lengths(on: $0).upperBound }
        let rules = problem.rules
        (isGreenDay, isGreenWeek) = (rules.isGreen(.maxHoursPerDay), rules.isGreen(.maxHoursPerWeek))
        // A guideline is bent up to twice its hours; beyond that no plan of ours goes.
        let (dayFactor, weekFactor) = (isGreenDay ? 2 : 1, isGreenWeek ? 2 : 1)
        slotsPerDay = people.map { max(0, problem.slotsPerDay($0)) * dayFactor }
        slotsPerWeek = people.map { max(0, problem.slotsPerWeek($0)) * weekFactor }
        breakUnits = Self.breakUnits(rules)
        promises = problem.libraries.map { rules.promise($0.contributionHoursPerWeek, days: problem.days) }
        weeks = WeekTable.weeks(of: problem)
    }

    private static func breakUnits(_ rules: PlanningRules) -> [Int] {
        // Where every break is allowed only the one of no slot is told apart: its two queues must differ.
        let full = (0..<max(0, rules.restSlots)).contains(where: rules.breaksRest) ? rules.restSlots : 1
        return (0..<full).map { slots in
            guard rules.breaksRest(slots) else { return 0 }
            return rules.isGreen(.minRestHours) ? rules.restUnits(slots) : RowSolver.never
        }
    }
}

/// One week of the period: its slots, and who could be where.
struct WeekTable: Sendable {
    /// In the problem's calendar.
    let slots: Range<Int>
    /// For each slot of the week its day, counted from the week's first.
    let dayOfSlot: [Int]
    /// The slots, counted from the week's first, in which an operator may work and some queue of theirs is open.
    let freeSlots: RaggedTable<Int16>
    /// The operators who may work in a slot, whatever the queue.
    let freeOperators: RaggedTable<Int32>
    /// The operators with a free slot, those with the fewest first.
    let people: [Int]
    /// Cells, queue × slots + slot, with demand.
    let openCells: [Int]

    static func weeks(of problem: PlanningProblem) -> [WeekTable] {
        let weekOfSlot = problem.calendar.weekOfSlot
        var ranges: [Range<Int>] = []
        for slot in problem.calendar.period {
            if let last = ranges.last, weekOfSlot[last.lowerBound] == weekOfSlot[slot] {
                ranges[ranges.count - 1] = last.lowerBound..<slot + 1
            } else {
                ranges.append(slot..<slot + 1)
            }
        }
        return ranges.map { WeekTable(problem, $0) }
    }

    private init(_ problem: PlanningProblem, _ slots: Range<Int>) {
        self.slots = slots
        let firstDay = problem.calendar.dayOfSlot[slots.lowerBound]
        dayOfSlot = slots.map { problem.calendar.dayOfSlot[$0] - firstDay }
        var open = [Bool](repeating: false, count: slots.count)
        var openCells: [Int] = []
        for queue in problem.queues.indices {
            for (index, slot) in slots.enumerated() where problem.demand.isOpen(queue, slot) {
                open[index] = true
                openCells.append(queue * slots.count + index)
            }
        }
        self.openCells = openCells
        var freeSlots = RaggedTable<Int16>()
        var bySlot = [[Int32]](repeating: [], count: slots.count)
        for person in problem.operators.indices {
            for (index, slot) in slots.enumerated() where open[index] && problem.obstacle(person, at: slot) == nil {
                freeSlots.append(Int16(index))
                bySlot[index].append(Int32(person))
            }
            freeSlots.endRow()
        }
        var freeOperators = RaggedTable<Int32>()
        for people in bySlot {
            people.forEach { freeOperators.append($0) }
            freeOperators.endRow()
        }
        let counts = problem.operators.indices.map { freeSlots.count(of: $0) }
        people = problem.operators.indices.filter { counts[$0] > 0 }
            .sorted { (counts[$0], $0) < (counts[$1], $1) }
        self.freeSlots = freeSlots
        self.freeOperators = freeOperators
    }
}

/// Rows of different lengths in one array.
struct RaggedTable<Element: Sendable>: Sendable {
    private(set) var elements: [Element] = []
    private var starts = [0]

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func endRow() { starts.append(elements.count) }

    func count(of row: Int) -> Int { starts[row + 1] - starts[row] }

    func range(of row: Int) -> Range<Int> { starts[row]..<starts[row + 1] }

    subscript(row: Int, index: Int) -> Element { elements[starts[row] + index] }
}

import Coverage

/// A week's search by cheap moves: stretches are placed, shifted, lengthened, shortened and handed from one operator
/// to another, some hundred thousand times a second, each kept or not by ``Cooling``.
///
/// The moves are those with which simulated annealing comes close to the best known rosters without exact rows
/// (Ceschia, Guido and Schaerf, "Solving the static INRC-II nurse rostering problem by simulated annealing based on
/// large neighborhoods", 2020), made for slots of an hour. What they cannot see, several rows changed for the best at
/// once, is left to ``WeekSearch``.
struct WeekMoves: ~Copyable {
    /// A stretch of one operator inside the week.
    struct Stretch: BitwiseCopyable {
        var start: Int16
        var length: Int16
        var queue: Int16
        @inline(__always) var end: Int { Int(start) + Int(length) }
    }

    /// Stretches that one row of the moves may have: rows with more are left as they are.
    static let mostStretches = 12

    let tables: MoveTables
    private let isGreenDay: Bool
    private let isGreenWeek: Bool
    private let engine: EngineTables
    private let week: Int

    /// People × ``mostStretches``, by start.
    let rows: FlatStore<Stretch>
    let counts: FlatStore<Int32>
    /// For each operator the slots worked, and what the row costs beside coverage and contribution.
    let worked: FlatStore<Int32>
    let rowUnits: FlatStore<Int>
    let staffed: FlatStore<Int32>
    let librarySlots: FlatStore<Int>
    /// As ``WeekState/promises``.
    private let promises: FlatStore<Int>
    private var edges: [RowEdges] = []
    private let hasRowRules: Bool
    private var surroundings: [RowSurroundings] = []
    private var isFrozen: [Bool]
    /// Two rows that are tried.
    private let trial: FlatStore<Stretch>
    private var trialCount = 0
    private var trialWorked = 0
    /// What kept moves have changed since ``begin(_:edges:)``.
    private(set) var change = 0
    /// For each cell and each library the price, and how far costs may be from it.
    private let prices: FlatStore<Int>
    private let libraryPrices: FlatStore<Int>
    private var softness = RowSolver.never
    private var hasPrices = false

    init(_ week: Int, _ engine: EngineTables) {
        self.engine = engine
        self.week = week
        tables = MoveTables(week, engine)
        isGreenDay = engine.isGreenDay
        isGreenWeek = engine.isGreenWeek
        hasRowRules = !engine.problem.rowRules.isEmpty
        let count = engine.problem.operators.count
        rows = FlatStore(count: count * Self.mostStretches, repeating: Stretch(start: 0, length: 0, queue: 0))
        counts = FlatStore(count: count, repeating: 0)
        worked = FlatStore(count: count, repeating: 0)
        rowUnits = FlatStore(count: count, repeating: 0)
        staffed = FlatStore(count: tables.queues * tables.slots, repeating: 0)
        librarySlots = FlatStore(count: engine.problem.libraries.count, repeating: 0)
        promises = FlatStore(engine.promises)
        isFrozen = [Bool](repeating: false, count: count)
        prices = FlatStore(count: tables.queues * tables.slots, repeating: 0)
        libraryPrices = FlatStore(count: engine.problem.libraries.count, repeating: 0)
        trial = FlatStore(count: 2 * Self.mostStretches + 2, repeating: Stretch(start: 0, length: 0, queue: 0))
    }

    mutating func setPrices(_ found: SearchPrices, week: Int) {
        hasPrices = true
        for (cell, price) in found.cells[week].enumerated() { prices[cell] = price }
        for (library, price) in found.libraries.enumerated() { libraryPrices[library] = price }
    }

    /// Takes over a week as it stands.
    ///
    /// - Parameters:
    ///   - state: The week, begun.
    ///   - softness: How far costs may be from the prices; nil, or where there are none, for the plan's own.
    mutating func begin(_ state: WeekState, softness: Int?) {
        edges = state.edges
        surroundings = state.surroundings
        self.softness = hasPrices ? min(softness ?? RowSolver.never, RowSolver.never) : RowSolver.never
        change = 0
        for cell in 0..<tables.queues * tables.slots { staffed[cell] = state.staffed[cell] }
        for library in 0..<librarySlots.count {
            librarySlots[library] = state.librarySlots[library] + state.otherSlots[library]
            promises[library] = state.promises[library]
        }
        for number in tables.people {
            let person = Int(number)
            let stretches = state.stretches(of: person, engine)
            isFrozen[person] = stretches.count > Self.mostStretches
            counts[person] = 0
            guard !isFrozen[person] else { continue }
            for (index, stretch) in stretches.enumerated() {
                rows[person * Self.mostStretches + index] = Stretch(
                    start: Int16(stretch.start), length: Int16(stretch.length), queue: Int16(stretch.queue))
            }
            counts[person] = Int32(stretches.count)
            worked[person] = Int32(state.worked[person])
            rowUnits[person] = state.rowUnits[person]
        }
    }

    /// Writes the week back.
    func end(into state: inout WeekState) {
        for number in tables.people where !isFrozen[Int(number)] {
            let person = Int(number)
            let old = state.stretches(of: person, engine)
            let new = (0..<Int(counts[person])).map { index in
                let stretch = rows[person * Self.mostStretches + index]
                return RowStretch(queue: Int(stretch.queue), start: Int(stretch.start), length: Int(stretch.length))
            }
            guard old != new else { continue }
            state.clear(person, old, engine)
            state.fill(person, new, engine)
        }
    }

    // MARK: Rows

    /// Lays an operator's row out as the one that is tried, without one of its stretches.
    @inline(__always)
    private mutating func take(_ person: Int, without dropped: Int) {
        let first = person * Self.mostStretches
        var count = 0
        var slots = 0
        for index in 0..<Int(counts[person]) where index != dropped {
            let stretch = rows[first + index]
            trial[count] = stretch
            slots += Int(stretch.length)
            count += 1
        }
        (trialCount, trialWorked) = (count, slots)
    }

    /// Adds a stretch to the row that is tried, in order.
    @inline(__always)
    private mutating func insert(_ stretch: Stretch) {
        var index = trialCount
        while index > 0, trial[index - 1].start > stretch.start {
            trial[index] = trial[index - 1]
            index -= 1
        }
        trial[index] = stretch
        trialCount += 1
        trialWorked += Int(stretch.length)
    }

    /// What the row that is tried costs beside coverage and contribution; ``RowSolver/never`` if it breaks a rule.
    @inline(__always)
    private func judge(_ person: Int) -> Int {
        guard trialCount <= Self.mostStretches else { return RowSolver.never }
        var units = 0
        if trialWorked > Int(tables.perWeek[person]) { return RowSolver.never }
        guard trialCount > 0 else { return hasRowRules && surroundings[person].isBroken ? RowSolver.never : 0 }
        let full = tables.breakUnits.count
        var end = -1
        var queue: Int16 = -1
        var day: Int32 = -1
        var startDay: Int32 = -1
        var onDay = 0
        let most = Int(tables.perDay[person])
        let slots = tables.slots
        for index in 0..<trialCount {
            let stretch = trial[index]
            if index > 0 {
                let gap = Int(stretch.start) - end
                if gap < 0 || gap == 0 && queue == stretch.queue { return RowSolver.never }
                if gap < full {
                    let cost = tables.breakUnits[gap]
                    if cost >= RowSolver.never { return RowSolver.never }
                    units += cost
                }
            }
            if stretch.length < tables.shortest[Int(stretch.queue)]
                || stretch.length > tables.longest[Int(stretch.queue)]
            {
                return RowSolver.never
            }
            for slot in Int(stretch.start)..<stretch.end {
                let cost = tables.dislike[person * slots + slot]
                if cost >= RowSolver.never { return RowSolver.never }
                units += cost
                if tables.dayOfSlot[slot] != day {
                    if isGreenDay { units += excess(ofDay: onDay, person) }
                    day = tables.dayOfSlot[slot]
                    onDay = 0
                }
                onDay += 1
                if onDay > most { return RowSolver.never }
            }
            let started = tables.dayOfSlot[Int(stretch.start)]
            if started == startDay { units += tables.blockUnits }
            startDay = started
            end = stretch.end
            queue = stretch.queue
        }
        if isGreenDay { units += excess(ofDay: onDay, person) }
        if isGreenWeek { units += excess(ofWeek: person) }
        units += edgeUnits(person)
        return hasRowRules && units < RowSolver.never ? units + ruleUnits(person) : units
    }

    /// What the row that is tried costs by the row rules; ``RowSolver/never`` if it breaks one that must hold.
    private func ruleUnits(_ person: Int) -> Int {
        let problem = engine.problem
        let around = surroundings[person]
        let first = engine.weeks[week].slots.lowerBound
        var row: [Planning.Stretch] = []
        row.reserveCapacity(trialCount)
        for index in 0..<trialCount {
            let stretch = trial[index]
            row.append(
                Planning.Stretch(
                    queue: Int(stretch.queue), slots: first + Int(stretch.start)..<first + stretch.end,
                    isPlanned: true))
        }
        let judgement = problem.rowRules.judge(around.stretches.merged(with: row), of: person, problem.overrides)
        return judgement.broken > 0 ? RowSolver.never : judgement.units - around.units
    }

    /// What the breaks to the stretches before and after the week cost; joining on to them is left to exact rows.
    @inline(__always)
    private func edgeUnits(_ person: Int) -> Int {
        let edge = edges[person]
        let full = tables.breakUnits.count
        var units = 0
        if let before = edge.gapBefore {
            let gap = before + Int(trial[0].start)
            if gap == 0, edge.queueBefore == Int(trial[0].queue) { return RowSolver.never }
            if gap < full { units += tables.breakUnits[gap] }
        }
        if let after = edge.gapAfter {
            let last = trial[trialCount - 1]
            let gap = after + tables.slots - last.end
            if gap == 0, edge.queueAfter == Int(last.queue) { return RowSolver.never }
            if gap < full { units += tables.breakUnits[gap] }
        }
        return min(units, RowSolver.never)
    }

    private func excess(ofDay slots: Int, _ person: Int) -> Int {
        let problem = engine.problem
        return problem.rules.excessUnits(
            .maxHoursPerDay, slots: slots, limit: problem.operators[person].maxHoursPerDay)
    }

    private func excess(ofWeek person: Int) -> Int {
        let problem = engine.problem
        return problem.rules.excessUnits(
            .maxHoursPerWeek, slots: trialWorked, limit: problem.operators[person].maxHoursPerWeek)
    }

    /// Makes the row that is tried the operator's.
    @inline(__always)
    private mutating func keep(_ person: Int, _ units: Int) {
        let first = person * Self.mostStretches
        for index in 0..<trialCount { rows[first + index] = trial[index] }
        counts[person] = Int32(trialCount)
        librarySlots[Int(tables.library[person])] += trialWorked - Int(worked[person])
        worked[person] = Int32(trialWorked)
        rowUnits[person] = units
    }

    // MARK: Coverage

    /// What an operator more costs in a cell, as it is now.
    @inline(__always)
    private func adding(_ cell: Int, _ queue: Int) -> Int {
        let units = tables.adding(cell, queue, staffed[cell])
        guard softness < RowSolver.never, units < RowSolver.never else { return units }
        return max(prices[cell] - softness, min(prices[cell] + softness, units))
    }

    /// Takes an operator out of a stretch's cells, and tells what that costs.
    @inline(__always)
    private func vacate(_ stretch: Stretch) -> Int {
        let queue = Int(stretch.queue)
        var units = 0
        for slot in Int(stretch.start)..<stretch.end {
            let cell = queue * tables.slots + slot
            staffed[cell] -= 1
            units -= adding(cell, queue)
        }
        return units
    }

    /// Puts an operator into a stretch's cells, and tells what that costs; ``RowSolver/never`` or more where there is
    /// no demand.
    @inline(__always)
    private func occupy(_ stretch: Stretch) -> Int {
        let queue = Int(stretch.queue)
        var units = 0
        for slot in Int(stretch.start)..<stretch.end {
            let cell = queue * tables.slots + slot
            units += adding(cell, queue)
            staffed[cell] += 1
        }
        return units
    }

    @inline(__always)
    private func isOpen(_ stretch: Stretch) -> Bool {
        guard stretch.end <= tables.slots else { return false }
        for slot in Int(stretch.start)..<stretch.end
        where tables.target[Int(stretch.queue) * tables.slots + slot] < 0 { return false }
        return true
    }

    /// What it costs that a library's operators work so many slots more.
    @inline(__always)
    private func contribution(_ library: Int, _ more: Int) -> Int {
        guard more != 0 else { return 0 }
        let (slots, promise) = (librarySlots[library], promises[library])
        guard softness < RowSolver.never else {
            return tables.contribution(slots + more, promise: promise) - tables.contribution(slots, promise: promise)
        }
        let price = libraryPrices[library]
        let range = price - softness...price + softness
        return tables.contribution(slots + more, promise: promise, within: range)
            - tables.contribution(slots, promise: promise, within: range)
    }

    // MARK: Moves

    /// Tries so many moves.
    mutating func run(moves: Int, _ cooling: Cooling, _ random: inout SeededRandom) {
        guard !tables.people.isEmpty else { return }
        for _ in 0..<moves {
            let kind = random.below(16)
            let person = Int(tables.people[random.below(tables.people.count)])
            guard !isFrozen[person] else { continue }
            if kind < 8 {
                place(person, cooling, &random)
            } else if kind < 10 {
                stretch(person, cooling, &random)
            } else {
                hand(person, cooling, &random)
            }
        }
    }

    /// Whether a move that changes the cost by so much is kept.
    @inline(__always)
    private func isKept(_ difference: Int, _ cooling: Cooling, _ random: inout SeededRandom) -> Bool {
        if difference <= 0 { return true }
        if difference > 16 * cooling.temperature { return false }
        return cooling.accepts(difference, &random)
    }

    /// Places an operator somewhere, mostly in place of where they were.
    @inline(__always)
    private mutating func place(_ person: Int, _ cooling: Cooling, _ random: inout SeededRandom) {
        let first = Int(tables.freeStart[person])
        let free = Int(tables.freeStart[person + 1]) - first
        let queues = Int(tables.queueStart[person + 1] - tables.queueStart[person])
        guard free > 0, queues > 0 else { return }
        let count = Int(counts[person])
        var dropped = -1
        if count > 0, worked[person] >= tables.perWeek[person] || random.below(4) > 0 { dropped = random.below(count) }
        var old = Stretch(start: 0, length: 0, queue: 0)
        if dropped >= 0 { old = rows[person * Self.mostStretches + dropped] }
        let queue = tables.queueList[Int(tables.queueStart[person]) + random.below(queues)]
        // Two places are looked at, and the one that wants an operator more is tried.
        var start = Int(tables.freeSlot[first + random.below(free)])
        let other = Int(tables.freeSlot[first + random.below(free)])
        if appeal(other, Int(queue), person) < appeal(start, Int(queue), person) { start = other }
        let (shortest, longest) = (Int(tables.shortest[Int(queue)]), Int(tables.longest[Int(queue)]))
        let room = min(
            longest, Int(tables.perDay[person]), Int(tables.perWeek[person] - worked[person]) + Int(old.length))
        guard room >= shortest else { return }
        let length = random.below(2) == 0 ? room : shortest + random.below(room - shortest + 1)
        let new = Stretch(start: Int16(start), length: Int16(length), queue: queue)
        guard isOpen(new) else { return }
        take(person, without: dropped)
        insert(new)
        exchange(person, old, new, cooling, &random)
    }

    @inline(__always)
    private func appeal(_ slot: Int, _ queue: Int, _ person: Int) -> Int {
        let cell = queue * tables.slots + slot
        return adding(cell, queue) + tables.dislike[person * tables.slots + slot]
    }

    /// Makes a stretch longer or shorter by a slot at one of its ends, or moves it by one.
    @inline(__always)
    private mutating func stretch(_ person: Int, _ cooling: Cooling, _ random: inout SeededRandom) {
        let count = Int(counts[person])
        guard count > 0 else { return }
        let index = random.below(count)
        let old = rows[person * Self.mostStretches + index]
        var new = old
        switch random.below(6) {
        case 0: new.length += 1
        case 1: new.length -= 1
        case 2:
            new.start -= 1
            new.length += 1
        case 3:
            new.start += 1
            new.length -= 1
        case 4: new.start -= 1
        default: new.start += 1
        }
        guard new.start >= 0, new.length >= 0, isOpen(new) else { return }
        take(person, without: index)
        if new.length > 0 { insert(new) }
        exchange(person, old, new, cooling, &random)
    }

    /// Decides on one operator's row in which one stretch takes the place of another; either may have no slots.
    @inline(__always)
    private mutating func exchange(
        _ person: Int, _ old: Stretch, _ new: Stretch, _ cooling: Cooling, _ random: inout SeededRandom
    ) {
        let units = judge(person)
        guard units < RowSolver.never else { return }
        var difference = units - rowUnits[person]
        difference += contribution(Int(tables.library[person]), trialWorked - Int(worked[person]))
        difference += vacate(old)
        difference += occupy(new)
        if isKept(difference, cooling, &random) {
            change += difference
            keep(person, units)
        } else {
            _ = vacate(new)
            _ = occupy(old)
        }
    }

    /// Hands a stretch of one operator's to another, who mostly gives one for it.
    @inline(__always)
    private mutating func hand(_ giver: Int, _ cooling: Cooling, _ random: inout SeededRandom) {
        guard counts[giver] > 0 else { return }
        let given = random.below(Int(counts[giver]))
        let gift = rows[giver * Self.mostStretches + given]
        let first = Int(tables.crowdStart[Int(gift.start)])
        let crowd = Int(tables.crowdStart[Int(gift.start) + 1]) - first
        guard crowd > 1 else { return }
        let taker = Int(tables.crowd[first + random.below(crowd)])
        guard taker != giver, !isFrozen[taker], tables.isSkilled[taker * tables.queues + Int(gift.queue)] == 1
        else { return }
        var back = -1
        let count = Int(counts[taker])
        if count > 0, worked[taker] + Int32(gift.length) > tables.perWeek[taker] || random.below(2) == 0 {
            back = random.below(count)
        }
        var returned = Stretch(start: 0, length: 0, queue: 0)
        if back >= 0 { returned = rows[taker * Self.mostStretches + back] }
        // The other either takes over what is given back, or nobody does.
        let isTaken =
            back >= 0 && tables.isSkilled[giver * tables.queues + Int(returned.queue)] == 1 && random.below(4) > 0
        take(giver, without: given)
        if isTaken { insert(returned) }
        let giverUnits = judge(giver)
        guard giverUnits < RowSolver.never else { return }
        let giverChange = trialWorked - Int(worked[giver])
        take(taker, without: back)
        insert(gift)
        let takerUnits = judge(taker)
        guard takerUnits < RowSolver.never else { return }
        let takerChange = trialWorked - Int(worked[taker])
        var difference = giverUnits - rowUnits[giver] + takerUnits - rowUnits[taker]
        let (from, to) = (Int(tables.library[giver]), Int(tables.library[taker]))
        if from == to {
            difference += contribution(from, giverChange + takerChange)
        } else {
            difference += contribution(from, giverChange) + contribution(to, takerChange)
        }
        let isVacated = back >= 0 && !isTaken
        if isVacated { difference += vacate(returned) }
        guard isKept(difference, cooling, &random) else {
            if isVacated { _ = occupy(returned) }
            return
        }
        change += difference
        keep(taker, takerUnits)
        take(giver, without: given)
        if isTaken { insert(returned) }
        keep(giver, giverUnits)
    }
}

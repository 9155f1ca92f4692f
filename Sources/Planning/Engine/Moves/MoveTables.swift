import Coverage

/// What cheap moves in one week look up: the week's part of the problem as plain memory.
struct MoveTables: ~Copyable {
    let slots: Int
    let queues: Int
    /// For each slot its day, counted from the week's first.
    let dayOfSlot: FlatStore<Int32>
    /// People × slots: what a slot costs for its preference; ``RowSolver/never`` where the operator may not work.
    let dislike: FlatStore<Int>
    /// People × queues: 1 where the operator may be placed on the queue.
    let isSkilled: FlatStore<UInt8>
    /// For each cell, queue × slots + slot: the minimum and the target, -1 where there is no demand.
    let minimum: FlatStore<Int32>
    let target: FlatStore<Int32>
    /// For each queue what one missing operator costs, below the minimum and below the target.
    let gapUnits: FlatStore<Int>
    let thinUnits: FlatStore<Int>
    let overUnits: Int
    let shortest: FlatStore<Int32>
    let longest: FlatStore<Int32>
    /// For each operator the most slots on a day and in the week.
    let perDay: FlatStore<Int32>
    let perWeek: FlatStore<Int32>
    let library: FlatStore<Int32>
    /// What a break costs by its free slots; as many slots as entries, or more, are a full rest.
    let breakUnits: FlatStore<Int>
    let blockUnits: Int
    let slotHours: Int
    let contributionWeight: Int
    /// People whom moves concern: those without fixed shifts and overrides, which the exact rows handle.
    let people: [Int32]
    /// For each operator their free slots, and for each slot those who are free in it.
    let freeStart: FlatStore<Int32>
    let freeSlot: FlatStore<Int16>
    let crowdStart: FlatStore<Int32>
    let crowd: FlatStore<Int32>
    /// For each operator their queues.
    let queueStart: FlatStore<Int32>
    let queueList: FlatStore<Int16>

    /// - Parameters:
    ///   - week: The week's number in the period.
    ///   - tables: The problem.
    ///   - withFixed: Whether people with fixed shifts are among ``people``.
    init(_ week: Int, _ tables: EngineTables, withFixed: Bool = false) {
        let problem = tables.problem
        let table = tables.weeks[week]
        let first = table.slots.lowerBound
        let count = problem.operators.count
        slots = table.slots.count
        queues = problem.queues.count
        dayOfSlot = FlatStore(table.dayOfSlot.map(Int32.init))
        people = table.people.filter { (withFixed || !tables.hasFixed[$0]) && !tables.hasOverrides[$0] }
            .map(Int32.init)
        dislike = FlatStore(count: count * slots, repeating: RowSolver.never)
        isSkilled = FlatStore(count: count * queues, repeating: 0)
        var freeStarts: [Int32] = [0]
        var frees: [Int16] = []
        var crowds = [[Int32]](repeating: [], count: slots)
        var queueStarts: [Int32] = [0]
        var queueLists: [Int16] = []
        let takesPart = Set(people)
        for person in 0..<count {
            if takesPart.contains(Int32(person)) {
                for index in table.freeSlots.range(of: person) {
                    let slot = Int(table.freeSlots.elements[index])
                    frees.append(Int16(slot))
                    crowds[slot].append(Int32(person))
                    let liking = Int(problem.availability.preference[person * problem.calendar.count + first + slot])
                    dislike[person * slots + slot] = problem.rules.preferenceUnits * (2 - liking)
                }
                for queue in tables.queues[person] {
                    isSkilled[person * queues + queue] = 1
                    queueLists.append(Int16(queue))
                }
            }
            freeStarts.append(Int32(frees.count))
            queueStarts.append(Int32(queueLists.count))
        }
        freeStart = FlatStore(freeStarts)
        freeSlot = FlatStore(frees)
        queueStart = FlatStore(queueStarts)
        queueList = FlatStore(queueLists)
        var crowdStarts: [Int32] = [0]
        for members in crowds { crowdStarts.append((crowdStarts.last ?? 0) + Int32(members.count)) }
        crowdStart = FlatStore(crowdStarts)
        crowd = FlatStore(crowds.flatMap { $0 })
        minimum = FlatStore(count: queues * slots, repeating: 0)
        target = FlatStore(count: queues * slots, repeating: -1)
        for queue in 0..<queues {
            for slot in 0..<slots {
                let cell = queue * problem.demand.slots + first + slot
                minimum[queue * slots + slot] = problem.demand.minimum[cell]
                target[queue * slots + slot] = problem.demand.target[cell]
            }
        }
        let rules = problem.rules
        gapUnits = FlatStore(problem.queues.map { rules.gapUnits * $0.priority })
        thinUnits = FlatStore(problem.queues.map { rules.thinUnits * $0.priority })
        overUnits = rules.overUnits
        shortest = FlatStore(tables.shortest.map(Int32.init))
        longest = FlatStore(tables.longest.map { Int32(min($0, Int(Int32.max))) })
        perDay = FlatStore(tables.slotsPerDay.map { Int32(clamping: $0) })
        perWeek = FlatStore(tables.slotsPerWeek.map { Int32(clamping: $0) })
        library = FlatStore(problem.libraryOfOperator.map(Int32.init))
        breakUnits = FlatStore(tables.breakUnits)
        blockUnits = rules.blockUnits
        (contributionWeight, slotHours) = (rules.contributionWeight, rules.hoursOfSlot)
    }

    /// What an operator more costs in a cell where so many are.
    @inline(__always)
    func adding(_ cell: Int, _ queue: Int, _ staffed: Int32) -> Int {
        if staffed >= target[cell] { return target[cell] < 0 ? RowSolver.never : overUnits }
        return staffed < minimum[cell] ? -gapUnits[queue] : -thinUnits[queue]
    }

    /// What a library's slots in the whole period cost, counted from a promise in units of hours.
    @inline(__always)
    func contribution(_ slots: Int, promise: Int) -> Int { contributionWeight * abs(slots * slotHours - promise) }

    /// The same, with what a slot more costs kept within a range.
    @inline(__always)
    func contribution(_ slots: Int, promise: Int, within range: ClosedRange<Int>) -> Int {
        let hours = slots * slotHours - promise
        let weight = contributionWeight * slotHours
        let rate = hours >= 0 ? min(weight, range.upperBound) : max(-weight, range.lowerBound)
        return slotHours > 0 ? hours * (rate / slotHours) : 0
    }
}

/// Prices of cells, for each week, and of libraries' slots.
struct SearchPrices: Sendable {
    var cells: [[Int]]
    var libraries: [Int]
}

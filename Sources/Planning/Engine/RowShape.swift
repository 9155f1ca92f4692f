import Coverage

/// The numbers of the row that is being solved.
struct RowShape {
    private(set) var person = 0
    private(set) var week = 0
    /// The slots to fill, counted from the week's first.
    private(set) var window = 0..<0
    private(set) var edges = RowEdges(first: 0, end: 0)
    private(set) var queues = 0
    /// Slots in a unit of work.
    private(set) var grain = 1
    /// Units of work in the week.
    private(set) var most = 0
    /// One more than the units of work on a day, on the day with most: the width of a plane.
    private(set) var width = 1
    /// Planes of (units in the week) × (units on the day).
    var area: Int { (most + 1) * width }
    /// By day of the week, the units that may be worked.
    private(set) var dayLimit: [Int]
    /// By day of the week, whether a fixed shift starts on it.
    private(set) var isStarted: [Bool]
    private(set) var dayOfSlot: [Int]
    let isGreenDay: Bool
    /// By units of work on a day, what a green limit costs.
    private(set) var dayExcess: [Int] = []

    /// What a plane may hold: with more, units of work are made of several slots.
    private static let mostArea = 512
    /// Days of a week, one cut off by the first slot, and one more for the end.
    private static let mostDays = 9

    init(_ tables: EngineTables) {
        dayLimit = [Int](repeating: 0, count: Self.mostDays)
        isStarted = [Bool](repeating: false, count: Self.mostDays)
        dayOfSlot = []
        isGreenDay = tables.isGreenDay
    }

    /// Takes up an operator's week; false if there is no work in it for them.
    mutating func begin(_ person: Int, _ week: Int, _ edges: RowEdges, _ tables: EngineTables) -> Bool {
        if self.week != week || dayOfSlot.isEmpty { dayOfSlot = tables.weeks[week].dayOfSlot }
        (self.person, self.week, self.edges) = (person, week, edges)
        window = edges.first..<max(edges.first, edges.end)
        queues = tables.queues[person].count
        let hasFixed = tables.hasFixed[person]
        var inWeek = tables.slotsPerWeek[person]
        var onDay = tables.slotsPerDay[person]
        if hasFixed { inWeek -= tables.fixedSlots(person, week, day: nil) }
        let free = tables.weeks[week].freeSlots.count(of: person)
        // An override's slots do not count, so that limits of nothing still leave them.
        guard free > 0, queues > 0, inWeek > 0 && onDay > 0 || tables.hasOverrides[person] else { return false }
        inWeek = min(free, max(0, inWeek))
        onDay = min(inWeek, max(0, onDay))
        grain = Self.grain(inWeek, onDay)
        most = inWeek / grain
        width = onDay / grain + 1
        for day in 0..<Self.mostDays {
            let fixed = hasFixed ? tables.fixedSlots(person, week, day: day) : 0
            dayLimit[day] = max(0, min(onDay, tables.slotsPerDay[person] - fixed)) / grain
            isStarted[day] = hasFixed && tables.fixedStarts(person, week, day: day)
        }
        if isGreenDay {
            dayExcess = (0..<width).map {
                tables.problem.rules.excessUnits(
                    .maxHoursPerDay, slots: $0 * grain, limit: tables.problem.operators[person].maxHoursPerDay)
            }
        }
        return true
    }

    /// What a green limit of the week costs.
    func weekExcess(_ slots: Int, _ tables: EngineTables) -> Int {
        let fixed = tables.hasFixed[person] ? tables.fixedSlots(person, week, day: nil) : 0
        return tables.problem.rules.excessUnits(
            .maxHoursPerWeek, slots: slots + fixed, limit: tables.problem.operators[person].maxHoursPerWeek)
    }

    private static func grain(_ inWeek: Int, _ onDay: Int) -> Int {
        var grain = 1
        while (inWeek / grain + 1) * (onDay / grain + 1) > mostArea { grain += 1 }
        return grain
    }

    /// The largest plane and the most units of work of any row, for the sizes of tables.
    static func largest(_ tables: EngineTables) -> (area: Int, most: Int) {
        var (area, most) = (1, 0)
        for person in tables.hasFixed.indices {
            let free = tables.weeks.map { $0.freeSlots.count(of: person) }.max() ?? 0
            let inWeek = min(free, tables.slotsPerWeek[person])
            let onDay = min(inWeek, tables.slotsPerDay[person])
            let grain = grain(inWeek, onDay)
            // With fewer free slots the grain may be finer, but the plane stays below the limit.
            area = max(area, grain == 1 ? (inWeek + 1) * (onDay + 1) : mostArea)
            most = max(most, grain == 1 ? inWeek : mostArea)
        }
        return (area, most)
    }
}

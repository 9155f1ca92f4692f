/// Finds the cheapest legal row of one person, or the cheapest part of it while the rest stands still.
///
/// A shortest path over days. A label's node is what the person last did: so many days off, or so many shifts in a row
/// with the family of the last; its resources, minutes and weekends and where need be counts of single shift types,
/// span a vector at each node, and an arc lowers a whole vector at once. Vectors hold only minutes from which the least
/// and the most can still be kept. Limits on shift types become resources only once a path without them breaks them
/// (decremental state space relaxation, Righini and Salani 2008), for few of them ever bind.
struct RosterRowSolver: ~Copyable {
    let tables: RosterTables
    /// The row found, by day; outside of the days asked for it is as it was.
    let found: FlatStore<Int16>

    /// For each day the shift type that it keeps, -1 for a day off that stays one, -2 where it is free.
    let pinned: FlatStore<Int16>
    var labels = FlatStore<Int32>(count: 1 << 16, repeating: 0)
    var joined = FlatStore<Int32>(count: 1 << 10, repeating: 0)
    /// The masks of the types that may be worked on the day at hand, as bits.
    var usedMasks: UInt64 = 0
    /// For each day's end the node states that are reached.
    var reached: [UInt64] = []
    /// How often lately a limit on a type bound somebody.
    let bound: FlatStore<Int16>
    /// What working a type costs beyond its cell, to keep its limit where resources would be too many.
    let surcharge: FlatStore<Int32>
    /// For each person and shift type what the charge was when it was priced last.
    let usualCharge: FlatStore<Int32>
    /// The shift types that are resources, and how often each may be worked.
    var counted: [(shift: Int, most: Int)] = []
    /// For each shift type how often it may be worked on the days asked for.
    let left: FlatStore<Int32>
    let worked: FlatStore<Int32>
    let kindCosts: FlatStore<Int32>
    var lowest: [Int] = []
    var highest: [Int] = []
    /// Combinations of counts of shift types that one path may tell apart.
    var mostBlocks = 0
    /// Labels that may be stored for one path.
    private let mostLabels: Int

    static let unreached = Int32(1) << 29
    static let reachedBelow = Int32(1) << 28

    init(_ tables: RosterTables, mostLabels: Int = 24 << 20) {
        self.tables = tables
        self.mostLabels = mostLabels
        found = FlatStore(count: tables.days, repeating: -1)
        pinned = FlatStore(count: tables.days, repeating: -2)
        bound = FlatStore(count: tables.people * tables.shiftCount, repeating: 0)
        usualCharge = FlatStore(count: tables.people * tables.shiftCount, repeating: 0)
        surcharge = FlatStore(count: tables.shiftCount, repeating: 0)
        left = FlatStore(count: tables.shiftCount, repeating: 0)
        worked = FlatStore(count: tables.shiftCount, repeating: 0)
        kindCosts = FlatStore(count: tables.kinds.count + tables.shiftCount, repeating: 0)
    }

    /// Has days in the midst of those asked for stay as they are, until they are freed again.
    func still(_ days: Range<Int>, _ person: Int, _ rows: borrowing FlatStore<Int16>) {
        for day in days { pinned[day] = rows[person * tables.days + day] }
    }

    func free(_ days: Range<Int>) {
        for day in days { pinned[day] = -2 }
    }

    /// Finds the cheapest row.
    ///
    /// - Parameters:
    ///   - person: Whose.
    ///   - days: The days that may change; a weekend lies inside or outside as a whole.
    ///   - rows: All rows, `person * days + day`.
    ///   - costs: For each cell what working it costs, blocked ones apart at most 2²⁸ in all.
    ///   - isOpen: Whether the days after these are still to be filled.
    /// - Returns: The cost of the days asked for, the row being in ``found``; nil where no legal row was found.
    mutating func solve(
        _ person: Int, _ days: Range<Int>, rows: borrowing FlatStore<Int16>, costs: borrowing FlatStore<Int32>,
        isOpen: Bool = false
    ) -> Int? {
        guard let path = prepare(person, days, rows, isOpen: isOpen) else { return nil }
        return solveCounting(path, costs)
    }

    /// What the rest of the row leaves for some days; nil where that is no legal row.
    mutating func prepare(
        _ person: Int, _ days: Range<Int>, _ rows: borrowing FlatStore<Int16>, isOpen: Bool = false
    ) -> RosterPath? {
        let path = RosterPath(person, days, rows, tables, isOpen: isOpen)
        guard path.fewestUnits <= path.mostUnits, path.mostWeekends >= 0 else { return nil }
        setLimits(path, rows)
        setBand(path)
        guard lowest[0] == 0 else { return nil }
        counted.removeAll(keepingCapacity: true)
        surcharge.fill(0..<tables.shiftCount, with: 0)
        for shift in 0..<tables.shiftCount where mayBind(shift, path) && bound[person * tables.shiftCount + shift] > 0 {
            if fits(path, with: shift) { counted.append((shift, Int(left[shift]))) }
        }
        return path
    }

    /// Solves, each time with what was broken counted or dearer, until nothing is.
    mutating func solveCounting(_ path: RosterPath, _ costs: borrowing FlatStore<Int32>) -> Int? {
        for _ in 0..<40 {
            guard var cost = shortestPath(path, costs) else { return nil }
            var broken = false
            for shift in 0..<tables.shiftCount where worked[shift] > left[shift] {
                broken = true
                bound[path.person * tables.shiftCount + shift] = 64
                if surcharge[shift] == 0, fits(path, with: shift) {
                    counted.append((shift, Int(left[shift])))
                } else {
                    guard surcharge[shift] < 1 << 20 else { return nil }
                    surcharge[shift] = max(64, surcharge[shift] * 2)
                }
            }
            if broken { continue }
            for (shift, most) in counted {
                let index = path.person * tables.shiftCount + shift
                bound[index] = worked[shift] < most ? bound[index] - 1 : 64
            }
            for shift in 0..<tables.shiftCount { cost -= Int(surcharge[shift]) * Int(worked[shift]) }
            return cost
        }
        return nil
    }

    func mayBind(_ shift: Int, _ path: RosterPath) -> Bool {
        left[shift] > 0 && Int(left[shift]) < path.days.count
    }

    /// Whether one more resource leaves a path that is worth its labels.
    func fits(_ path: RosterPath, with shift: Int) -> Bool {
        let blocks = counted.reduce(Int(left[shift]) + 1) { $0 * ($1.most + 1) }
        return blocks <= mostBlocks && size(path, blocks: blocks) <= mostLabels
    }

    func size(_ path: RosterPath, blocks: Int) -> Int {
        (path.days.count + 1) * path.states * blocks * (path.mostWeekends + 1) * stride
    }

    /// Cells of a vector for one number of weekends: all minutes of the band, and a guard as wide as the longest shift.
    var stride: Int { width + tables.longest }
    private(set) var width = 0

    private func setLimits(_ path: RosterPath, _ rows: borrowing FlatStore<Int16>) {
        let person = tables.problem.people[path.person]
        for shift in 0..<tables.shiftCount { left[shift] = Int32(person.mostOfType[shift]) }
        let base = path.person * tables.days
        for day in 0..<tables.days where !path.days.contains(day) {
            let shift = Int(rows[base + day])
            if shift >= 0 { left[shift] -= 1 }
        }
    }

    /// For each day's end the minutes from which the limits can still be kept, in units.
    private mutating func setBand(_ path: RosterPath) {
        let count = path.days.count
        lowest.removeAll(keepingCapacity: true)
        highest.removeAll(keepingCapacity: true)
        lowest.append(contentsOf: repeatElement(0, count: count + 1))
        highest.append(contentsOf: repeatElement(0, count: count + 1))
        // In any stretch of the longest run and the days off after it, no more than the run is worked.
        let run = path.mostRun
        let cycle = run + path.daysOff
        var whole = 0
        var length = 0
        var still = 0
        for index in Swift.stride(from: count, through: 0, by: -1) {
            if index < count {
                let day = path.days.lowerBound + index
                if pinned[day] >= 0 { still += tables.units[Int(pinned[day])] }
                if pinned[day] == -2, path.isFree(day, tables) {
                    length += 1
                } else {
                    whole += length / cycle * run + min(length % cycle, run)
                    length = 0
                }
            }
            let future = whole + length / cycle * run + min(length % cycle, run)
            lowest[index] = max(0, path.fewestUnits - future * tables.longest - still)
            highest[index] = max(lowest[index], min(path.mostUnits, index * tables.longest))
        }
        width = 1
        for index in 0...count { width = max(width, highest[index] - lowest[index] + 1) }
    }
}

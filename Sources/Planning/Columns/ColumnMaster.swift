/// Chooses one column of each group from those that are known, as a linear program: in parts where that is cheaper.
///
/// The restricted master of column generation (Dantzig and Wolfe 1960): for each group the shares of its columns add up
/// to one; for each want what the columns give it, and what is missing or too much at its cost, add up to the target.
/// Solved by the primal simplex method with bounds on variables and a dense inverse of the basis, which for some
/// hundred wants is faster than to be clever; where groups keep a column, by the dual one from where it stood. Targets
/// and costs are a little more than said, by a different amount for each: otherwise most pivots would change nothing, so
/// many bases are one and the same vertex. Values of wants, not shares, are what is used of it, and bounds are proved from
/// these by whole numbers alone.
///
/// Memory: 8 bytes for each pair of rows of the program, as many as there are wants and groups.
struct ColumnMaster: ~Copyable {
    /// What a column gives a want.
    struct Entry: Hashable, Sendable {
        let want: Int32
        let count: Int32
    }

    let wants: [ColumnWant]
    let groups: Int
    let size: Int

    // Variables: the steps of the wants first, then the columns.
    let steps: Int
    private var rowOfStep: [Int32] = []
    private var signOfStep: [Double] = []
    var costs: [Double] = []
    /// The most of each variable: a step's units; nothing for a column that is not to be had.
    var most: [Double] = []
    /// What a variable that is not in the basis stands at: its most, or nothing.
    var isAtMost: [Bool] = []
    /// The row of the basis that a variable is in, -1 for none.
    var place: [Int32] = []
    private var ownerOf: [Int32] = []
    private var starts: [Int32] = [0]
    private var entryWant: [Int32] = []
    private var entryCount: [Double] = []
    private(set) var columnsOf: [[Int32]]
    /// For each group the column that it keeps, -1 for none.
    private(set) var kept: [Int32]

    var basis: [Int32]
    private var remembered: (basis: [Int32], isAtMost: [Bool])?
    /// The inverse of the basis, row by row.
    let inverse: FlatStore<Double>
    let values: FlatStore<Double>
    let direction: FlatStore<Double>
    let wanted: FlatStore<Double>
    /// What one unit more wanted would cost, and for each group what a column may cost.
    let duals: FlatStore<Double>
    let slope: FlatStore<Double>
    let weights: FlatStore<Double>
    var touched: [Int32] = []
    private var random: SeededRandom
    var choices: [(variable: Int, cost: Double, alpha: Double)] = []
    var pivots = 0
    var pivotsSinceInversion = 0

    static let tolerance = 1e-7
    static let pivotsUntilInversion = 1000

    /// - Parameters:
    ///   - wants: The rows that columns give to.
    ///   - groups: How many groups there are.
    ///   - random: Sets how much more than their target wants are given.
    init(_ wants: [ColumnWant], groups: Int, _ random: inout SeededRandom) {
        self.random = random
        self.wants = wants
        self.groups = groups
        size = wants.count + groups
        for (row, want) in wants.enumerated() {
            // The little more than said must be able to be missing also where nothing is wanted.
            let under = want.under.isEmpty ? [ColumnWant.Step(cost: 0, most: .infinity)] : want.under
            for (steps, sign) in [(under, 1.0), (want.over, -1.0)] {
                for step in steps {
                    rowOfStep.append(Int32(row))
                    signOfStep.append(sign)
                    costs.append(step.cost)
                    most.append(step.most)
                }
            }
        }
        steps = costs.count
        isAtMost = Array(repeating: false, count: steps)
        place = Array(repeating: -1, count: steps)
        columnsOf = Array(repeating: [], count: groups)
        kept = Array(repeating: -1, count: groups)
        basis = Array(repeating: 0, count: size)
        inverse = FlatStore(count: size * size, repeating: 0)
        values = FlatStore(count: size, repeating: 0)
        direction = FlatStore(count: size, repeating: 0)
        wanted = FlatStore(count: size, repeating: 1)
        duals = FlatStore(count: size, repeating: 0)
        slope = FlatStore(count: size, repeating: 0)
        weights = FlatStore(count: size, repeating: 1)
        for (row, want) in wants.enumerated() {
            wanted[row] = Double(want.target) + Double(random.below(1024) + 1) / 1_048_576
        }
    }

    /// Adds a column of a group.
    ///
    /// - Returns: Its number.
    @discardableResult
    mutating func add(_ entries: [Entry], costing cost: Double, to group: Int) -> Int {
        let column = ownerOf.count
        for entry in entries {
            entryWant.append(entry.want)
            entryCount.append(Double(entry.count))
        }
        columnsOf[group].append(Int32(column))
        ownerOf.append(Int32(group))
        starts.append(Int32(entryWant.count))
        costs.append(cost + Double(random.below(1024)) / 4_194_304)
        most.append(kept[group] < 0 ? .infinity : 0)
        isAtMost.append(false)
        place.append(-1)
        return column
    }

    /// What one unit more for a want is worth.
    func value(of want: Int) -> Double { duals[want] }

    /// Whether a column of a group would make it cheaper.
    func lacks(_ entries: [Entry], costing cost: Double, of group: Int) -> Bool {
        var reduced = cost - duals[wants.count + group]
        for entry in entries { reduced -= duals[Int(entry.want)] * Double(entry.count) }
        return reduced < -1e-4
    }

    /// The least cost of the linear program, as its values prove it for these columns.
    var value: Double {
        var sum = 0.0
        for (row, want) in wants.enumerated() { sum += want.least(value: want.within(duals[row])) }
        for group in 0..<groups { sum += duals[wants.count + group] }
        return sum
    }

    // MARK: Variables

    func range(_ variable: Int) -> Range<Int> {
        Int(starts[variable - steps])..<Int(starts[variable - steps + 1])
    }

    func owner(_ variable: Int) -> Int { Int(ownerOf[variable - steps]) }

    @inline(__always)
    func reducedCost(_ variable: Int) -> Double { costs[variable] - product(variable, duals) }

    /// A variable's column of the program times a vector over its rows.
    @inline(__always)
    func product(_ variable: Int, _ vector: borrowing FlatStore<Double>) -> Double {
        if variable < steps { return signOfStep[variable] * vector[Int(rowOfStep[variable])] }
        var sum = vector[wants.count + Int(ownerOf[variable - steps])]
        for index in range(variable) { sum += vector[Int(entryWant[index])] * entryCount[index] }
        return sum
    }

    /// Sets the direction: the inverse times a variable's column of the program.
    func setDirection(_ variable: Int) {
        if variable < steps {
            let row = Int(rowOfStep[variable])
            for index in 0..<size { direction[index] = signOfStep[variable] * inverse[index * size + row] }
            return
        }
        let (range, owner) = (range(variable), wants.count + owner(variable))
        for index in 0..<size {
            let base = index * size
            var sum = inverse[base + owner]
            for entry in range { sum += inverse[base + Int(entryWant[entry])] * entryCount[entry] }
            direction[index] = sum
        }
    }

    // MARK: The basis

    /// Starts where each group has the column that was added last.
    mutating func begin() {
        var given = [Double](repeating: 0, count: wants.count)
        for group in 0..<groups {
            guard let column = columnsOf[group].last else { continue }
            enter(steps + Int(column), at: wants.count + group)
            for index in range(steps + Int(column)) { given[Int(entryWant[index])] += entryCount[index] }
        }
        var first = 0
        for (row, want) in wants.enumerated() {
            let under = first..<first + max(1, want.under.count)
            let over = under.upperBound..<under.upperBound + want.over.count
            first = over.upperBound
            var left = abs(wanted[row] - given[row])
            for step in wanted[row] >= given[row] ? under : over {
                if left <= most[step] {
                    enter(step, at: row)
                    break
                }
                isAtMost[step] = true
                left -= most[step]
            }
        }
        invert()
    }

    private mutating func enter(_ variable: Int, at row: Int) {
        basis[row] = Int32(variable)
        place[variable] = Int32(row)
    }

    /// Makes the inverse anew, one column of a group after the other put in for a step.
    mutating func invert() {
        pivotsSinceInversion = 0
        inverse.fill(0..<inverse.count, with: 0)
        var open = [Bool](repeating: true, count: size)
        var columns: [Int] = []
        var found = basis
        for variable in basis.map(Int.init) {
            if variable >= steps {
                columns.append(variable)
            } else {
                let row = Int(rowOfStep[variable])
                inverse[row * size + row] = signOfStep[variable]
                open[row] = false
                found[row] = Int32(variable)
            }
        }
        // Stand-ins until a column takes their place.
        for row in 0..<size where open[row] { inverse[row * size + row] = 1 }
        for variable in columns {
            setDirection(variable)
            var best = -1
            for row in 0..<size where open[row] && (best < 0 || abs(direction[row]) > abs(direction[best])) {
                best = row
            }
            guard best >= 0, abs(direction[best]) > 1e-9 else { continue }
            open[best] = false
            found[best] = Int32(variable)
            exchange(best)
        }
        basis = found
        for (row, variable) in basis.enumerated() { place[Int(variable)] = Int32(row) }
        setValues()
        setDuals()
    }

    private func setValues() {
        slope.fill(0..<size, with: 0)
        for row in 0..<size { slope[row] = wanted[row] }
        for step in 0..<steps where isAtMost[step] { slope[Int(rowOfStep[step])] -= signOfStep[step] * most[step] }
        for row in 0..<size {
            var sum = 0.0
            for column in 0..<size { sum += inverse[row * size + column] * slope[column] }
            values[row] = sum
        }
    }

    private func setDuals() {
        duals.fill(0..<size, with: 0)
        for row in 0..<size {
            let cost = costs[Int(basis[row])]
            if cost != 0 { duals.add(inverse, from: row * size, times: cost, count: size) }
        }
    }

    /// Has the direction's variable take a row's place in the inverse.
    func exchange(_ leaving: Int) {
        let factor = 1 / direction[leaving]
        let base = leaving * size
        for column in 0..<size { inverse[base + column] *= factor }
        for row in 0..<size where row != leaving && direction[row] != 0 {
            inverse.addOwn(from: base, to: row * size, times: -direction[row], count: size)
        }
    }

    /// Has a variable enter the basis in a row, and what was there stand at its most or at nothing.
    mutating func replace(_ row: Int, by variable: Int, reduced: Double, leavesAtMost: Bool) {
        exchange(row)
        duals.add(inverse, from: row * size, times: reduced, count: size)
        let left = Int(basis[row])
        place[left] = -1
        isAtMost[left] = leavesAtMost
        isAtMost[variable] = false
        basis[row] = Int32(variable)
        place[variable] = Int32(row)
        pivots += 1
        pivotsSinceInversion += 1
    }

    // MARK: A dive

    /// For each group that keeps none yet, the column with the greatest share.
    var favourites: [(group: Int, column: Int, share: Double)] {
        var best = [(column: Int, share: Double)](repeating: (-1, 0), count: groups)
        for row in 0..<size where Int(basis[row]) >= steps {
            let column = Int(basis[row]) - steps
            let group = Int(ownerOf[column])
            if values[row] > best[group].share { best[group] = (column, values[row]) }
        }
        return best.enumerated().compactMap { group, best in
            kept[group] < 0 && best.column >= 0 ? (group, best.column, best.share) : nil
        }
    }

    /// Has groups keep columns from now on.
    ///
    /// - Returns: Whether the least cost with these was found.
    mutating func keep(_ choices: [(group: Int, column: Int)], _ isOver: () -> Bool) -> Bool {
        for choice in choices {
            kept[choice.group] = Int32(choice.column)
            for column in columnsOf[choice.group] where Int(column) != choice.column { most[steps + Int(column)] = 0 }
        }
        return repair(isOver)
    }

    /// Remembers the basis as it is, for ``free()``.
    mutating func remember() { remembered = (basis, isAtMost) }

    /// Frees all again, and goes back to the basis remembered, from which little is missing.
    mutating func free() {
        for group in kept.indices where kept[group] >= 0 {
            kept[group] = -1
            for column in columnsOf[group] { most[steps + Int(column)] = .infinity }
        }
        guard let (old, atMost) = remembered else { return }
        for variable in basis { place[Int(variable)] = -1 }
        basis = old
        for variable in isAtMost.indices { isAtMost[variable] = variable < atMost.count && atMost[variable] }
        invert()
    }
}

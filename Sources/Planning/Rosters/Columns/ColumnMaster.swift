/// Chooses one row for each person from those that are known, as a linear program: in parts where that is cheaper.
///
/// The restricted master of column generation (Dantzig and Wolfe 1960): for each person the shares of their rows, the
/// columns, add up to one; for each cell the people at work, and those missing or too many at their cost, add up to
/// those wanted. Solved by the primal simplex method with a dense inverse of the basis, which for some hundred cells is
/// faster than to be clever. What cells want is a little more than said, by a different amount for each: otherwise most
/// pivots would change nothing, so many bases are one and the same vertex. Prices, not values, are what is used of it,
/// and a bound is proved from these by whole numbers alone.
///
/// Memory: 8 bytes for each pair of rows of the program, as many as the part has cells and people.
struct ColumnMaster: ~Copyable {
    private let tables: RosterTables
    private let part: RosterPart
    let cells: Int
    private let size: Int
    private let firstCell: Int

    // The columns: for each its person (a position in the part), its cost and its cells, from starts to starts + 1.
    private var owners: [Int32] = []
    private var costs: [Double] = []
    private var starts: [Int32] = [0]
    private var cellsOfColumns: [Int32] = []
    private var rows: [[Int16]] = []
    private var columnsOf: [[Int32]]
    private var known: [Set<[Int16]>]
    /// For each person the column that it keeps, -1 for none.
    private(set) var kept: [Int32]

    // The basis. Variables are numbered: for each cell the people missing, for each those too many, the columns.
    private var basis: [Int32]
    private var isBasic: [Bool]
    /// The inverse, column by column.
    private let inverse: FlatStore<Double>
    private let values: FlatStore<Double>
    private let direction: FlatStore<Double>
    /// The rows that the direction touches.
    private var touched: [Int32] = []
    private let wanted: FlatStore<Double>
    /// What one more person wanted in a cell would cost, and for each person what a row may cost.
    private let duals: FlatStore<Double>
    private(set) var pivots = 0
    private var pivotsSinceInversion = 0

    /// What a column costs whose person keeps another one.
    private static let excluded = 1e6
    private static let tolerance = 1e-7

    /// - Parameters:
    ///   - tables: The problem.
    ///   - part: What is free.
    ///   - state: All rows; those of the part are taken to be free.
    ///   - random: Sets how much more than what they want cells are given.
    init(_ tables: RosterTables, _ part: RosterPart, _ state: borrowing RosterState, _ random: inout SeededRandom) {
        self.tables = tables
        self.part = part
        cells = part.days.count * tables.shiftCount
        size = cells + part.people.count
        firstCell = part.days.lowerBound * tables.shiftCount
        columnsOf = Array(repeating: [], count: part.people.count)
        known = Array(repeating: [], count: part.people.count)
        kept = Array(repeating: -1, count: part.people.count)
        basis = Array(repeating: 0, count: size)
        isBasic = Array(repeating: false, count: 2 * cells)
        inverse = FlatStore(count: size * size, repeating: 0)
        values = FlatStore(count: size, repeating: 0)
        direction = FlatStore(count: size, repeating: 0)
        wanted = FlatStore(count: size, repeating: 1)
        duals = FlatStore(count: size, repeating: 0)
        for cell in 0..<cells {
            wanted[cell] = Double(tables.wanted[firstCell + cell] - state.counts[firstCell + cell])
        }
        for person in part.people {
            for day in part.days {
                let shift = Int(state.rows[person * tables.days + day])
                if shift >= 0 { wanted[day * tables.shiftCount + shift - firstCell] += 1 }
            }
        }
        for cell in 0..<cells { wanted[cell] += Double(random.below(1024) + 1) / 1_048_576 }
    }

    /// Adds a row of a person, by its position in the part, on the part's days.
    ///
    /// - Returns: Whether it is a new one.
    mutating func add(_ row: [Int16], of position: Int) -> Bool {
        guard known[position].insert(row).inserted else { return false }
        let own = part.people[position] * tables.cells + firstCell
        var cost = 0
        for (day, shift) in row.enumerated() where shift >= 0 {
            let cell = day * tables.shiftCount + Int(shift)
            cellsOfColumns.append(Int32(cell))
            cost += Int(tables.ownCost[own + cell])
        }
        columnsOf[position].append(Int32(owners.count))
        owners.append(Int32(position))
        starts.append(Int32(cellsOfColumns.count))
        costs.append(Double(cost))
        rows.append(row)
        isBasic.append(false)
        return true
    }

    func row(_ column: Int) -> [Int16] { rows[column] }

    /// What one more person at work in each of the part's cells is worth, as a cost: never above zero by more than what
    /// too many cost.
    func price(_ cell: Int) -> Double { -duals[cell] }

    /// How many people a cell wants beyond those who stand still; below zero where these are too many.
    func wantedOf(_ cell: Int) -> Int { Int(wanted[cell].rounded(.down)) }

    /// Whether a row of a person would make it cheaper.
    func lacks(_ row: [Int16], of position: Int) -> Bool {
        let own = part.people[position] * tables.cells + firstCell
        var reduced = -duals[cells + position]
        for (day, shift) in row.enumerated() where shift >= 0 {
            let cell = day * tables.shiftCount + Int(shift)
            reduced += Double(tables.ownCost[own + cell]) - duals[cell]
        }
        return reduced < -1e-4
    }

    /// The least cost of the linear program, but for what stands still, as its prices prove it for these columns.
    var value: Double {
        var sum = 0.0
        for cell in 0..<cells { sum += duals[cell] * wanted[cell].rounded(.down) }
        for position in 0..<part.people.count { sum += duals[cells + position] }
        return sum
    }

    // MARK: The basis

    /// Starts where everybody has the row that was added last.
    mutating func begin() {
        for variable in isBasic.indices { isBasic[variable] = false }
        var counts = [Double](repeating: 0, count: cells)
        for position in 0..<part.people.count {
            guard let column = columnsOf[position].last else { continue }
            basis[cells + position] = Int32(2 * cells) + column
            for index in range(Int(column)) { counts[Int(cellsOfColumns[index])] += 1 }
        }
        for cell in 0..<cells { basis[cell] = Int32(wanted[cell] >= counts[cell] ? cell : cells + cell) }
        for variable in basis { isBasic[Int(variable)] = true }
        invert()
    }

    private func range(_ column: Int) -> Range<Int> { Int(starts[column])..<Int(starts[column + 1]) }

    /// Makes the inverse anew, one column of a person after the other put in for a slack.
    private mutating func invert() {
        pivotsSinceInversion = 0
        inverse.fill(0..<inverse.count, with: 0)
        var open = [Bool](repeating: true, count: size)
        var columns: [Int32] = []
        for variable in basis {
            let variable = Int(variable)
            if variable >= 2 * cells {
                columns.append(Int32(variable))
            } else {
                let cell = variable < cells ? variable : variable - cells
                inverse[cell * size + cell] = variable < cells ? 1 : -1
                open[cell] = false
            }
        }
        // Stand-ins until a column takes their place.
        for row in 0..<size where open[row] { inverse[row * size + row] = 1 }
        var found = basis
        for variable in basis where variable < 2 * cells {
            found[variable < cells ? Int(variable) : Int(variable) - cells] = variable
        }
        for variable in columns {
            setDirection(Int(variable))
            var best = -1
            for row in 0..<size where open[row] && (best < 0 || abs(direction[row]) > abs(direction[best])) {
                best = row
            }
            guard best >= 0, abs(direction[best]) > 1e-9 else { continue }
            open[best] = false
            found[best] = variable
            exchange(best)
        }
        basis = found
        setValues()
        setDuals()
    }

    private func setValues() {
        values.fill(0..<size, with: 0)
        for column in 0..<size { values.add(inverse, from: column * size, times: wanted[column], count: size) }
    }

    private func cost(_ variable: Int) -> Double {
        if variable < cells { return Double(tables.weightUnder[firstCell + variable]) }
        if variable < 2 * cells { return Double(tables.weightOver[firstCell + variable - cells]) }
        let keeps = kept[Int(owners[variable - 2 * cells])]
        return costs[variable - 2 * cells] + (keeps < 0 || Int(keeps) == variable - 2 * cells ? 0 : Self.excluded)
    }

    private func setDuals() {
        let costs = FlatStore(basis.map { cost(Int($0)) })
        for column in 0..<size {
            var sum = 0.0
            for row in 0..<size { sum += costs[row] * inverse[column * size + row] }
            duals[column] = sum
        }
    }

    @inline(__always)
    private func reducedCost(_ variable: Int) -> Double {
        if variable < cells { return Double(tables.weightUnder[firstCell + variable]) - duals[variable] }
        if variable < 2 * cells {
            return Double(tables.weightOver[firstCell + variable - cells]) + duals[variable - cells]
        }
        let column = variable - 2 * cells
        var sum = costs[column] - duals[cells + Int(owners[column])]
        for index in range(column) { sum -= duals[Int(cellsOfColumns[index])] }
        return sum
    }

    // MARK: The simplex method

    /// Goes on until no known column makes it cheaper.
    ///
    /// - Parameter isOver: Asked now and then whether to stop early.
    mutating func solve(_ isOver: () -> Bool) {
        var candidates: [(variable: Int, cost: Double)] = []
        while !isOver() {
            if pivotsSinceInversion > 2000 { invert() }
            list(&candidates)
            // Prices change with every pivot: those that have become half as good are left to the next list.
            candidates.sort { ($0.cost, $0.variable) < ($1.cost, $1.variable) }
            var taken = 0
            for candidate in candidates {
                let reduced = reducedCost(candidate.variable)
                guard reduced < candidate.cost / 3, reduced < -Self.tolerance else { continue }
                if pivot(candidate.variable, reduced) { taken += 1 }
                if taken % 64 == 63, isOver() { return }
            }
            if taken == 0 { return }
        }
    }

    /// What would make it cheaper: all slacks, and for each person the best column.
    private func list(_ candidates: inout [(variable: Int, cost: Double)]) {
        candidates.removeAll(keepingCapacity: true)
        for variable in 0..<2 * cells where !isBasic[variable] {
            let reduced = reducedCost(variable)
            if reduced < -Self.tolerance { candidates.append((variable, reduced)) }
        }
        for position in 0..<part.people.count {
            var best = -Self.tolerance
            var found = -1
            for column in columnsOf[position] where !isBasic[2 * cells + Int(column)] {
                guard kept[position] < 0 || kept[position] == column else { continue }
                let reduced = reducedCost(2 * cells + Int(column))
                if reduced < best { (best, found) = (reduced, 2 * cells + Int(column)) }
            }
            if found >= 0 { candidates.append((found, best)) }
        }
    }

    private func setDirection(_ variable: Int) {
        direction.fill(0..<size, with: 0)
        if variable < cells {
            direction.add(inverse, from: variable * size, times: 1, count: size)
        } else if variable < 2 * cells {
            direction.add(inverse, from: (variable - cells) * size, times: -1, count: size)
        } else {
            let column = variable - 2 * cells
            for index in range(column) {
                direction.add(inverse, from: Int(cellsOfColumns[index]) * size, times: 1, count: size)
            }
            direction.add(inverse, from: (cells + Int(owners[column])) * size, times: 1, count: size)
        }
    }

    private mutating func pivot(_ variable: Int, _ reduced: Double) -> Bool {
        setDirection(variable)
        var leaving = -1
        var least = Double.infinity
        for row in 0..<size where direction[row] > Self.tolerance {
            let ratio = max(0, values[row]) / direction[row]
            if ratio < least || ratio == least && direction[row] > direction[leaving] {
                (least, leaving) = (ratio, row)
            }
        }
        guard leaving >= 0 else { return false }
        values.add(direction, from: 0, times: -least, count: size)
        values[leaving] = least
        exchange(leaving)
        for column in 0..<size { duals[column] += reduced * inverse[column * size + leaving] }
        isBasic[Int(basis[leaving])] = false
        isBasic[variable] = true
        basis[leaving] = Int32(variable)
        pivots += 1
        pivotsSinceInversion += 1
        return true
    }

    /// Has the direction take a row's place in the inverse.
    private mutating func exchange(_ leaving: Int) {
        let factor = 1 / direction[leaving]
        touched.removeAll(keepingCapacity: true)
        for row in 0..<size where direction[row] != 0 { touched.append(Int32(row)) }
        // A few values one by one, or all of them several at a time.
        let isSparse = touched.count * 6 < size
        for column in 0..<size {
            let base = column * size
            let value = inverse[base + leaving] * factor
            guard value != 0 else { continue }
            if isSparse {
                for row in touched { inverse[base + Int(row)] -= value * direction[Int(row)] }
            } else {
                inverse.add(direction, from: 0, to: base, times: -value, count: size)
            }
            inverse[base + leaving] = value
        }
    }

    // MARK: A dive

    /// For each person that keeps none yet, the row with the greatest share.
    var favourites: [(position: Int, column: Int, share: Double)] {
        var best = [(column: Int, share: Double)](repeating: (-1, 0), count: part.people.count)
        for row in 0..<size where basis[row] >= 2 * cells {
            let column = Int(basis[row]) - 2 * cells
            let position = Int(owners[column])
            if values[row] > best[position].share { best[position] = (column, values[row]) }
        }
        return best.enumerated().compactMap { position, best in
            kept[position] < 0 && best.column >= 0 ? (position, best.column, best.share) : nil
        }
    }

    /// Has people keep rows from now on.
    mutating func keep(_ choices: [(position: Int, column: Int)]) {
        for choice in choices { kept[choice.position] = Int32(choice.column) }
        setDuals()
    }

    /// Frees all again.
    mutating func free() {
        for position in kept.indices { kept[position] = -1 }
        setDuals()
    }
}

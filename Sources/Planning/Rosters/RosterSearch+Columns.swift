extension RosterSearch {
    /// How many combinations of counts of shift types are told apart where rows are priced.
    private static let pricedBlocks = 16
    /// How much effort a part is to take, so that some are made in a second.
    private static let efforts = 1500...3000

    /// Takes up what prices prove of all rows, in the row solver's units, wishes for work apart.
    mutating func take(bound proven: Int, prices: [Int]) {
        if proven > Int.min { bound = max(bound, proven + tables.requestCost * tables.scale) }
        for (cell, price) in prices.enumerated() { self.prices[cell] = Int32(clamping: price) }
    }

    /// Makes one part anew, and keeps that where it is no dearer.
    mutating func makePart(_ isOver: (Int) -> Bool) {
        part = choosePart()
        solver.mostBlocks = Self.pricedBlocks
        defer { solver.mostBlocks = 0 }
        let before = steps
        func over(_ effort: Int) -> Bool { isOver(before + effort) }
        // Half the time what costs the same is welcome, too: other rows open other ways.
        let enough = (costOfPart + random.below(2)) * tables.scale
        var columns = searchOfPart(isPriced: true, over)
        columns.begin()
        if columns.generate(rounds: 40, enough: enough, &self, over), !over(columns.effort),
            let rows = columns.dive(percent: 25, enough: enough, &self, over)
        {
            take(rows)
        }
        takeOver(columns)
        steps = before + max(1, columns.effort)
        if columns.effort < Self.efforts.lowerBound {
            breadth = min(tables.people * tables.days, breadth + breadth / 16 + 1)
        } else if columns.effort > Self.efforts.upperBound {
            breadth = max(tables.days, breadth - breadth / 16)
        }
    }

    /// A search for the part, which knows everybody's row as it is.
    private mutating func searchOfPart(
        isPriced: Bool = false, _ isOver: (Int) -> Bool = { _ in false }
    ) -> ColumnSearch<RosterSearch> {
        let cells = cellsOfPart
        var wants: [ColumnWant] = []
        for cell in cells { wants.append(want(cell)) }
        var columns = ColumnSearch(
            wants, groups: part.people.count, prices: cells.map { Int(prices[$0]) }, self, random)
        if isPriced { columns.addPriced(&self, isOver) }
        for (group, person) in part.people.enumerated() {
            columns.add(part.days.map { state.rows[person * tables.days + $0] }, of: group, self)
        }
        return columns
    }

    private var cellsOfPart: Range<Int> {
        part.days.lowerBound * tables.shiftCount..<part.days.upperBound * tables.shiftCount
    }

    /// What a cell wants of the part's people.
    private func want(_ cell: Int) -> ColumnWant {
        let (day, shift) = cell.quotientAndRemainder(dividingBy: tables.shiftCount)
        let own = part.people.count { Int(state.rows[$0 * tables.days + day]) == shift }
        return ColumnWant(
            target: Int(tables.wanted[cell] - state.counts[cell]) + own,
            under: [ColumnWant.Step(cost: Double(tables.weightUnder[cell]), most: .infinity)],
            over: [ColumnWant.Step(cost: Double(tables.weightOver[cell]), most: .infinity)])
    }

    private mutating func takeOver(_ columns: borrowing ColumnSearch<RosterSearch>) {
        random = columns.random
        for (want, cell) in cellsOfPart.enumerated() { prices[cell] = Int32(clamping: columns.prices[want]) }
    }

    /// What the part costs as it is, but for what stands still.
    private var costOfPart: Int {
        var sum = 0
        for person in part.people {
            for day in part.days {
                let shift = Int(state.rows[person * tables.days + day])
                if shift >= 0 { sum += Int(tables.ownCost[person * tables.cells + day * tables.shiftCount + shift]) }
            }
        }
        for cell in cellsOfPart { sum += coverCost(cell) }
        return sum
    }

    /// Whether nothing can cost less than the best roster.
    var isOptimal: Bool { bound > Int.min && (best.cost - 1) * tables.scale < bound }

    private mutating func take(_ rows: [[Int16]]) {
        let before = state.allRows
        let cost = state.cost
        var all = before
        for (position, person) in part.people.enumerated() {
            for (offset, day) in part.days.enumerated() { all[person * tables.days + day] = rows[position][offset] }
        }
        state.take(all, tables)
        if state.cost > cost { state.take(before, tables) }
        keep()
        if settings.checksSums { state.check(tables) }
    }

    /// Some people on some weeks: many on few, or few on many.
    private mutating func choosePart() -> RosterPart {
        let weeks = (tables.days + 6) / 7
        let length = min(tables.days, 7 * (1 + random.below(min(weeks, 6))))
        let cell = random.below(100) < settings.badCellPercent ? badCell() : random.below(tables.cells)
        let week = cell / tables.shiftCount / 7
        let first = max(0, min((weeks - (length + 6) / 7) * 7, (week - random.below(length / 7 + 1)) * 7))
        let wanted = min(tables.people, max(2, breadth / length))
        var all = Array(0..<tables.people)
        for index in 0..<wanted { all.swapAt(index, index + random.below(all.count - index)) }
        return RosterPart(people: all[0..<wanted].sorted(), days: first..<min(tables.days, first + length))
    }
}

extension RosterSearch: ColumnSource {
    var scale: Int { tables.scale }
    var quantum: Int { tables.scale }

    mutating func cheapest(_ group: Int, prices: borrowing FlatStore<Int>, isFine: Bool) -> (row: [Int16]?, bound: Int)?
    {
        let person = part.people[group]
        let own = person * tables.cells
        for (want, cell) in cellsOfPart.enumerated() {
            let fixed = tables.ownCost[own + cell]
            costs[cell] =
                fixed < RosterTables.blocked
                ? Int32(truncatingIfNeeded: prices[want]) + fixed * Int32(tables.scale) : fixed
        }
        guard
            let priced = solver.price(
                person, part.days, rows: state.rows, costs: costs, slack: isFine ? tables.scale / 8 : tables.scale)
        else { return nil }
        return (priced.cost == nil ? nil : part.days.map { solver.found[$0] }, priced.bound)
    }

    func entries(of row: [Int16], _ group: Int) -> [ColumnMaster.Entry] {
        row.enumerated().compactMap { day, shift in
            shift < 0 ? nil : ColumnMaster.Entry(want: Int32(day * tables.shiftCount + Int(shift)), count: 1)
        }
    }

    func cost(of row: [Int16], _ group: Int) -> Int {
        let own = part.people[group] * tables.cells + part.days.lowerBound * tables.shiftCount
        var sum = 0
        for (day, shift) in row.enumerated() where shift >= 0 {
            sum += Int(tables.ownCost[own + day * tables.shiftCount + Int(shift)])
        }
        return sum * tables.scale
    }
}

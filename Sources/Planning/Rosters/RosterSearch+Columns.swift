extension RosterSearch {
    /// How many dives are made into all rows before parts of them are.
    private static let dives = 4
    /// How many combinations of counts of shift types are told apart where rows are priced.
    private static let pricedBlocks = 16
    /// How much effort a part is to take, so that some are made in a second.
    private static let efforts = 1500...3000

    /// Makes all rows at once, as long as there is time, and keeps the best roster met; also the bound.
    ///
    /// - Parameter isOver: Whether time is over, after so many steps.
    mutating func makeAll(_ isOver: (Int) -> Bool) {
        let part = RosterPart(people: Array(0..<tables.people), days: 0..<tables.days)
        solver.mostBlocks = Self.pricedBlocks
        defer { solver.mostBlocks = 0 }
        let before = steps
        func over(_ effort: Int) -> Bool { isOver(before + effort) }
        var columns = ColumnSearch(tables, part, state, prices: prices, &random)
        columns.addPresent(state)
        columns.settle(passes: 20, state, &solver, &random, over)
        columns.begin()
        _ = columns.generate(rounds: 1000, enough: nil, state, &solver, over)
        if columns.bound > Int.min { bound = max(bound, columns.bound + tables.requestCost * tables.scale) }
        prices = columns.prices
        for _ in 0..<Self.dives where !over(columns.effort) && !isOptimal {
            let enough = columns.cost(in: state)
            if let rows = columns.dive(percent: 10, enough: enough, state, &solver, &random, over) { take(rows, part) }
        }
        steps = before + columns.effort
    }

    /// Makes one part anew, and keeps that where it is no dearer.
    mutating func makePart(_ isOver: (Int) -> Bool) {
        let part = choosePart()
        solver.mostBlocks = Self.pricedBlocks
        defer { solver.mostBlocks = 0 }
        let before = steps
        func over(_ effort: Int) -> Bool { isOver(before + effort) }
        var columns = ColumnSearch(tables, part, state, prices: prices, &random)
        // Half the time what costs the same is welcome, too: other rows open other ways.
        let enough = columns.cost(in: state) + random.below(2)
        columns.addPriced(state, &solver, over)
        columns.addPresent(state)
        columns.begin()
        if columns.generate(rounds: 40, enough: enough, state, &solver, over), !over(columns.effort),
            let rows = columns.dive(percent: 25, enough: enough, state, &solver, &random, over)
        {
            take(rows, part)
        }
        prices = columns.prices
        steps = before + max(1, columns.effort)
        if columns.effort < Self.efforts.lowerBound {
            breadth = min(tables.people * tables.days, breadth + breadth / 16 + 1)
        } else if columns.effort > Self.efforts.upperBound {
            breadth = max(tables.days, breadth - breadth / 16)
        }
    }

    /// Whether nothing can cost less than the best roster.
    var isOptimal: Bool { bound > Int.min && (best.cost - 1) * tables.scale < bound }

    private mutating func take(_ rows: [[Int16]], _ part: RosterPart) {
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

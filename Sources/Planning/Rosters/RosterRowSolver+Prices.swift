extension RosterRowSolver {
    /// What one person's best row costs when cells have prices: the oracle of a Lagrangian bound.
    ///
    /// - Parameters:
    ///   - person: Whose row.
    ///   - prices: For each cell what working it costs beyond the person's own requests, in costs.
    ///   - taken: Told each cell of the row.
    /// - Returns: The least cost; nil where limits on shift types could not all be counted, or no row is legal.
    mutating func cheapestRow(of person: Int, prices: borrowing FlatStore<Int32>, taken: (Int) -> Void) -> Int? {
        let costs = FlatStore<Int32>(count: tables.cells, repeating: RosterTables.blocked)
        let own = person * tables.cells
        for cell in 0..<tables.cells where tables.ownCost[own + cell] < RosterTables.blocked {
            costs[cell] = tables.ownCost[own + cell] + prices[cell]
        }
        let rows = FlatStore<Int16>(count: tables.people * tables.days, repeating: -1)
        let before = mostBlocks
        mostBlocks = 2000
        defer { mostBlocks = before }
        guard let cost = solve(person, 0..<tables.days, rows: rows, costs: costs) else { return nil }
        for shift in 0..<tables.shiftCount where surcharge[shift] > 0 { return nil }
        for day in 0..<tables.days where found[day] >= 0 { taken(day * tables.shiftCount + Int(found[day])) }
        return cost
    }
}

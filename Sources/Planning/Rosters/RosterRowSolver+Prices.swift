extension RosterRowSolver {
    /// What is known of the cheapest row at some prices.
    struct PricedRow {
        /// No legal row costs less.
        let bound: Int
        /// Of the row in ``RosterRowSolver/found``; nil where none was found.
        let cost: Int?
    }

    /// Finds a row at prices, and a bound on all rows: the oracle of column generation and of its bound.
    ///
    /// Where limits on shift types are too many to be counted, a charge on each type stands for its limit, and the bound
    /// is that of the Lagrangian relaxation with these charges. They are halved and doubled until the row is legal and
    /// little above the bound, and remembered for the person.
    ///
    /// - Parameters:
    ///   - person: Whose row.
    ///   - days: The days that may change.
    ///   - rows: All rows, of which those days of the person are not read.
    ///   - costs: For each cell what working it costs.
    ///   - slack: How far the row's cost may be above the bound.
    /// - Returns: The row and its bound; nil where there is no legal row at all.
    mutating func price(
        _ person: Int, _ days: Range<Int>, rows: borrowing FlatStore<Int16>, costs: borrowing FlatStore<Int32>,
        slack: Int
    ) -> PricedRow? {
        guard let path = prepare(person, days, rows) else { return nil }
        let base = person * tables.shiftCount
        for shift in 0..<tables.shiftCount where mayBind(shift, path) && usualCharge[base + shift] > 0 {
            if !counted.contains(where: { $0.shift == shift }) { surcharge[shift] = usualCharge[base + shift] * 3 / 4 }
        }
        var bound = Int.min
        var best: (cost: Int, row: [Int16], charges: [Int32])?
        var low = [Int32](repeating: 0, count: tables.shiftCount)
        var high = [Int32](repeating: 0, count: tables.shiftCount)
        for _ in 0..<16 {
            guard let charged = shortestPath(path, costs) else { return nil }
            let shifts = 0..<tables.shiftCount
            bound = max(bound, charged - shifts.reduce(0) { $0 + Int(surcharge[$1]) * Int(left[$1]) })
            let cost = charged - shifts.reduce(0) { $0 + Int(surcharge[$1]) * Int(worked[$1]) }
            let isLegal = shifts.allSatisfy { worked[$0] <= left[$0] }
            if isLegal, cost < best?.cost ?? .max {
                best = (cost, path.days.map { found[$0] }, shifts.map { surcharge[$0] })
            }
            if let best, best.cost - bound <= slack { break }
            guard change(path, isLegal: isLegal, &low, &high) else { break }
        }
        guard let best else {
            // Legal at any price, for a row to begin with.
            counted.removeAll(keepingCapacity: true)
            surcharge.fill(0..<tables.shiftCount, with: 0)
            return PricedRow(bound: bound, cost: solveCounting(path, costs))
        }
        for (offset, day) in path.days.enumerated() { found[day] = best.row[offset] }
        for shift in 0..<tables.shiftCount { usualCharge[base + shift] = best.charges[shift] }
        return PricedRow(bound: bound, cost: best.cost)
    }

    /// Counts or charges types worked too often, and lowers the charges of the others.
    ///
    /// - Returns: Whether anything is different now.
    private mutating func change(
        _ path: RosterPath, isLegal: Bool, _ low: inout [Int32], _ high: inout [Int32]
    ) -> Bool {
        var changed = false
        for shift in 0..<tables.shiftCount {
            let before = surcharge[shift]
            if worked[shift] > left[shift] {
                if before == 0, fits(path, with: shift) {
                    counted.append((shift, Int(left[shift])))
                    bound[path.person * tables.shiftCount + shift] = 64
                    changed = true
                    continue
                }
                low[shift] = max(low[shift], before)
                let next = max(Int32(tables.scale), before * 2)
                surcharge[shift] = high[shift] > before ? (before + high[shift] + 1) / 2 : min(next, 1 << 20)
            } else if isLegal, before > 0 {
                high[shift] = high[shift] > 0 ? min(high[shift], before) : before
                let next = (low[shift] + before) / 2
                surcharge[shift] = before - next <= Int32(tables.scale / 16) ? before : next
            }
            changed = changed || surcharge[shift] != before
        }
        return changed
    }
}

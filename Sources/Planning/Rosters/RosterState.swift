/// A roster under search: its rows, how many people each cell has, and what all that costs.
struct RosterState: ~Copyable {
    /// `person * days + day`: the shift type, or -1.
    let rows: FlatStore<Int16>
    /// For each cell.
    let counts: FlatStore<Int32>
    private(set) var cost: Int

    init(_ tables: RosterTables) {
        rows = FlatStore(count: tables.people * tables.days, repeating: -1)
        counts = FlatStore(count: tables.cells, repeating: 0)
        cost = tables.emptyCost
    }

    /// What one more person in a cell costs.
    @inline(__always)
    func costOfOneMore(_ cell: Int, _ tables: RosterTables) -> Int {
        counts[cell] < tables.wanted[cell] ? -Int(tables.weightUnder[cell]) : Int(tables.weightOver[cell])
    }

    /// Makes somebody work on a day that is free.
    @inline(__always)
    mutating func fill(_ person: Int, _ day: Int, _ shift: Int, _ tables: RosterTables) {
        let cell = day * tables.shiftCount + shift
        cost += costOfOneMore(cell, tables) + Int(tables.ownCost[person * tables.cells + cell])
        counts[cell] += 1
        rows[person * tables.days + day] = Int16(shift)
    }

    /// Frees a day.
    @inline(__always)
    mutating func clear(_ person: Int, _ day: Int, _ tables: RosterTables) {
        let shift = Int(rows[person * tables.days + day])
        guard shift >= 0 else { return }
        let cell = day * tables.shiftCount + shift
        counts[cell] -= 1
        cost -= costOfOneMore(cell, tables) + Int(tables.ownCost[person * tables.cells + cell])
        rows[person * tables.days + day] = -1
    }

    mutating func take(_ all: [Int16], _ tables: RosterTables) {
        for person in 0..<tables.people {
            for day in 0..<tables.days {
                let shift = all[person * tables.days + day]
                guard rows[person * tables.days + day] != shift else { continue }
                clear(person, day, tables)
                if shift >= 0 { fill(person, day, Int(shift), tables) }
            }
        }
    }

    var allRows: [Int16] { (0..<rows.count).map { rows[$0] } }

    /// Adds all up anew, and stops the program where that differs or a limit is broken; for tests.
    func check(_ tables: RosterTables) {
        let score = RosterScore(of: Roster(allRows, tables), in: tables.problem)
        precondition(score.violations.isEmpty, "the search broke a limit: \(score.violations)")
        precondition(score.total == cost, "the roster costs \(score.total), not \(cost)")
    }
}

extension Roster {
    init(_ rows: [Int16], _ tables: RosterTables) {
        self.init(
            rows: (0..<tables.people).map { person in
                rows[person * tables.days..<(person + 1) * tables.days].map { $0 < 0 ? nil : Int($0) }
            })
    }
}

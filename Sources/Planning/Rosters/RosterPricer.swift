import Synchronization

/// A thread's solver for whole rows at prices, lent to one task at a time.
final class RosterPricer: Sendable {
    private let desk: Mutex<Desk>

    /// - Parameters:
    ///   - tables: The problem.
    ///   - solved: The one whose limits rows keep: the same, or without minutes.
    init(_ tables: RosterTables, solving solved: RosterTables) {
        desk = Mutex(Desk(tables, solved))
    }

    /// Finds the cheapest row of each of some people.
    ///
    /// - Parameters:
    ///   - people: Whose.
    ///   - prices: For each cell what one more person in it costs, in the row solver's units.
    ///   - charges: For each person what a unit of minutes costs.
    ///   - slack: How far a row's cost may be above what is proven of it.
    /// - Returns: For each of them a row, as far as one was found, and what no row costs less than.
    func offers(to people: [Int], prices: [Int], charges: [Int], slack: Int) -> [RosterOffer] {
        desk.withLock { desk in people.map { desk.offer(to: $0, prices, charge: charges[$0], slack) } }
    }

    private struct Desk: ~Copyable {
        let tables: RosterTables
        var solver: RosterRowSolver
        let costs: FlatStore<Int32>
        /// Nobody's row: whole rows are solved for.
        let empty: FlatStore<Int16>

        init(_ tables: RosterTables, _ solved: RosterTables) {
            self.tables = tables
            solver = RosterRowSolver(solved)
            solver.mostBlocks = 16
            costs = FlatStore(count: tables.cells, repeating: 0)
            empty = FlatStore(count: tables.people * tables.days, repeating: -1)
        }

        mutating func offer(to person: Int, _ prices: [Int], charge: Int, _ slack: Int) -> RosterOffer {
            let own = person * tables.cells
            for cell in 0..<tables.cells {
                let fixed = tables.ownCost[own + cell]
                let price = prices[cell] + charge * tables.units[cell % tables.shiftCount]
                costs[cell] =
                    fixed < RosterTables.blocked
                    ? Int32(truncatingIfNeeded: price) + fixed * Int32(tables.scale) : fixed
            }
            let days = 0..<tables.days
            guard let priced = solver.price(person, days, rows: empty, costs: costs, slack: slack) else {
                return RosterOffer(person: person, row: nil, bound: 0)
            }
            return RosterOffer(
                person: person, row: priced.cost == nil ? nil : days.map { solver.found[$0] }, bound: priced.bound)
        }
    }
}

/// Somebody's cheapest row at some prices.
struct RosterOffer: Sendable {
    let person: Int
    /// By day the shift type, or -1; nil where none was found.
    let row: [Int16]?
    /// No row of theirs costs less.
    let bound: Int
}

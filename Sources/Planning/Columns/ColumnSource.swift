/// Where the columns of a column program come from: one front end of the engine.
///
/// Groups are whatever chooses one row each: people of a roster, operators in a week. Costs and values are whole numbers,
/// ``scale`` of them to one of the program's.
protocol ColumnSource: ~Copyable {
    associatedtype Row: Hashable & Sendable

    var scale: Int { get }
    /// What all costs are multiples of.
    var quantum: Int { get }

    /// Finds the cheapest row of a group.
    ///
    /// - Parameters:
    ///   - group: Its number.
    ///   - prices: For each want what one unit given to it costs, below zero where it is worth something.
    ///   - isFine: Whether it is to be as good as can be; otherwise nearly the best does.
    /// - Returns: The row, nil where none was found, and what no row's cost at the prices is below; nil where there is
    ///   no row at all.
    mutating func cheapest(_ group: Int, prices: borrowing FlatStore<Int>, isFine: Bool) -> (row: Row?, bound: Int)?

    /// What a row of a group gives the wants.
    func entries(of row: Row, _ group: Int) -> [ColumnMaster.Entry]

    /// What a row of a group costs beside what it gives.
    func cost(of row: Row, _ group: Int) -> Int
}

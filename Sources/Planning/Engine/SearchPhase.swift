import Coverage

/// What a search does at a share of an attempt.
enum SearchPhase: Equatable {
    /// Cheap moves at a temperature, by the plan's own cost.
    case moves(temperature: Int)
    /// Prices, at which operators share themselves among rows, and the bound that they prove.
    case prices
    /// Operators choose one row after the other; with how many of them shall have, of 65,536.
    case dive(part: Int)
    /// Cheap moves at a temperature, by prices: no step in the cost of a cell or of a library counts for more than
    /// `softness` beyond its price.
    ///
    /// Operators can then change places one by one, which the plan's own cost forbids where each step on the way leaves
    /// a place empty for a moment. The softness grows until it is beyond all steps.
    case pricedMoves(temperature: Int, softness: Int)
    /// Rows solved exactly.
    case rows

    /// Where moves by the plan's own cost end, and prices begin.
    static let firstOfPrices = 2_500
    private static let pricesUpTo = 18_000
    private static let diveUpTo = 24_000
    private static let pricedMovesUpTo = 60_000
    /// Of the way of moves by prices.
    private static let hardensFrom = 30_000

    /// - Parameter share: Of the attempt that is over, of 65,536.
    init(at share: Int) {
        let one = PlanCost.unitsPerOne
        if share < Self.firstOfPrices {
            let done = share * 65_536 / Self.firstOfPrices
            self = .moves(temperature: Self.falling(from: 150 * one, halvings: 7, done))
        } else if share < Self.pricesUpTo {
            self = .prices
        } else if share < Self.diveUpTo {
            // All have chosen some passes before its end, so that the last ones see each other's choices.
            self = .dive(part: min(65_536, (share - Self.pricesUpTo) * 72_000 / (Self.diveUpTo - Self.pricesUpTo)))
        } else if share < Self.pricedMovesUpTo {
            let done = (share - Self.diveUpTo) * 65_536 / (Self.pricedMovesUpTo - Self.diveUpTo)
            // First of the size of preferences, while the temperature falls; then up to beyond all steps.
            let doublings = max(0, done - Self.hardensFrom) * 9 * 65_536 / (65_536 - Self.hardensFrom)
            let softness = ((7 * one) << (doublings >> 16)) / 65_536 * (65_536 + (doublings & 65_535))
            self = .pricedMoves(temperature: Self.falling(from: one / 5, halvings: 4, done), softness: softness)
        } else {
            self = .rows
        }
    }

    /// Halved so many times on the way, with straight lines between.
    static func falling(from first: Int, halvings: Int, _ done: Int) -> Int {
        let halved = done * halvings
        return (first >> (halved >> 16)) / 131_072 * (131_072 - (halved & 65_535))
    }

    /// The steps that a week takes in a round that nothing cuts short.
    ///
    /// A round is long enough to be worth its sums, and short enough that weeks see each other's contributions soon.
    func mostSteps(operators: Int) -> Int {
        switch self {
        case .moves, .pricedMoves: max(20, min(2000, operators / 4))
        case .prices, .dive: max(1, operators / 4)
        case .rows: max(100, min(1500, operators / 8))
        }
    }
}

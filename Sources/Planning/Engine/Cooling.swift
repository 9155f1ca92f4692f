/// How much worse a move may make a plan and still be kept, as the search goes on.
///
/// Simulated annealing (Kirkpatrick, Gelatt and Vecchi, 1983) with a temperature that falls geometrically with the
/// share of the budget that is spent. All in integers, so that a run is the same on every machine.
struct Cooling: Sendable {
    /// The share of the budget spent, of 65,536.
    private(set) var spent = 0
    /// In units of cost.
    private(set) var temperature = 0

    private static let hottest = 60 * PlanCost.unitsPerOne
    /// How often the temperature halves on the way.
    private static let halvings = 8
    /// From this share of the budget on only what is no worse is kept.
    private static let coldFrom = 62_000

    init(spent share: Int) {
        self.init(spent: share, hottest: Self.hottest, halvings: Self.halvings)
    }

    /// - Parameters:
    ///   - share: The share of the budget spent, of 65,536.
    ///   - hottest: The temperature at the beginning, in units of cost; precise only far above 65,536.
    ///   - halvings: How often it halves on the way.
    init(spent share: Int, hottest: Int, halvings: Int) {
        spent = max(0, min(65_536, share))
        guard spent < Self.coldFrom else { return }
        let halved = spent * halvings
        temperature = (hottest >> (halved >> 16)) / 131_072 * (131_072 - (halved & 65_535))
    }

    /// How much chance changes what a slot costs while rows are recreated.
    var noise: Int { temperature / 2 }

    /// Whether a move that makes the plan dearer by so much is kept.
    func accepts(_ difference: Int, _ random: inout SeededRandom) -> Bool {
        if difference <= 0 { return true }
        guard temperature > 0 else { return false }
        // -log2 of a uniform number: its leading zeros, and a straight line for the digits after them.
        let bits = random.next()
        let zeros = bits.leadingZeroBitCount
        let digits = zeros < 47 ? Int((bits << UInt64(zeros + 1)) >> 48) : 0
        let exponential = (((zeros << 16) + 65_536 - digits) * 45_426) >> 16
        return difference <= (temperature >> 16) * exponential
    }
}

import Coverage

/// The values that costs of plans can have: all of them differ by multiples of the same.
///
/// Weights are mostly whole numbers, so hardly any cost lies between what is proven and the next one that a plan can
/// have: the bound may be lifted to that, and often is the cost of the best plan then.
struct CostGrid: Sendable {
    private let step: Int
    private let anyCost: Int

    /// - Parameters:
    ///   - tables: A search's.
    ///   - anyCost: What any plan costs, the empty one for example.
    init(_ tables: EngineTables, anyCost: Int) {
        self.anyCost = anyCost
        let rules = tables.problem.rules
        let countsRests = tables.breakUnits.contains { $0 != 0 && $0 < RowSolver.never }
        // What hours beyond a limit cost may be any fraction.
        guard !tables.isGreenDay, !tables.isGreenWeek, !countsRests, tables.problem.rowRules.isEmpty,
            tables.reference == nil
        else {
            step = 1
            return
        }
        var step = 0
        for queue in tables.problem.queues {
            step = Self.divisor(step, rules.gapUnits * queue.priority)
            step = Self.divisor(step, rules.thinUnits * queue.priority)
        }
        for units in [rules.overUnits, rules.preferenceUnits, rules.blockUnits] { step = Self.divisor(step, units) }
        // Hours above a promise cost as much more as those below it cost less.
        step = Self.divisor(step, rules.contributionWeight * rules.hoursOfSlot)
        for promise in tables.promises { step = Self.divisor(step, 2 * rules.contributionWeight * promise) }
        self.step = max(1, step)
    }

    /// The lowest cost that a plan can have which costs no less than this.
    func cost(atLeast bound: Int) -> Int {
        let above = (bound - anyCost) % step
        return above == 0 ? bound : bound - above + (above > 0 ? step : 0)
    }

    /// Euclid's.
    private static func divisor(_ left: Int, _ right: Int) -> Int {
        var (larger, smaller) = (abs(left), abs(right))
        while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
        return larger
    }
}

package import Coverage

/// A rule about one operator's stretches of a few weeks: its check, what breaking it costs, and its words, in one type.
///
/// Such a rule is known to the search by its check alone: moves and solved rows are asked whether they break it. So a
/// new one needs a type that conforms, and a line in ``RowRules/init(_:calendar:zone:)``. A rule may look at most a week
/// beyond the week to which a stretch belongs, in both directions.
package protocol RowRule: Sendable {
    var name: Rule.Name { get }
    /// What its cost is counted as where it is green: the weight for each break.
    var part: PlanScore.Part { get }
    /// For gaps: how it keeps somebody away. "the day of rest after a night", and with a verb that it "holds".
    var obstacle: (noun: String, verb: String) { get }
    /// For suggestions: what a coordinator asks for, after "ask Ada". "for one more late shift in their week".
    var request: String { get }

    /// Finds each place where the rule is broken.
    ///
    /// - Parameters:
    ///   - row: One operator's stretches, in order, fixed ones among them. Only breaks that a planned one takes part in
    ///     are the plan's affair.
    ///   - isExempt: Whether an override lifts the rule for a stretch.
    ///   - report: Called once for each break.
    /// - Complexity: at most quadratic in the stretches of two days; the search asks it at each move.
    func check(_ row: [Stretch], isExempt: (Stretch) -> Bool, _ report: (RowBreak) -> Void)

    /// What is wrong, with the numbers.
    func words(for broken: RowBreak) -> String
}

/// One place where a row breaks a rule.
package struct RowBreak: Hashable, Sendable {
    /// The stretch that could go so that the rule holds.
    package let stretch: Stretch
    /// What the rule has to say about it: a number of stretches, or the index of a day.
    package let number: Int
}

import Coverage

/// An operator's slots on each day, or in each week, as the limit on hours counts them.
///
/// A class, as all trials of an operator read it and none changes it.
final class HourCount: Sendable {
    private let rules: PlanningRules
    private let rule: Rule.Name
    private let limit: Thousandths
    /// For each slot its day or week.
    private let spanOfSlot: [Int]
    /// Slots worked outside overrides of the rule.
    private let counted: [Int]
    /// Whether the plan places the operator there at all: hours of fixed shifts alone are not its affair.
    private let isJudged: [Bool]
    private let most: Int
    private let isGreen: Bool
    /// The slots inside overrides of the rule; nil where there are none.
    private let exempt: BitRows?

    init(_ rule: Rule.Name, _ row: OperatorRow, _ table: PlacementTable, in problem: PlanningProblem) {
        self.rule = rule
        rules = problem.rules
        isGreen = problem.rules.isGreen(rule)
        let record = problem.operators[row.person]
        limit = rule == .maxHoursPerDay ? record.maxHoursPerDay : record.maxHoursPerWeek
        spanOfSlot = rule == .maxHoursPerDay ? problem.calendar.dayOfSlot : problem.calendar.weekOfSlot
        most = max(0, rule == .maxHoursPerDay ? problem.slotsPerDay(row.person) : problem.slotsPerWeek(row.person))
        exempt = row.hasOverrides ? Self.exempt(rule, row.person, in: problem) : nil
        var counted = [Int](repeating: 0, count: (spanOfSlot.last ?? 0) + 1)
        var isJudged = [Bool](repeating: false, count: counted.count)
        for stretch in row.stretches {
            for slot in stretch.slots {
                if table.isPlanned[row.person, slot] { isJudged[spanOfSlot[slot]] = true }
                if exempt?[0, slot] != true { counted[spanOfSlot[slot]] += 1 }
            }
        }
        self.counted = counted
        self.isJudged = isJudged
    }

    private static func exempt(_ rule: Rule.Name, _ person: Int, in problem: PlanningProblem) -> BitRows {
        var slots = BitRows(rows: 1, columns: problem.calendar.count)
        for slot in 0..<slots.columns where problem.overrides.permits(breaking: rule, person, at: slot) {
            slots[0, slot] = true
        }
        return slots
    }

    /// What a stretch adds, slot after slot.
    struct Addition {
        /// Whether the day or week has more than the limit allows, and the rule is not green.
        fileprivate(set) var isTooMuch = false
        /// What it costs more where the rule is green, in units of ``PlanCost``.
        fileprivate(set) var units = 0
        fileprivate var span = -1
        fileprivate var added = 0
    }

    /// Adds a slot to a stretch.
    ///
    /// - Precondition: The slots of a stretch come in order, and the operator is free in them.
    func add(_ slot: Int, to addition: inout Addition) {
        let span = spanOfSlot[slot]
        if span != addition.span {
            addition.span = span
            addition.added = 0
            if isGreen, !isJudged[span] { addition.units += units(counted[span]) }
        }
        if exempt?[0, slot] != true {
            addition.added += 1
            if isGreen {
                let slots = counted[span] + addition.added
                addition.units += units(slots) - units(slots - 1)
            }
        }
        if !isGreen, counted[span] + addition.added > most { addition.isTooMuch = true }
    }

    private func units(_ slots: Int) -> Int {
        slots == 0 ? 0 : rules.excessUnits(rule, slots: slots, limit: limit)
    }
}

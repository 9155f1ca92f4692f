import Coverage

/// An operator's slots on each day, or in each week, as the limit on hours counts them.
struct HourCount {
    let rule: Rule.Name
    let limit: Thousandths
    /// For each slot its day or week.
    let spanOfSlot: [Int]
    /// Slots worked outside overrides of the rule.
    private(set) var counted: [Int]
    /// Whether the plan places the operator there at all: hours of fixed shifts alone are not its affair.
    private(set) var isJudged: [Bool]
    private let most: Int
    private let exempt: BitRows?

    init(_ rule: Rule.Name, _ row: OperatorRow, _ table: PlacementTable, in problem: PlanningProblem) {
        self.rule = rule
        let record = problem.operators[row.person]
        limit = rule == .maxHoursPerDay ? record.maxHoursPerDay : record.maxHoursPerWeek
        spanOfSlot = rule == .maxHoursPerDay ? problem.calendar.dayOfSlot : problem.calendar.weekOfSlot
        most = rule == .maxHoursPerDay ? problem.slotsPerDay(row.person) : problem.slotsPerWeek(row.person)
        counted = [Int](repeating: 0, count: (spanOfSlot.last ?? 0) + 1)
        isJudged = [Bool](repeating: false, count: counted.count)
        exempt = row.hasOverrides ? Self.exempt(rule, row.person, in: problem) : nil
        for stretch in row.stretches {
            for slot in stretch.slots {
                if table.isPlanned[row.person, slot] { isJudged[spanOfSlot[slot]] = true }
                if exempt?[0, slot] != true { counted[spanOfSlot[slot]] += 1 }
            }
        }
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
        private(set) var isTooMuch = false
        /// What it costs more where the rule is green, in units of ``PlanCost``.
        private(set) var units = 0
        private var span = -1
        private var added = 0

        /// - Precondition: The slots come in order, and the operator is free in them.
        mutating func add(_ slot: Int, to hours: HourCount, _ rules: PlanningRules) {
            let span = hours.spanOfSlot[slot]
            if span != self.span {
                self.span = span
                added = 0
                if !hours.isJudged[span] { units += hours.units(hours.counted[span], rules) }
            }
            if hours.exempt?[0, slot] != true {
                let before = hours.counted[span] + added
                units += hours.units(before + 1, rules) - hours.units(before, rules)
                added += 1
            }
            if hours.counted[span] + added > max(0, hours.most), !rules.isGreen(hours.rule) { isTooMuch = true }
        }
    }

    private func units(_ slots: Int, _ rules: PlanningRules) -> Int {
        slots == 0 ? 0 : rules.excessUnits(rule, slots: slots, limit: limit)
    }
}

package import Coverage

/// The row rules of a consortium that are in force, for its planning problem.
package struct RowRules: Sendable {
    package let all: [any RowRule]
    private let book: RuleBook
    /// For each rule what a break costs where it is green; nil where it must not be broken.
    private let breakUnits: [Int?]

    package var isEmpty: Bool { all.isEmpty }

    /// - Complexity: O(slots) where any is in force.
    init(_ book: RuleBook, calendar: SlotCalendar, zone: TimeZoneRules) {
        self.book = book
        guard Rule.Name.allCases.contains(where: { $0.isOptional && book.isInForce($0) }) else {
            (all, breakUnits) = ([], [])
            return
        }
        let clock = SlotClock(calendar, zone)
        var rules: [any RowRule] = []
        if book.isInForce(.maxLateShiftsPerWeek) {
            rules.append(LateShiftRule(book[.maxLateShiftsPerWeek], calendar, clock))
        }
        if book.isInForce(.restAfterNight) { rules.append(NightRestRule(book[.restAfterNight], calendar, clock)) }
        all = rules
        breakUnits = rules.map { rule in
            let given = book[rule.name]
            return given.ruleClass == .green ? given[.weight].rawValue * (PlanCost.unitsPerOne / 1000) : nil
        }
    }

    /// The rule's words about gaps; nil where it is no row rule in force.
    package subscript(name: Rule.Name) -> (any RowRule)? { all.first { $0.name == name } }

    /// How often a row breaks rules that must hold, and what it costs that it breaks others.
    struct Judgement {
        var broken = 0
        var units = 0
    }

    /// Judges one operator's row by all rules.
    func judge(_ row: [Stretch], of person: Int, _ overrides: OverrideTable) -> Judgement {
        var judgement = Judgement()
        for (index, rule) in all.enumerated() {
            let count = count(rule, row, of: person, overrides)
            if let units = breakUnits[index] { judgement.units += units * count } else { judgement.broken += count }
        }
        return judgement
    }

    /// How often a row breaks each of the rules.
    func counts(_ row: [Stretch], of person: Int, _ overrides: OverrideTable) -> [Int] {
        all.map { count($0, row, of: person, overrides) }
    }

    /// What so many breaks of the rule at an index cost where it is green; nil where it must not be broken.
    func units(_ index: Int, breaks: Int) -> Int? { breakUnits[index].map { $0 * breaks } }

    /// The breaks of one rule.
    func breaks(of rule: any RowRule, in row: [Stretch], of person: Int, _ overrides: OverrideTable) -> [RowBreak] {
        var found: [RowBreak] = []
        let isExempt = exemption(rule, person, overrides)
        rule.check(row, isExempt: isExempt) { found.append($0) }
        return found
    }

    private func count(_ rule: any RowRule, _ row: [Stretch], of person: Int, _ overrides: OverrideTable) -> Int {
        var count = 0
        if overrides.concerns(person) {
            rule.check(row, isExempt: exemption(rule, person, overrides)) { _ in count += 1 }
        } else {
            rule.check(row, isExempt: { _ in false }) { _ in count += 1 }
        }
        return count
    }

    private func exemption(_ rule: any RowRule, _ person: Int, _ overrides: OverrideTable) -> (Stretch) -> Bool {
        { overrides.permits(breaking: rule.name, person, in: $0.slots) }
    }
}

/// What the consortium's clock shows when each slot starts.
struct SlotClock {
    /// Minutes since midnight.
    let minuteOfSlot: [Int]

    init(_ calendar: SlotCalendar, _ zone: TimeZoneRules) {
        minuteOfSlot = (0..<calendar.count).map { zone.civil(at: calendar.start(of: $0)).minuteOfDay }
    }
}

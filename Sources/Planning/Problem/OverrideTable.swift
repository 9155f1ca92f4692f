package import Coverage

/// The recorded overrides, by operator and slot: permission to bend a rule that is yellow for one shift.
///
/// The shift is the override's time. A slot inside it may break the rules about slots (skill, availability, absence,
/// library_closed) and does not count towards the hours of its day or week; a stretch inside it may have any length
/// and may follow, or be followed by, another after any break.
package struct OverrideTable: Sendable {
    private struct Key: Hashable {
        let rule: Rule.Name
        let `operator`: Int
    }

    private let ranges: [Key: [Range<Int>]]
    private let operators: Set<Int>

    /// Overrides of rules that are not yellow, or of operators who are not there, permit nothing.
    init(_ overrides: [RuleOverride], operators: [Operator.ID: Int], rules: RuleBook, calendar: SlotCalendar) {
        self.init(ranges: [:], operators: [])
        self = adding(overrides, operators: operators, rules: rules, calendar: calendar)
    }

    private init(ranges: [Key: [Range<Int>]], operators: Set<Int>) {
        self.ranges = ranges
        self.operators = operators
    }

    /// These and others.
    func adding(
        _ overrides: [RuleOverride], operators: [Operator.ID: Int], rules: RuleBook, calendar: SlotCalendar
    ) -> OverrideTable {
        var (ranges, concerned) = (ranges, self.operators)
        for override in overrides {
            guard let index = operators[override.operator], rules[override.rule].ruleClass == .yellow else { continue }
            let slots = calendar.slots(inside: override.during)
            guard !slots.isEmpty else { continue }
            ranges[Key(rule: override.rule, operator: index), default: []].append(slots)
            concerned.insert(index)
        }
        return OverrideTable(ranges: ranges, operators: concerned)
    }

    package func concerns(_ operator: Int) -> Bool { operators.contains(`operator`) }

    /// Whether one override of the rule holds all the slots.
    package func permits(breaking rule: Rule.Name, _ operator: Int, in slots: Range<Int>) -> Bool {
        guard let ranges = ranges[Key(rule: rule, operator: `operator`)] else { return false }
        return ranges.contains { $0.lowerBound <= slots.lowerBound && slots.upperBound <= $0.upperBound }
    }

    package func permits(breaking rule: Rule.Name, _ operator: Int, at slot: Int) -> Bool {
        permits(breaking: rule, `operator`, in: slot..<slot + 1)
    }
}

/// All rules of a consortium that are in force, each exactly once.
package struct RuleBook: Hashable, Sendable {
    private var rules: [Rule.Name: Rule]

    /// A rule not given stands as ``Rule/Name/standard``, or is not in force if it is optional.
    ///
    /// Of two rules with one name the later counts.
    package init(_ given: [Rule] = []) {
        let always = Rule.Name.allCases.filter { !$0.isOptional }
        rules = Dictionary(uniqueKeysWithValues: always.map { ($0, $0.standard) })
        for rule in given { rules[rule.name] = rule }
    }

    package subscript(name: Rule.Name) -> Rule {
        rules[name] ?? name.standard
    }

    package func isInForce(_ name: Rule.Name) -> Bool { rules[name] != nil }

    /// The rules in force, in the order of ``Rule/Name``'s cases.
    package var all: [Rule] {
        Rule.Name.allCases.compactMap { rules[$0] }
    }
}

/// A coordinator's recorded permission to bend a yellow rule for one shift of one operator.
package struct RuleOverride: Hashable, Sendable {
    package var rule: Rule.Name
    package var `operator`: Operator.ID
    package var during: Range<Instant>
    package var reason: String
    package var approvedBy: String

    package init(rule: Rule.Name, operator: Operator.ID, during: Range<Instant>, reason: String, approvedBy: String) {
        self.rule = rule
        self.operator = `operator`
        self.during = during
        self.reason = reason
        self.approvedBy = approvedBy
    }
}

/// All rules of a consortium, each exactly once.
package struct RuleBook: Hashable, Sendable {
    private var rules: [Rule.Name: Rule]

    /// A rule not given stands as ``Rule/Name/standard``; of two with one name the later counts.
    package init(_ given: [Rule] = []) {
        rules = Dictionary(uniqueKeysWithValues: Rule.Name.allCases.map { ($0, $0.standard) })
        for rule in given { rules[rule.name] = rule }
    }

    package subscript(name: Rule.Name) -> Rule {
        rules[name] ?? name.standard
    }

    /// The rules in the order of ``Rule/Name``'s cases.
    package var all: [Rule] {
        Rule.Name.allCases.map { self[$0] }
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

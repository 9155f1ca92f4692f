import Coverage
import Yams

/// Reads the rules of `consortium.yaml`.
enum RuleReading {
    private static let idKey = "id"
    private static let classKey = "class"
    private static let keys = [idKey, classKey] + Rule.Parameter.allCases.map(\.rawValue)

    /// The rules that are right; none where the file names none.
    static func rules(_ node: Node?, from document: inout SettingsDocument) -> [Rule] {
        guard let node else { return [] }
        guard document.refusesAnchor(node, field: "rules") else { return [] }
        guard case .sequence(let sequence) = node else {
            document.fault(
                line: node.mark?.line ?? 1, "rules", "this is not a list of rules",
                "expected lines like “  - {id: skill, class: red}”")
            return []
        }
        var lines: [Rule.Name: Int] = [:]
        var rules: [Rule] = []
        for (position, item) in sequence.enumerated() {
            guard let (rule, line) = rule(item, position: position + 1, from: &document) else { continue }
            if let earlier = lines.updateValue(line, forKey: rule.name) {
                document.fault(
                    line: line, "rules.\(rule.name.rawValue)", "the rule is already on line \(earlier)",
                    "expected each rule once")
            }
            rules.append(rule)
        }
        return rules
    }

    private static func rule(
        _ node: Node, position: Int, from document: inout SettingsDocument
    ) -> (rule: Rule, line: Int)? {
        let line = node.mark?.line ?? 1
        var field = "rules[\(position)]"
        guard let entries = document.entries(of: node, keys: keys, in: field) else { return nil }
        guard let idText = text(idKey, of: entries, line: line, field: field, from: &document) else { return nil }
        guard let name = Rule.Name(rawValue: idText) else {
            let names = Rule.Name.allCases.map(\.rawValue)
            document.fault(
                line: entries[idKey]?.line ?? line, "\(field).id", "\(idText.quoted) is no rule",
                Nearest.remedy(for: idText, among: names))
            return nil
        }
        field = "rules.\(name.rawValue)"
        guard let classText = text(classKey, of: entries, line: line, field: field, from: &document) else { return nil }
        guard let ruleClass = Rule.Class(rawValue: classText), name.allowedClasses.contains(ruleClass) else {
            document.fault(
                line: entries[classKey]?.line ?? line, "\(field).class", "\(classText.quoted) is no class of this rule",
                Nearest.remedy(for: classText, among: name.allowedClasses.map(\.rawValue)))
            return nil
        }
        let parameters = parameters(
            name.parameters(in: ruleClass), of: entries, line: line, field: field, from: &document)
        return parameters.map { (Rule(name: name, ruleClass: ruleClass, parameters: $0), line) }
    }

    private static func text(
        _ key: String, of entries: [String: SettingsDocument.Entry], line: Int, field: String,
        from document: inout SettingsDocument
    ) -> String? {
        guard let entry = entries[key] else {
            document.fault(line: line, "\(field).\(key)", "the key is missing", "expected “\(key): …” in the rule")
            return nil
        }
        return document.text(of: entry.value, field: "\(field).\(key)")
    }

    /// The rule's numbers: all that it needs and no others.
    private static func parameters(
        _ needed: [Rule.Parameter], of entries: [String: SettingsDocument.Entry], line: Int, field: String,
        from document: inout SettingsDocument
    ) -> [Rule.Parameter: Thousandths]? {
        var numbers: [Rule.Parameter: Thousandths] = [:]
        for parameter in Rule.Parameter.allCases {
            let parameterField = "\(field).\(parameter.rawValue)"
            guard needed.contains(parameter) else {
                if let entry = entries[parameter.rawValue] {
                    document.fault(
                        line: entry.line, parameterField, "the rule has no such number in its class",
                        "expected \(needed.isEmpty ? "none" : "only \(needed.map(\.rawValue).joined(separator: ", "))")"
                    )
                }
                continue
            }
            let text = text(parameter.rawValue, of: entries, line: line, field: field, from: &document)
            guard let text, let entry = entries[parameter.rawValue] else { continue }
            let range = parameter.range(beside: numbers)
            guard let number = Thousandths(text), range.contains(number) else {
                document.fault(
                    line: entry.line, parameterField, "\(text.quoted) is not a number that the rule can have",
                    "expected one from \(range.lowerBound) to \(range.upperBound)")
                continue
            }
            numbers[parameter] = number
        }
        return numbers.count == needed.count ? numbers : nil
    }
}

extension Rule.Parameter {
    /// What the number may be, given those read before it: a break inside a day is no longer than a full rest.
    fileprivate func range(beside others: [Rule.Parameter: Thousandths]) -> ClosedRange<Thousandths> {
        switch self {
        case .hours: .zero...Thousandths(168)
        case .splitHours: .zero...(others[.hours] ?? Thousandths(168))
        case .weight: .zero...Thousandths(1_000_000)
        }
    }
}

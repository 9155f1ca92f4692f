import Coverage
import Yams

/// Reads the rules of `consortium.yaml`, one value for each.
struct RuleReading {
    private static let idKey = "id"
    private static let classKey = "class"
    private static let keys = [idKey, classKey] + Rule.Parameter.allCases.map(\.rawValue)

    private let entries: [String: SettingsDocument.Entry]
    private let line: Int
    /// How messages name the rule as long as its id is not known: by its place in the list.
    private let place: String

    /// The rules that are right; none where the file names none.
    static func rules(_ node: Node?, from document: inout SettingsDocument) -> [Rule] {
        guard let node, document.refusesAnchor(node, field: "rules") else { return [] }
        guard case .sequence(let sequence) = node else {
            document.fault(
                line: node.mark?.line ?? 1, "rules", "this is not a list of rules",
                "expected lines like “  - {id: skill, class: red}”")
            return []
        }
        var lines: [Rule.Name: Int] = [:]
        var rules: [Rule] = []
        for (index, item) in sequence.enumerated() {
            let place = "rules[\(index + 1)]"
            guard let entries = document.entries(of: item, keys: keys, in: place) else { continue }
            let reading = RuleReading(entries: entries, line: item.mark?.line ?? 1, place: place)
            guard let rule = reading.rule(from: &document) else { continue }
            if let earlier = lines.updateValue(reading.line, forKey: rule.name) {
                document.fault(
                    line: reading.line, "rules.\(rule.name.rawValue)", "the rule is already on line \(earlier)",
                    "expected each rule once")
            }
            rules.append(rule)
        }
        return rules
    }

    private func rule(from document: inout SettingsDocument) -> Rule? {
        guard let idText = text(Self.idKey, in: place, from: &document) else { return nil }
        guard let name = Rule.Name(rawValue: idText) else {
            document.fault(
                line: line(of: Self.idKey), "\(place).id", "\(idText.quoted) is no rule",
                Nearest.remedy(for: idText, among: Rule.Name.allCases.map(\.rawValue)))
            return nil
        }
        let field = "rules.\(name.rawValue)"
        guard let classText = text(Self.classKey, in: field, from: &document) else { return nil }
        guard let ruleClass = Rule.Class(rawValue: classText), name.allowedClasses.contains(ruleClass) else {
            document.fault(
                line: line(of: Self.classKey), "\(field).class", "\(classText.quoted) is no class of this rule",
                Nearest.remedy(for: classText, among: name.allowedClasses.map(\.rawValue)))
            return nil
        }
        let needed = name.parameters(in: ruleClass)
        refuseOthers(than: needed, in: field, from: &document)
        let numbers = numbers(needed, in: field, from: &document)
        return numbers.map { Rule(name: name, ruleClass: ruleClass, parameters: $0) }
    }

    // MARK: Values

    private func line(of key: String) -> Int { entries[key]?.line ?? line }

    private func text(_ key: String, in field: String, from document: inout SettingsDocument) -> String? {
        guard let entry = entries[key] else {
            document.missing(
                key, of: place, named: "\(field).\(key)", line: line, "expected “\(key): …” in the rule")
            return nil
        }
        return document.text(of: entry.value, field: "\(field).\(key)")
    }

    private func refuseOthers(
        than needed: [Rule.Parameter], in field: String, from document: inout SettingsDocument
    ) {
        let remedy = needed.isEmpty ? "none" : "only \(needed.map(\.rawValue).joined(separator: ", "))"
        for parameter in Rule.Parameter.allCases where !needed.contains(parameter) {
            guard let entry = entries[parameter.rawValue] else { continue }
            document.fault(
                line: entry.line, "\(field).\(parameter.rawValue)", "the rule has no such number in its class",
                "expected \(remedy)")
        }
    }

    /// All numbers that the rule needs; nil where one is missing or wrong.
    private func numbers(
        _ needed: [Rule.Parameter], in field: String, from document: inout SettingsDocument
    ) -> [Rule.Parameter: Thousandths]? {
        var numbers: [Rule.Parameter: Thousandths] = [:]
        for parameter in needed {
            guard let text = text(parameter.rawValue, in: field, from: &document) else { continue }
            let range = parameter.range(beside: numbers)
            if let number = Thousandths(text), range.contains(number), parameter.allows(number, beside: numbers) {
                numbers[parameter] = number
                continue
            }
            document.fault(
                line: line(of: parameter.rawValue), "\(field).\(parameter.rawValue)",
                "\(text.quoted) is not a number that the rule can have",
                "expected \(parameter.kind) from \(range.lowerBound) to \(range.upperBound)\(parameter.exception)")
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
        case .shifts: .zero...Thousandths(99)
        // A shift that goes on past midnight ends late on its first day, whatever the hour.
        case .afterHour, .fromHour: .zero...Thousandths(23)
        case .toHour: .zero...Thousandths(24)
        case .weight: .zero...Thousandths(1_000_000)
        }
    }

    /// Whether a number in the range is right: shifts are whole, and a night has hours.
    fileprivate func allows(_ number: Thousandths, beside others: [Rule.Parameter: Thousandths]) -> Bool {
        switch self {
        case .shifts: number.rawValue % 1000 == 0
        case .toHour: number != others[.fromHour]
        default: true
        }
    }

    fileprivate var kind: String { self == .shifts ? "a whole one" : "one" }
    fileprivate var exception: String { self == .toHour ? ", another than from_hour" : "" }
}

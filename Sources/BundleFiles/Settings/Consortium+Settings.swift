import Coverage

extension Consortium {
    /// The text of `consortium.yaml`: one key a line, one rule a line.
    var settingsText: String {
        var lines = [
            "name: \(Self.scalar(name))",
            "timezone: \(timeZone)",
            "slot_minutes: \(slotMinutes)",
            "starts_on: \(startsOn)",
            "weeks: \(weeks)",
            "rules:",
        ]
        for rule in rules.all {
            let numbers = rule.name.parameters(in: rule.ruleClass).map { ", \($0.rawValue): \(rule[$0])" }.joined()
            lines.append("  - {id: \(rule.name.rawValue), class: \(rule.ruleClass.rawValue)\(numbers)}")
        }
        return lines.map { "\($0)\n" }.joined()
    }

    /// A text as YAML: plain where every reader takes it for the same text, else in double quotes.
    private static func scalar(_ text: String) -> String {
        isPlain(text) ? text : "\"\(text.unicodeScalars.map(escaped).joined())\""
    }

    private static func isPlain(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        guard let first = scalars.first, let last = scalars.last, first.properties.isAlphabetic, last != " " else {
            return false
        }
        let readElsewhereAsOtherThanText = [
            "true", "false", "yes", "no", "on", "off", "y", "n", "null",
        ]
        return !readElsewhereAsOtherThanText.contains(text.lowercased())
            && scalars.allSatisfy {
                $0.properties.isAlphabetic || ("0"..."9").contains($0)
                    || [" ", "-", "_", ".", ",", "(", ")", "/", "'"].contains($0)
            }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        // What YAML does not allow as it is, or would fold as an end of line.
        case "\u{0}"..<" ", "\u{7F}"..."\u{A0}", "\u{2028}"..."\u{2029}", "\u{FEFF}", "\u{FFFE}"..."\u{FFFF}":
            let digits = String(scalar.value, radix: 16)
            return "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)"
        default: return String(Character(scalar))
        }
    }
}

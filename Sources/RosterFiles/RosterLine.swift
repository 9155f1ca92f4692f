/// A line of an instance, taken apart at its commas.
struct RosterLine {
    let number: Int
    let fields: [Substring]

    init(number: Int, text: Substring) {
        self.number = number
        fields = text.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed)
    }
}

extension Substring {
    /// Without the spaces around it.
    var trimmed: Substring {
        var rest = self
        while let first = rest.unicodeScalars.first, Self.isSpace(first) { rest = rest.dropFirst() }
        while let last = rest.unicodeScalars.last, Self.isSpace(last) { rest = rest.dropLast() }
        return rest
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || scalar == "\r"
    }

    /// In quotes, on one line, cut where it is long.
    var quoted: String {
        var shown = ""
        for scalar in unicodeScalars.prefix(40) {
            switch scalar.value {
            // Control characters, and those that turn the direction of the text around them.
            case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069:
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return "“\(shown)\(unicodeScalars.dropFirst(40).isEmpty ? "" : "…")”"
    }
}

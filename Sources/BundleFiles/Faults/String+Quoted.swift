extension String {
    /// The text as a message shows it: in quotes, on one line, cut where it is long.
    var quoted: String {
        var shown = ""
        for scalar in unicodeScalars.prefix(60) {
            switch scalar.value {
            case 0x0A: shown += "\\n"
            case 0x0D: shown += "\\r"
            case 0x09: shown += "\\t"
            // Control characters, and those that turn the direction of the text around them.
            case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069:
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        let isCut = unicodeScalars.dropFirst(60).first != nil
        return "“\(shown)\(isCut ? "…" : "")”"
    }
}

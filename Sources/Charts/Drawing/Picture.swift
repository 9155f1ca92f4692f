/// SVG being written.
///
/// Names are written in the code; all that comes from elsewhere is a value or a text, and those are escaped here.
package struct Picture: Sendable {
    /// The beginning of its ids.
    package let name: String
    package private(set) var text = ""

    init(name: String) {
        self.name = name
    }

    /// Those without a value are left out.
    typealias Attributes = KeyValuePairs<StaticString, String>

    /// Adds an element without content.
    mutating func element(_ tag: StaticString, _ attributes: Attributes) {
        open(tag, attributes)
        text += "/>"
    }

    /// Adds an element with text in it.
    mutating func element(_ tag: StaticString, _ attributes: Attributes, text content: String) {
        open(tag, attributes)
        text += ">\(Self.escaped(content))</\(tag)>"
    }

    /// Adds an element with others in it.
    mutating func element(_ tag: StaticString, _ attributes: Attributes, content: (inout Picture) -> Void) {
        open(tag, attributes)
        text += ">"
        content(&self)
        text += "</\(tag)>"
    }

    private mutating func open(_ tag: StaticString, _ attributes: Attributes) {
        text += "<\(tag)"
        for (key, value) in attributes where !value.isEmpty { text += " \(key)=\"\(Self.escaped(value))\"" }
    }

    /// A text as XML may hold it, between tags or quotation marks.
    ///
    /// Control characters and noncharacters, which XML 1.0 cannot hold at all, become U+FFFD.
    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: needsCare) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\t", "\n", "\r": escaped += " "
            case "\0"..<" ", "\u{7F}"..<"\u{A0}", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// Whether a byte is one that is escaped, or begins a character that may be.
    private static func needsCare(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x22, 0x26, 0x27, 0x3C, 0x3E, 0x7F, 0xC2, 0xEF: true
        default: byte < 0x20
        }
    }
}

/// The name by which a consortium knows one of its own: a library, an operator, a queue.
///
/// Ids are the consortium's, written by people into CSV files, and unique only inside their consortium. The phantom
/// `Subject` keeps a library's id from being passed where an operator's is meant.
package struct Identifier<Subject>: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    package init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    package var description: String { rawValue }

    // Written out, for what is derived from RawRepresentable is generic and several times slower in dictionaries.

    package static func == (left: Identifier, right: Identifier) -> Bool { left.rawValue == right.rawValue }

    package func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }

    /// Whether a text can be an id: 1 to 64 ASCII letters, digits, `-`, `_` or `.`, beginning with a letter or digit.
    ///
    /// The set is small because ids end up in URLs, file names, calendar UIDs and on paper.
    package static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard (1...64).contains(bytes.count), let first = bytes.first, isAlphanumeric(first) else { return false }
        return bytes.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}

extension Identifier: Comparable {
    /// Byte order, so that a sorted file is the same file in every locale.
    package static func < (left: Identifier, right: Identifier) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }
}

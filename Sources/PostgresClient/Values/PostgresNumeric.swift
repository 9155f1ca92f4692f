/// A decimal number of any size and scale, as the server's `numeric`, exactly.
package struct PostgresNumeric: Hashable, Sendable {
    /// `-12.50`: no exponent, no plus sign, digits on both sides of a point; or `NaN`, `Infinity`, `-Infinity`.
    package let description: String

    /// Reads a decimal number; nil for anything else, also for one with an exponent.
    package init?(_ text: String) {
        if ["NaN", "Infinity", "-Infinity"].contains(text) {
            description = text
            return
        }
        let unsigned = text.hasPrefix("-") ? text.dropFirst() : Substring(text)
        let parts = unsigned.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else {
            return nil
        }
        description = text
    }

    package init(_ number: Int) {
        description = String(number)
    }

    private init(known description: String) {
        self.description = description
    }
}

extension PostgresNumeric: CustomStringConvertible {}

extension PostgresNumeric: PostgresEncodable, PostgresDecodable {
    package static var postgresType: PostgresType { .numeric }
    package static var postgresFormat: PostgresFormat { .text }

    package func encode(into buffer: inout PostgresBuffer) {
        buffer.append(utf8: description)
    }

    package static func decode(_ cell: PostgresCell) throws(PostgresError) -> PostgresNumeric {
        if cell.format == .text, let value = PostgresNumeric(cell.rawText) { return value }
        guard cell.format == .binary, cell.type == .numeric, let value = decodeBinary(cell) else {
            throw cell.mismatch(PostgresNumeric.self)
        }
        return value
    }

    /// Reads the binary form: counts of digits, weight of the first, sign and scale in two bytes each, then digits to
    /// the base 10,000.
    private static func decodeBinary(_ cell: PostgresCell) -> PostgresNumeric? {
        guard let count = cell.integer(Int16.self), let weight = cell.integer(Int16.self, at: 2),
            let sign = cell.integer(UInt16.self, at: 4), let scale = cell.integer(Int16.self, at: 6)
        else { return nil }
        switch sign {
        case 0xC000: return PostgresNumeric(known: "NaN")
        case 0xD000: return PostgresNumeric(known: "Infinity")
        case 0xF000: return PostgresNumeric(known: "-Infinity")
        default: break
        }
        var digits: [Int16] = []
        for index in 0..<Int(count) {
            guard let digit = cell.integer(Int16.self, at: 8 + 2 * index) else { return nil }
            digits.append(digit)
        }
        let group = { (index: Int) in
            let place = Int(weight) - index
            return digits.indices.contains(place) ? String(Int(digits[place]) + 10_000).dropFirst() : "0000"
        }
        let whole = stride(from: max(0, Int(weight)), through: 0, by: -1).map { group($0) }.joined()
        let significant = whole.drop { $0 == "0" }
        var text = (sign == 0x4000 ? "-" : "") + (significant.isEmpty ? "0" : significant)
        if scale > 0 {
            let fraction = stride(from: -1, through: -(Int(scale) + 3) / 4, by: -1).map { group($0) }.joined()
            text += "." + fraction.prefix(Int(scale))
        }
        return PostgresNumeric(known: text)
    }
}

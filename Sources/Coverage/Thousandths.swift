/// A decimal number with at most three digits after the point, held exactly.
///
/// Hours promised, limits and weights are written by people as `20.1` or `2.5`: binary floating point would make
/// sums depend on their order, and an export differ from its import.
package struct Thousandths: RawRepresentable, Hashable, Comparable, Sendable {
    /// The number times 1,000.
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// A whole number.
    package init(_ whole: Int) {
        rawValue = whole * 1000
    }

    package static let zero = Thousandths(rawValue: 0)

    package static func < (left: Thousandths, right: Thousandths) -> Bool {
        left.rawValue < right.rawValue
    }

    package var doubleValue: Double { Double(rawValue) / 1000 }
}

extension Thousandths: LosslessStringConvertible {
    /// Reads `-12`, `12.`, `12.345`; nil for anything else, for a fourth decimal that is not zero, and beyond
    /// ±1,000,000,000.
    package init?(_ text: String) {
        var digits = Substring(text)
        let isNegative = digits.first == "-"
        if isNegative { digits = digits.dropFirst() }
        let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, (1...10).contains(whole.count), whole.utf8.allSatisfy(Self.isDigit) else {
            return nil
        }
        var fraction = parts.count == 2 ? parts[1] : ""
        guard fraction.utf8.allSatisfy(Self.isDigit) else { return nil }
        while fraction.last == "0" { fraction = fraction.dropLast() }
        guard fraction.count <= 3 else { return nil }
        let padded = fraction + String(repeating: "0", count: 3 - fraction.count)
        guard let high = Int(whole), let low = Int(padded), high * 1000 + low <= 1_000_000_000_000 else { return nil }
        rawValue = (isNegative ? -1 : 1) * (high * 1000 + low)
    }

    /// The shortest decimal that reads back as the same number: `20.1`, `3`, `-0.5`.
    package var description: String {
        let (whole, fraction) = rawValue.magnitude.quotientAndRemainder(dividingBy: 1000)
        let sign = rawValue < 0 ? "-" : ""
        guard fraction != 0 else { return "\(sign)\(whole)" }
        var digits = String(1000 + fraction).dropFirst()
        while digits.last == "0" { digits = digits.dropLast() }
        return "\(sign)\(whole).\(digits)"
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

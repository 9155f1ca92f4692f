import Foundation
import PostgresClient
import TestSupport

/// Random values of the types that the client sends and reads, with the awkward ones more often than chance has them.
struct RandomValues {
    var generator: SplitMix64

    init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
    }

    mutating func many<Value>(_ make: (inout RandomValues) -> Value) -> [Value] {
        (0..<60).map { _ in make(&self) }
    }

    mutating func integer<Number: FixedWidthInteger>(_: Number.Type = Number.self) -> Number {
        let edges: [Number] = [.min, .max, 0, 1, .min + 1]
        return edges.randomElement(using: &generator).filter(Bool.random(using: &generator))
            ?? Number.random(in: .min ... .max, using: &generator)
    }

    mutating func double() -> Double {
        let edges: [Double] = [
            0, -0.0, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude, -.leastNormalMagnitude,
            0.1,
        ]
        if Bool.random(using: &generator), let edge = edges.randomElement(using: &generator) { return edge }
        let any = Double(bitPattern: generator.next())
        return any.isNaN ? 0.5 : any
    }

    mutating func text() -> String {
        let pieces = [
            "a", "Z", " ", "'", "\"", "\\", "{", "}", ",", "\n", "\r", "\t", "NULL", "\\N", "ß", "é", "e\u{301}", "日本",
            "🦉", "👩‍👩‍👧", "\u{7f}", "\u{1}", "\u{10ffff}", "\u{feff}", "\u{202e}", ";--", "$1", "%s",
        ]
        return (0..<Int.random(in: 0...12, using: &generator)).compactMap { _ in
            pieces.randomElement(using: &generator)
        }.joined()
    }

    mutating func bytes() -> PostgresBytes {
        PostgresBytes(
            (0..<Int.random(in: 0...40, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    mutating func uuid() -> UUID {
        let (high, low) = (generator.next(), generator.next())
        let bytes =
            (0..<8).map { UInt8(truncatingIfNeeded: high >> (8 * $0)) }
            + (0..<8).map { UInt8(truncatingIfNeeded: low >> (8 * $0)) }
        let text = bytes.map { String(format: "%02X", $0) }.joined()
        let parts = [8, 4, 4, 4, 12].reduce(into: (rest: Substring(text), parts: [Substring]())) { state, count in
            state.parts.append(state.rest.prefix(count))
            state.rest = state.rest.dropFirst(count)
        }.parts
        return UUID(uuidString: parts.joined(separator: "-")) ?? UUID()
    }

    /// From 4713 BC to 5874897 AD, the server's range.
    mutating func date() -> PostgresDate {
        let edges: [Int32] = [-2_440_588, 2_145_042_905, 0, -1, 10_957, -719_528, -719_163, -719_162]
        let day =
            edges.randomElement(using: &generator).filter(Bool.random(using: &generator))
            ?? Int32.random(in: -2_440_588...2_145_042_905, using: &generator)
        return PostgresDate(daysSince1970: day)
    }

    /// From 4713 BC to the last moment that this side can count, in 294247 AD.
    mutating func moment() -> PostgresTimestamp {
        let first: Int64 = -210_866_803_200_000_000
        // Past the end of the server's range, which this side's is cut short of by the thirty years between epochs.
        let last = Int64.max
        let edges: [Int64] = [first, first + 1, last, last - 1, 0, -1, 1, 946_684_799_999_999, -62_135_596_800_000_001]
        let moment =
            edges.randomElement(using: &generator).filter(Bool.random(using: &generator))
            ?? Int64.random(in: first...last, using: &generator)
        return PostgresTimestamp(microsecondsSince1970: moment)
    }

    mutating func numeric() -> PostgresNumeric {
        let edges = ["0", "NaN", "Infinity", "-Infinity", "0.0000", "10000", "-9999.99990000", "0.00010000"]
        if Int.random(in: 0..<3, using: &generator) == 0, let edge = edges.randomElement(using: &generator) {
            return PostgresNumeric(edge) ?? PostgresNumeric(0)
        }
        let sign = Bool.random(using: &generator) ? "-" : ""
        let first = String(Int.random(in: 1...9, using: &generator))
        let whole = first + digits(Int.random(in: 0...40, using: &generator))
        let fraction = digits(Int.random(in: 0...40, using: &generator))
        return PostgresNumeric(sign + whole + (fraction.isEmpty ? "" : "." + fraction)) ?? PostgresNumeric(0)
    }

    private mutating func digits(_ count: Int) -> String {
        (0..<count).map { _ in
            Bool.random(using: &generator) ? "0" : String(Int.random(in: 0...9, using: &generator))
        }.joined()
    }

    mutating func optional<Value>(_ make: (inout RandomValues) -> Value) -> Value? {
        Int.random(in: 0..<4, using: &generator) == 0 ? nil : make(&self)
    }

    mutating func array<Element>(_ make: (inout RandomValues) -> Element) -> [Element] {
        (0..<Int.random(in: 0...6, using: &generator)).map { _ in make(&self) }
    }
}

extension Optional {
    fileprivate func filter(_ isWanted: Bool) -> Wrapped? { isWanted ? self : nil }
}

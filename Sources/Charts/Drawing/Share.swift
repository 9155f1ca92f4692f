/// A part of the picture's width, in thousandths of a per cent.
///
/// Whole numbers, so that the same chart gives the same text on every machine.
struct Share: Hashable, Comparable, Sendable, CustomStringConvertible {
    let rawValue: Int

    static let whole = Share(rawValue: 100_000)

    init(rawValue: Int) {
        self.rawValue = rawValue
    }

    init(percent: Int) {
        rawValue = percent * 1000
    }

    /// `part` of `whole`, cut to nought and all; nought of nothing.
    init(_ part: Int, of whole: Int) {
        let ratio = whole > 0 ? Double(part) / Double(whole) : 0
        rawValue = Int((min(max(0, ratio), 1) * 100_000).rounded())
    }

    static func < (left: Share, right: Share) -> Bool { left.rawValue < right.rawValue }

    static func + (left: Share, right: Share) -> Share { Share(rawValue: left.rawValue + right.rawValue) }

    static func - (left: Share, right: Share) -> Share { Share(rawValue: left.rawValue - right.rawValue) }

    /// `12.5%`.
    var description: String {
        "\(Decimal.text(thousandths: rawValue))%"
    }
}

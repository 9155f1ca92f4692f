/// How many people something is true of, over the slots of a gap.
struct CountRange: CustomStringConvertible {
    let low: Int
    let high: Int

    /// - Precondition: There is at least one count.
    init(_ counts: some Collection<Int>) {
        low = counts.min() ?? 0
        high = counts.max() ?? 0
    }

    /// `3`, `2 to 4`, `up to 2`.
    var description: String {
        if low == high { return "\(low)" }
        return low == 0 ? "up to \(high)" : "\(low) to \(high)"
    }

    /// The number with its verb: `1 is`, `2 to 4 are`.
    var are: String { "\(self) \(high == 1 ? "is" : "are")" }
}

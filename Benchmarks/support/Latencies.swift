/// How long each of many things took.
package struct Latencies: Sendable {
    package let perSecond: Double
    private let sorted: [Int64]

    /// - Parameters:
    ///   - microseconds: How long each took, in any order.
    ///   - seconds: How long all of it took.
    package init(microseconds: [Int64], seconds: Double) {
        self.init(microseconds: microseconds, perSecond: Double(microseconds.count) / seconds)
    }

    /// - Parameters:
    ///   - microseconds: How long each took, in any order.
    ///   - perSecond: How many there were in a second.
    package init(microseconds: [Int64], perSecond: Double) {
        self.perSecond = perSecond
        sorted = microseconds.sorted()
    }

    package func milliseconds(at share: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        return Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]) / 1000
    }
}

package import Planning

/// How much cheaper than a plan any plan could be at most, as it was proven.
package struct ProvenGap: Hashable, Sendable {
    /// Percent of the lower bound.
    package let percent: Double

    /// Nil where nothing is proven.
    package init?(_ cost: PlanCost, _ lowerBound: PlanCost) {
        self.init(cost: cost.doubleValue, lowerBound: lowerBound.doubleValue)
    }

    /// Nil where nothing is proven.
    package init?(cost: Double, lowerBound: Double) {
        guard lowerBound > 0 else { return nil }
        percent = max(0, (cost / lowerBound - 1) * 100)
    }

    /// `at most 0.8 % better is possible`, rounded up.
    package var text: String {
        guard percent > 0 else { return "no plan is better" }
        return "at most \(Self.roundedUp(percent)) % better is possible"
    }

    /// With one digit after the point.
    private static func roundedUp(_ percent: Double) -> String {
        let tenths = Int((min(percent, 1e9) * 10).rounded(.up))
        return "\(tenths / 10).\(tenths % 10)"
    }
}

import Foundation
import Planning

/// How much cheaper than a plan any plan could be at most, as it was proven.
struct ProvenGap: Sendable {
    /// Percent of the lower bound.
    let percent: Double

    /// Nil where nothing is proven.
    init?(_ cost: PlanCost, _ lowerBound: PlanCost) {
        guard lowerBound > .zero else { return nil }
        percent = max(0, (cost.doubleValue / lowerBound.doubleValue - 1) * 100)
    }

    /// `at most 0.8 % better is possible`, rounded up.
    var text: String {
        guard percent > 0 else { return "no plan is better" }
        return "at most \(String(format: "%.1f", (percent * 10).rounded(.up) / 10)) % better is possible"
    }
}

import Coverage

/// What a plan costs, exactly; lower is better.
///
/// Weights and hours are decimals with three digits, slots are parts of an hour that divide it, and a library's
/// promise is for weeks of seven days: all are whole numbers of this type's unit, so that sums do not depend on their
/// order and are the same on every machine.
package struct PlanCost: RawRepresentable, Hashable, Comparable, AdditiveArithmetic, Sendable {
    /// The cost times ``unitsPerOne``.
    package let rawValue: Int

    /// 1,000 for a weight's digits, 1,000 for those of hours, 12 for slots of five minutes, 7 for days of a week.
    package static let unitsPerOne = 84_000_000

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    package static let zero = PlanCost(rawValue: 0)

    package static func < (left: PlanCost, right: PlanCost) -> Bool { left.rawValue < right.rawValue }

    package static func + (left: PlanCost, right: PlanCost) -> PlanCost {
        PlanCost(rawValue: left.rawValue + right.rawValue)
    }

    package static func - (left: PlanCost, right: PlanCost) -> PlanCost {
        PlanCost(rawValue: left.rawValue - right.rawValue)
    }

    package var doubleValue: Double { Double(rawValue) / Double(Self.unitsPerOne) }
}

extension PlanCost: CustomStringConvertible {
    /// With two decimals, rounded half away from zero: `1604.00`.
    package var description: String {
        let perCent = Self.unitsPerOne / 100
        let cents = (Int(rawValue.magnitude) + perCent / 2) / perCent
        return "\(rawValue < 0 ? "-" : "")\(cents / 100).\((cents % 100).padded(to: 2))"
    }
}

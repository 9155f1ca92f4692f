package import Coverage

/// What a change of single shifts would mean for a plan.
package struct EditEffect: Sendable {
    /// A yellow rule that would be bent, and for which shift.
    package struct Bend: Hashable, Sendable {
        package let violation: RuleViolation
        /// The stretch of work that the permission is to be for.
        package let during: Range<Instant>

        /// The permission that lets the rule be bent.
        package func permission(because reason: String, by coordinator: String) -> RuleOverride? {
            guard case .rule(let name) = violation.cause else { return nil }
            return RuleOverride(
                rule: name, operator: violation.operator, during: during, reason: reason, approvedBy: coordinator)
        }
    }

    /// How many are on a queue where their number changes.
    package struct CoverageChange: Hashable, Sendable {
        package let queue: Queue.ID
        package var during: Range<Instant>
        package let before: Int
        package let after: Int
        /// How many are wanted at least, and wanted.
        package let minimum: Int
        package let target: Int
    }

    /// By how much the plan's cost changes, by part; parts that do not change are left out.
    package let parts: [PlanScore.Part: PlanCost]
    /// What no permission can make right: red rules, and what is no rule's affair.
    package let refusals: [RuleViolation]
    /// What a coordinator may permit.
    package let bends: [Bend]
    /// Rules that were broken, and are kept then.
    package let mended: [RuleViolation]
    /// By queue and time.
    package let coverage: [CoverageChange]

    /// By how much the plan's cost changes; below zero it becomes better.
    package var cost: PlanCost { parts.values.reduce(.zero, +) }
}

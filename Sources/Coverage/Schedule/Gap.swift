/// Demand that a plan does not meet.
package struct Gap: Hashable, Sendable {
    /// How much it matters; the raw value is what reports write.
    package enum Severity: String, Hashable, CaseIterable, Sendable {
        /// Fewer operators than the demand's minimum.
        case critical
        /// The minimum is met, the target is not.
        case thin
    }

    package var queue: Queue.ID
    package var during: Range<Instant>
    package var severity: Severity
    /// Operators wanted (the minimum of a critical gap, the target of a thin one) and not there, in each slot of the
    /// stretch.
    package var missing: Int

    package init(queue: Queue.ID, during: Range<Instant>, severity: Severity, missing: Int) {
        self.queue = queue
        self.during = during
        self.severity = severity
        self.missing = missing
    }
}

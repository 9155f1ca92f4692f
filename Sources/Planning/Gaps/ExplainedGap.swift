package import Coverage

/// A gap with what stands in the way: neighbouring slots of one queue that lack as many for one reason.
package struct ExplainedGap: Hashable, Sendable {
    package let gap: Gap
    package let reason: GapReason

    package init(gap: Gap, reason: GapReason) {
        self.gap = gap
        self.reason = reason
    }

    /// Operators that are missing times the minutes in which they are.
    package var missingMinutes: Int {
        gap.missing * Int(gap.during.upperBound.seconds(since: gap.during.lowerBound) / 60)
    }

    /// The order of reports: by time, queue, severity.
    static func precedes(_ left: ExplainedGap, _ right: ExplainedGap) -> Bool {
        let (first, second) = (left.gap, right.gap)
        if first.during.lowerBound != second.during.lowerBound {
            return first.during.lowerBound < second.during.lowerBound
        }
        if first.queue != second.queue { return first.queue < second.queue }
        return first.severity == .critical && second.severity == .thin
    }
}

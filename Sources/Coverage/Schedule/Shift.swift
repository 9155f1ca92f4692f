/// One operator on one queue from one instant to another.
package struct Shift: Hashable, Sendable {
    package var queue: Queue.ID
    package var `operator`: Operator.ID
    package var during: Range<Instant>

    package init(queue: Queue.ID, operator: Operator.ID, during: Range<Instant>) {
        self.queue = queue
        self.operator = `operator`
        self.during = during
    }

    /// The order in which plans are written and read: by start, queue, operator.
    package static func precedes(_ left: Shift, _ right: Shift) -> Bool {
        if left.during.lowerBound != right.during.lowerBound {
            return left.during.lowerBound < right.during.lowerBound
        }
        return left.queue == right.queue ? left.operator < right.operator : left.queue < right.queue
    }
}

/// A version of the schedule for a period.
package enum PlanState: String, Hashable, CaseIterable, Sendable {
    case draft, published, superseded
}

package import Coverage

/// One shift as a calendar shows it.
package struct CalendarEvent: Hashable, Sendable {
    package let shift: PublishedShift
    /// Greater each time that the shift's end changed, it was cancelled or came back.
    package let sequence: Int
    /// When it did so last.
    package let changedAt: Instant
    package let isCancelled: Bool

    package init(shift: PublishedShift, sequence: Int, changedAt: Instant, isCancelled: Bool) {
        self.shift = shift
        self.sequence = sequence
        self.changedAt = changedAt
        self.isCancelled = isCancelled
    }

    /// By start, queue and operator.
    package static func precedes(_ left: CalendarEvent, _ right: CalendarEvent) -> Bool {
        Shift.precedes(left.shift.shift, right.shift.shift)
    }

    /// What tells it from all others, in any calendar of the consortium, for good (RFC 7986, 5.3).
    package func uid(in consortium: Consortium.ID) -> String {
        let shift = shift.shift
        return "\(shift.during.lowerBound.secondsSince1970)-\(shift.queue)-\(shift.operator)@\(consortium).coverdesk"
    }
}

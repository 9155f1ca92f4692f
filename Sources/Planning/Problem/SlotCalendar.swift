package import Coverage

/// The slots of a problem by their indices: which instants they are, and to which day and week of the consortium's
/// calendar each belongs.
///
/// Slots are counted in UTC, so a night on which the clocks change has as many as it has hours. A slot belongs to the
/// day on which it starts.
package struct SlotCalendar: Sendable {
    package let slotMinutes: Int
    /// The slot with index 0, counted from 1970.
    package let firstSlot: Int
    package let count: Int
    /// The indices of the slots to be planned; around them lie those of fixed shifts.
    package let period: Range<Int>
    /// The days in order.
    package let days: [CivilDate]
    /// For each slot the index of its day in ``days``.
    package let dayOfSlot: [Int]
    /// For each slot the index of its week, Monday to Sunday, counted from that of slot 0.
    package let weekOfSlot: [Int]

    /// - Parameters:
    ///   - slotMinutes: The length of a slot.
    ///   - slots: The slots to hold, counted from 1970.
    ///   - period: Those of them that are to be planned, counted from 1970.
    ///   - zone: The zone of the consortium's calendar.
    init(slotMinutes: Int, slots: Range<Int>, period: Range<Int>, zone: TimeZoneRules) {
        self.slotMinutes = slotMinutes
        firstSlot = slots.lowerBound
        count = slots.count
        self.period = period.lowerBound - slots.lowerBound..<period.upperBound - slots.lowerBound
        var days: [CivilDate] = []
        var dayOfSlot: [Int] = []
        var weekOfSlot: [Int] = []
        var firstMonday: CivilDate?
        for slot in slots {
            let date = zone.civil(at: Instant(minutesSince1970: Int64(slot * slotMinutes))).date
            if days.last != date { days.append(date) }
            dayOfSlot.append(days.count - 1)
            let monday = firstMonday ?? date.startOfWeek
            firstMonday = monday
            weekOfSlot.append((date.startOfWeek.daysSince1970 - monday.daysSince1970) / 7)
        }
        self.days = days
        self.dayOfSlot = dayOfSlot
        self.weekOfSlot = weekOfSlot
    }

    /// When the slot begins; also defined for indices outside the calendar.
    package func start(of slot: Int) -> Instant {
        Instant(minutesSince1970: Int64((firstSlot + slot) * slotMinutes))
    }

    package func instants(of slots: Range<Int>) -> Range<Instant> {
        start(of: slots.lowerBound)..<start(of: slots.upperBound)
    }

    /// The indices of the slots of a time, both ends rounded down to a slot; they may lie outside the calendar.
    package func slots(of instants: Range<Instant>) -> Range<Int> {
        let first = Self.slot(at: instants.lowerBound, slotMinutes) - firstSlot
        return first..<max(first, Self.slot(at: instants.upperBound, slotMinutes) - firstSlot)
    }

    /// The indices of the slots that lie wholly inside a time.
    package func slots(inside instants: Range<Instant>) -> Range<Int> {
        let seconds = Int64(slotMinutes * 60)
        let first = Int((instants.lowerBound.secondsSince1970 + seconds - 1).flooredQuotient(by: seconds)) - firstSlot
        return first..<max(first, Self.slot(at: instants.upperBound, slotMinutes) - firstSlot)
    }

    /// The indices of the slots that a time touches.
    package func slots(touching instants: Range<Instant>) -> Range<Int> {
        let seconds = Int64(slotMinutes * 60)
        let end = Int((instants.upperBound.secondsSince1970 + seconds - 1).flooredQuotient(by: seconds)) - firstSlot
        let first = Self.slot(at: instants.lowerBound, slotMinutes) - firstSlot
        return instants.isEmpty ? first..<first : first..<max(first, end)
    }

    /// The slot, counted from 1970, in which an instant lies.
    static func slot(at instant: Instant, _ slotMinutes: Int) -> Int {
        Int(instant.secondsSince1970.flooredQuotient(by: Int64(slotMinutes * 60)))
    }
}

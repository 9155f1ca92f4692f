import Coverage

/// Operators wanted on each queue in each slot of the period.
package struct DemandTable: Sendable {
    /// Slots of the calendar, so cell of queue `q` and slot `s` is `q * slots + s`.
    package let slots: Int
    /// Fewer operators than this are a critical gap; 0 where there is no demand.
    package private(set) var minimum: [Int32]
    /// Fewer operators than this are a thin gap; -1 where there is no demand, and nobody may be placed.
    package private(set) var target: [Int32]

    init(_ demand: [Demand], queues: [Queue.ID: Int], calendar: SlotCalendar) throws(PlanningRefusal) {
        slots = calendar.count
        minimum = [Int32](repeating: 0, count: queues.count * calendar.count)
        target = [Int32](repeating: -1, count: queues.count * calendar.count)
        for row in demand {
            guard let queue = queues[row.queue] else { throw .unknownQueue(demand: row.queue) }
            guard row.minimum >= 0, row.target >= row.minimum, row.target <= 1_000_000 else {
                throw .negativeDemand(queue: row.queue, at: row.during.lowerBound)
            }
            for slot in calendar.slots(of: row.during).clamped(to: calendar.period) {
                minimum[queue * slots + slot] = Int32(row.minimum)
                target[queue * slots + slot] = Int32(row.target)
            }
        }
    }

    /// Whether somebody may be placed there at all.
    package func isOpen(_ queue: Int, _ slot: Int) -> Bool {
        target[queue * slots + slot] >= 0
    }
}

package import Coverage

/// Who is on each queue in each slot of a period, beside how many are wanted: from shifts and demand alone.
///
/// Charts of what is published need neither availability nor rules, of which a ``PlanningProblem`` has to make its
/// tables first.
package struct StaffingTable: Sendable {
    package let queues: [Queue.ID]
    package let calendar: SlotCalendar
    package let zone: TimeZoneRules
    private let demand: DemandTable
    /// Queues × slots, row by row.
    private let onShift: [Int32]

    /// Counts shifts; those of other queues, and what of shifts lies outside the period, are left out.
    ///
    /// - Parameters:
    ///   - shifts: In any order.
    ///   - demand: What is wanted; what lies outside the period, or is of other queues, is left out.
    ///   - queues: Those to count.
    ///   - slotMinutes: The consortium's.
    ///   - period: From a midnight to a midnight by the consortium's calendar.
    ///   - zone: The consortium's.
    /// - Throws: ``PlanningRefusal``: a queue twice, a negative demand, too long a period.
    /// - Complexity: O(queues × slots + shifts × their slots)
    package init(
        of shifts: [Shift], demand: [Demand], queues: [Queue.ID], slotMinutes: Int, period: Range<Instant>,
        zone: TimeZoneRules
    ) throws(PlanningRefusal) {
        self.queues = queues
        self.zone = zone
        let index = try PlanningProblem.index(queues, kind: "queue")
        calendar = try PlanningProblem.calendar(slotMinutes, period, [], zone)
        self.demand = try DemandTable(
            demand.filter { index[$0.queue] != nil }, queues: index, calendar: calendar)
        var onShift = [Int32](repeating: 0, count: queues.count * calendar.count)
        for shift in shifts {
            guard let queue = index[shift.queue] else { continue }
            for slot in calendar.slots(of: shift.during).clamped(to: calendar.period) {
                onShift[queue * calendar.count + slot] += 1
            }
        }
        self.onShift = onShift
    }

    /// A queue in a slot; nil where it is closed and nobody is there.
    package func staffing(of queue: Int, at slot: Int) -> Staffing? {
        let cell = queue * calendar.count + slot
        guard demand.isOpen(queue, slot) || onShift[cell] > 0 else { return nil }
        return Staffing(
            onShift: Int(onShift[cell]), minimum: Int(demand.minimum[cell]), target: max(0, Int(demand.target[cell])))
    }

    /// Some queues together in each slot of the period; nil where all of them are closed.
    ///
    /// - Complexity: O(queues × slots)
    package func staffing(of queues: Range<Int>) -> [Staffing?] {
        calendar.period.map { slot in
            queues.reduce(nil) { sum, queue in Self.sum(sum, staffing(of: queue, at: slot)) }
        }
    }

    static func sum(_ left: Staffing?, _ right: Staffing?) -> Staffing? {
        guard let left, let right else { return left ?? right }
        return left + right
    }
}

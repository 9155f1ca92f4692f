package import Coverage

/// An unbroken time of one operator on one queue.
package struct Stretch: Hashable, Sendable {
    package let queue: Int
    package let slots: Range<Int>
    /// Whether any of it belongs to the plan; otherwise all of it is fixed.
    package let isPlanned: Bool
}

/// Who is where in each slot, with the fixed shifts around the plan: what scores and explanations are read from.
package struct PlacementTable: Sendable {
    /// The queue of each operator in each slot, operators × slots, row by row; -1 where they are nowhere.
    package private(set) var queueOfCell: [Int16]
    /// The operators on each queue in each slot, queues × slots, row by row.
    package private(set) var staffed: [Int32]
    package private(set) var isPlanned: BitRows
    package let slots: Int

    /// The fixed shifts of a problem alone.
    package init(fixedIn problem: PlanningProblem) {
        slots = problem.calendar.count
        queueOfCell = [Int16](repeating: -1, count: problem.operators.count * slots)
        staffed = [Int32](repeating: 0, count: problem.queues.count * slots)
        isPlanned = BitRows(rows: problem.operators.count, columns: slots)
        for (person, shifts) in problem.fixed {
            for shift in shifts {
                for slot in shift.slots { place(person, on: shift.queue, at: slot, planned: false) }
            }
        }
    }

    /// A plan's shifts beside the fixed ones.
    ///
    /// Shifts of operators or queues who are not in the problem are left out; so is what lies outside the period.
    package init(_ shifts: [Shift], in problem: PlanningProblem) {
        self.init(fixedIn: problem)
        for shift in shifts {
            guard let person = problem.operatorIndex[shift.operator], let queue = problem.queueIndex[shift.queue]
            else { continue }
            for slot in problem.calendar.slots(of: shift.during).clamped(to: problem.calendar.period) {
                place(person, on: queue, at: slot, planned: true)
            }
        }
    }

    /// Puts an operator on a queue; false if they were somewhere already.
    @discardableResult
    mutating func place(_ person: Int, on queue: Int, at slot: Int, planned: Bool) -> Bool {
        let wasFree = queueOfCell[person * slots + slot] < 0
        queueOfCell[person * slots + slot] = Int16(queue)
        if planned { isPlanned[person, slot] = true }
        staffed[queue * slots + slot] += 1
        return wasFree
    }

    /// Puts an operator elsewhere in a slot, or nowhere.
    mutating func move(_ person: Int, to queue: Int?, at slot: Int, planned: Bool) {
        let cell = person * slots + slot
        if queueOfCell[cell] >= 0 { staffed[Int(queueOfCell[cell]) * slots + slot] -= 1 }
        queueOfCell[cell] = Int16(queue ?? -1)
        isPlanned[person, slot] = planned
        if let queue { staffed[queue * slots + slot] += 1 }
    }

    /// Where an operator is in a slot.
    package func queue(of operator: Int, at slot: Int) -> Int? {
        let queue = queueOfCell[`operator` * slots + slot]
        return queue < 0 ? nil : Int(queue)
    }

    /// How many are on a queue in a slot.
    package func staffed(_ queue: Int, at slot: Int) -> Int { Int(staffed[queue * slots + slot]) }

    /// An operator's stretches, fixed ones and planned ones, in order.
    ///
    /// - Complexity: O(slots)
    package func stretches(of operator: Int) -> [Stretch] {
        var found: [Stretch] = []
        let row = `operator` * slots
        var slot = 0
        while slot < slots {
            let queue = queueOfCell[row + slot]
            guard queue >= 0 else {
                slot += 1
                continue
            }
            let start = slot
            var planned = false
            while slot < slots, queueOfCell[row + slot] == queue {
                planned = planned || isPlanned[`operator`, slot]
                slot += 1
            }
            found.append(Stretch(queue: Int(queue), slots: start..<slot, isPlanned: planned))
        }
        return found
    }
}

/// The plan that people know already: what a change is counted against.
struct ReferencePlan: Sendable {
    /// Operators × slots of the calendar, row by row: the queue, or -1.
    let queueOfCell: [Int16]
    let slots: Int
    /// What an hour that somebody loses or gains costs, for a slot of it; in units of ``PlanCost``.
    let unitsPerSlot: Int

    init(_ table: PlacementTable, unitsPerSlot: Int) {
        queueOfCell = table.queueOfCell
        slots = table.slots
        self.unitsPerSlot = unitsPerSlot
    }

    /// What it costs that an operator is on a queue in a slot, against their being nowhere.
    ///
    /// Below zero where the known plan has them there: who is sent away has changed as much as who is called.
    func units(_ person: Int, at slot: Int, on queue: Int) -> Int {
        Int(queueOfCell[person * slots + slot]) == queue ? -unitsPerSlot : unitsPerSlot
    }
}

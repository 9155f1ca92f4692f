import Coverage

/// One operator's time as a plan has it: where they are, and what keeps them away.
struct OperatorRow {
    /// What an operator does in a slot, whatever the queue.
    enum State: Hashable {
        case free
        /// On a queue, known by its index.
        case placed(Int16)
        case notAvailable, absent, libraryClosed
    }

    let person: Int
    let hasOverrides: Bool
    /// Slot by slot; outside the period nobody is free.
    let states: [State]
    let stretches: [Stretch]

    /// - Complexity: O(slots)
    init(_ person: Int, _ table: PlacementTable, in problem: PlanningProblem) {
        self.person = person
        hasOverrides = problem.overrides.concerns(person)
        stretches = table.stretches(of: person)
        states = (0..<table.slots).map { slot in
            if let queue = table.queue(of: person, at: slot) { return .placed(Int16(queue)) }
            guard problem.calendar.period.contains(slot) else { return .notAvailable }
            switch problem.obstacle(person, at: slot) {
            case nil: return .free
            case .absence: return .absent
            case .libraryClosed: return .libraryClosed
            default: return .notAvailable
            }
        }
    }
}

package import Coverage

/// What charts are drawn from: who is there beside who is wanted.
extension PlacementTable {
    /// Some queues together in each of some slots.
    ///
    /// - Parameters:
    ///   - queues: Indices of the problem's.
    ///   - slots: Indices of the problem's calendar; there is no demand outside its period.
    ///   - problem: The one that the table is of.
    /// - Returns: As many as there are slots; nil where all queues are closed and nobody is there.
    /// - Complexity: O(queues × slots)
    package func staffing(of queues: [Int], in slots: Range<Int>, of problem: PlanningProblem) -> [Staffing?] {
        slots.map { slot in
            queues.reduce(nil) { sum, queue in Self.sum(sum, staffing(of: queue, at: slot, in: problem)) }
        }
    }

    private func staffing(of queue: Int, at slot: Int, in problem: PlanningProblem) -> Staffing? {
        let there = staffed(queue, at: slot)
        guard problem.demand.isOpen(queue, slot) || there > 0 else { return nil }
        let cell = queue * problem.demand.slots + slot
        return Staffing(
            onShift: there, minimum: Int(problem.demand.minimum[cell]), target: Int(problem.demand.target[cell]))
    }

    /// Both together; what is closed adds nothing.
    static func sum(_ left: Staffing?, _ right: Staffing?) -> Staffing? {
        guard let left, let right else { return left ?? right }
        return left + right
    }

    /// How many operators of one library are on some queues in each of some slots.
    ///
    /// - Parameters:
    ///   - library: An index of the problem's.
    ///   - queues: Indices of the problem's.
    ///   - slots: Indices of the problem's calendar.
    ///   - problem: The one that the table is of.
    /// - Returns: As many as there are slots.
    /// - Complexity: O(the library's operators × slots)
    package func onShift(
        from library: Int, on queues: [Int], in slots: Range<Int>, of problem: PlanningProblem
    ) -> [Int] {
        let counted = Set(queues)
        let people = problem.operators.indices.filter { problem.libraryOfOperator[$0] == library }
        return slots.map { slot in
            people.count { person in queue(of: person, at: slot).map(counted.contains) ?? false }
        }
    }
}

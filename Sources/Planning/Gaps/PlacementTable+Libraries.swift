extension PlacementTable {
    /// The slots of the period that the operators of each library work.
    ///
    /// - Complexity: O(operators × slots)
    func slotsByLibrary(in problem: PlanningProblem) -> [Int] {
        var worked = [Int](repeating: 0, count: problem.libraries.count)
        for person in problem.operators.indices {
            for slot in problem.calendar.period where queue(of: person, at: slot) != nil {
                worked[problem.libraryOfOperator[person]] += 1
            }
        }
        return worked
    }
}

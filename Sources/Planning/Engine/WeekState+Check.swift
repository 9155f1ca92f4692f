extension WeekState {
    /// Sums up anew from the rows alone, and stops the program where the running sums differ.
    ///
    /// - Complexity: O(operators × slots); for tests.
    func check(_ tables: EngineTables) {
        let problem = tables.problem
        let first = tables.weeks[week].slots.lowerBound
        var counts = [Int](repeating: 0, count: problem.queues.count * slots)
        var ofLibrary = [Int](repeating: 0, count: problem.libraries.count)
        for shifts in problem.fixed.values {
            for shift in shifts {
                for slot in shift.slots where tables.weeks[week].slots.contains(slot) {
                    counts[shift.queue * slots + slot - first] += 1
                }
            }
        }
        var total = 0
        for person in problem.operators.indices {
            for slot in 0..<slots where rows[person * slots + slot] >= 0 {
                counts[Int(rows[person * slots + slot]) * slots + slot] += 1
                ofLibrary[problem.libraryOfOperator[person]] += 1
            }
            total += RowUnits.units(of: stretches(of: person, tables), person, self, tables)
        }
        for queue in problem.queues.indices {
            for slot in 0..<slots {
                let cell = queue * slots + slot
                precondition(counts[cell] == Int(staffed[cell]), "the count of queue \(queue) at \(slot) is off")
                let now = problem.coverageUnits(queue, first + slot, staffed: counts[cell])
                let then = problem.coverageUnits(queue, first + slot, staffed: counts[cell] + 1)
                let cost = now.gap + now.thin + now.over
                total += cost
                precondition(
                    marginal[cell] == RowSolver.never || marginal[cell] == then.gap + then.thin + then.over - cost,
                    "what one more on queue \(queue) at \(slot) costs is off")
            }
        }
        precondition(total == units, "the week's cost is \(total), not \(units)")
        precondition(ofLibrary == librarySlots, "a library's slots are off")
        let contributions = ofLibrary.indices.reduce(0) {
            $0 + contribution($1, slots: otherSlots[$1] + ofLibrary[$1], tables)
        }
        precondition(contributions == contributionUnits, "the contributions are off")
    }
}

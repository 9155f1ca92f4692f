package import Coverage

/// What a plan covers of what is wanted, and what each library gives.
package struct CoverageSummary: Hashable, Sendable {
    /// Sums over slots, in minutes of one operator.
    package struct Hours: Hashable, Sendable {
        /// The targets.
        package private(set) var wantedMinutes = 0
        /// Those who are there, the targets at the most.
        package private(set) var coveredMinutes = 0
        /// What is missing below the minimums.
        package private(set) var criticalMinutes = 0
        /// What is missing to the targets above the minimums.
        package private(set) var thinMinutes = 0
        /// Those who are there beyond the targets.
        package private(set) var overMinutes = 0

        /// Adds a slot with so many operators.
        fileprivate mutating func add(_ there: Int, minimum: Int, target: Int, slotMinutes: Int) {
            wantedMinutes += target * slotMinutes
            coveredMinutes += min(there, target) * slotMinutes
            criticalMinutes += max(0, minimum - there) * slotMinutes
            thinMinutes += max(0, target - max(there, minimum)) * slotMinutes
            overMinutes += max(0, there - target) * slotMinutes
        }
    }

    package struct QueueLine: Hashable, Sendable {
        package let queue: Queue.ID
        package let hours: Hours
    }

    package struct LibraryLine: Hashable, Sendable {
        package let library: Library.ID
        /// What its operators work in the period.
        package let minutes: Int
        /// Its promise for the period's weeks, of a part of a week the share of its days; rounded to a minute.
        package let promisedMinutes: Int
    }

    package let total: Hours
    /// In the bundle's order.
    package let queues: [QueueLine]
    /// In the bundle's order.
    package let libraries: [LibraryLine]

    /// Sums a plan up.
    ///
    /// - Parameters:
    ///   - shifts: The plan's, in any order.
    ///   - problem: What it is a plan for, with the fixed shifts around it.
    /// - Complexity: O((operators + queues) × slots)
    package init(of shifts: [Shift], in problem: PlanningProblem) {
        self.init(PlacementTable(shifts, in: problem), in: problem)
    }

    /// - Complexity: O((operators + queues) × slots)
    init(_ table: PlacementTable, in problem: PlanningProblem) {
        let slotMinutes = problem.calendar.slotMinutes
        var total = Hours()
        queues = problem.queues.indices.map { queue in
            var hours = Hours()
            for slot in problem.calendar.period where problem.demand.isOpen(queue, slot) {
                let (there, cell) = (table.staffed(queue, at: slot), queue * problem.demand.slots + slot)
                let (minimum, target) = (Int(problem.demand.minimum[cell]), Int(problem.demand.target[cell]))
                hours.add(there, minimum: minimum, target: target, slotMinutes: slotMinutes)
                total.add(there, minimum: minimum, target: target, slotMinutes: slotMinutes)
            }
            return QueueLine(queue: problem.queues[queue].id, hours: hours)
        }
        self.total = total
        libraries = zip(problem.libraries, table.slotsByLibrary(in: problem)).map { library, slots in
            // Thousandths of an hour a week: a seventh for each day.
            let promise = library.contributionHoursPerWeek.rawValue * 60 * problem.days
            return LibraryLine(
                library: library.id, minutes: slots * slotMinutes,
                promisedMinutes: (promise + 3500).flooredQuotient(by: 7000))
        }
    }
}

import Coverage

/// Fills what the search leaves of weeks that fixed shifts cut into several parts.
///
/// A row is solved between two fixed shifts, in the longest part of the week. With what was found there fixed as well
/// the next part is the longest, and everybody's weeks are solved once more; and so on until nothing is found.
enum WindowFilling {
    /// A week has no more parts than this that are worth filling: each takes a stretch and a break.
    private static let mostRounds = 12

    /// - Parameters:
    ///   - result: What a search found.
    ///   - problem: What it is a plan for.
    ///   - settings: Those of the search.
    /// - Returns: The same plan, or one that costs less; without fixed shifts inside weeks always the same.
    static func fill(_ result: PlanResult, in problem: PlanningProblem, _ settings: PlanningEngine.Settings)
        -> PlanResult
    {
        let people = peopleWithParts(problem)
        // A search that was cut short is made again up to there, and no further.
        guard !people.isEmpty, !result.record.wasCancelled else { return result }
        let numbers = Set(people.compactMap { problem.operatorIndex[$0] })
        var best = result
        for _ in 0..<mostRounds {
            let own = best.shifts.filter { people.contains($0.operator) }
            let around = problem.fixing(own)
            let tables = EngineTables(around)
            let others = best.shifts.filter { !people.contains($0.operator) }
            var search = RepairSearch(tables, from: SurvivingPlan(of: others, in: around), settings)
            let found = search.run([], onlyFor: numbers) { Task.isCancelled }.shifts(tables)
            if Task.isCancelled { return result.cancelled() }
            let shifts = joined(found + own)
            let cost = PlanScore(of: shifts, in: problem).total
            guard cost < best.cost else { break }
            best = PlanResult(
                shifts: shifts, cost: cost, steps: best.steps, record: best.record, wasCancelled: best.wasCancelled)
        }
        return best
    }

    /// Those in one of whose weeks fixed shifts leave more than one part free.
    private static func peopleWithParts(_ problem: PlanningProblem) -> Set<Operator.ID> {
        var found: Set<Operator.ID> = []
        for (person, shifts) in problem.fixed {
            var free: [Int: Int] = [:]
            var isFree = false
            for slot in problem.calendar.period {
                let week = problem.calendar.weekOfSlot[slot]
                let isFixed = shifts.contains { $0.slots.contains(slot) }
                let begins = !isFixed && (!isFree || free[week] == nil)
                if begins { free[week, default: 0] += 1 }
                isFree = !isFixed
            }
            if free.values.contains(where: { $0 > 1 }) { found.insert(problem.operators[person].id) }
        }
        return found
    }

    /// One shift for each stretch, in the order in which plans are written.
    private static func joined(_ shifts: [Shift]) -> [Shift] {
        let byPerson = shifts.sorted { ($0.operator, $0.during.lowerBound) < ($1.operator, $1.during.lowerBound) }
        var found: [Shift] = []
        for shift in byPerson {
            if let last = found.last, last.operator == shift.operator, last.queue == shift.queue,
                last.during.upperBound == shift.during.lowerBound
            {
                found[found.count - 1].during = last.during.lowerBound..<shift.during.upperBound
            } else {
                found.append(shift)
            }
        }
        return found.sorted(by: Shift.precedes)
    }
}

extension PlanningProblem {
    /// The same problem with more shifts fixed, all inside its period.
    func fixing(_ shifts: [Shift]) -> PlanningProblem {
        var problem = self
        for (person, added) in Self.fixed(shifts, operatorIndex, queueIndex, calendar) {
            problem.fixed[person] = ((fixed[person] ?? []) + added).sorted { $0.slots.lowerBound < $1.slots.lowerBound }
        }
        return problem
    }
}

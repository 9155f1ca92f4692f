package import Coverage

/// Fills what the search leaves of weeks that fixed shifts cut into several parts.
///
/// A row is solved between two fixed shifts, in one part of the week: the search takes the longest. Here the others have
/// their turn, one after the other, with what was found outside of the part fixed as well: those whose weeks are cut are
/// solved anew, and around hours that lack the minimum chains of operators are tried. The number of turns depends on
/// the data alone, so that a search with its seed still gives the same plan.
struct WindowFilling {
    private static let mostTurns = 12

    private let problem: PlanningProblem
    private let settings: PlanningEngine.Settings
    /// For each operator whose weeks are cut, by the week's number in the calendar, the free parts, the longest first.
    private let parts: [Int: [Int: [Range<Int>]]]
    private let weeks: [Int]

    /// - Parameters:
    ///   - problem: What is planned.
    ///   - settings: Those of the search.
    init(_ problem: PlanningProblem, _ settings: PlanningEngine.Settings) {
        self.problem = problem
        self.settings = settings
        weeks = Set(problem.calendar.period.map { problem.calendar.weekOfSlot[$0] }).sorted()
        var found: [Int: [Int: [Range<Int>]]] = [:]
        for person in problem.fixed.keys {
            let parts = Self.parts(of: person, in: problem)
            if parts.values.contains(where: { $0.count > 1 }) { found[person] = parts }
        }
        parts = found
    }

    private static func parts(of person: Int, in problem: PlanningProblem) -> [Int: [Range<Int>]] {
        var isFixed = Set<Int>()
        for shift in problem.fixed[person] ?? [] { isFixed.formUnion(shift.slots) }
        var found: [Int: [Range<Int>]] = [:]
        for slot in problem.calendar.period where !isFixed.contains(slot) {
            let week = problem.calendar.weekOfSlot[slot]
            var ranges = found[week] ?? []
            let start = ranges.last?.upperBound == slot ? ranges.removeLast().lowerBound : slot
            found[week] = ranges + [start..<slot + 1]
        }
        return found.mapValues { $0.sorted { ($1.count, $0.lowerBound) < ($0.count, $1.lowerBound) } }
    }

    /// - Parameter result: What a search found.
    /// - Returns: The same plan, or one that costs less.
    func fill(_ result: PlanResult) -> PlanResult {
        guard !parts.isEmpty else { return result }
        // A search that was cut short is made again up to there, and no further.
        guard !result.record.wasCancelled else { return result }
        var best = result
        let most = parts.values.flatMap { $0.values.map(\.count) }.max() ?? 0
        for turn in 1...min(Self.mostTurns, 2 * most) {
            let next = take(turn % most, of: best)
            if Task.isCancelled { return result.cancelled() }
            if next.cost < best.cost { best = next }
        }
        return best
    }

    /// Gives the parts of one rank their turn; where a week has fewer, those of a lower one.
    private func take(_ rank: Int, of plan: PlanResult) -> PlanResult {
        var windows: [Int: [Range<Int>]] = [:]
        for (person, parts) in parts {
            windows[person] = weeks.map { week in
                guard let ranges = parts[week], !ranges.isEmpty else { return 0..<0 }
                return ranges[rank % ranges.count]
            }
        }
        var (outside, inside): ([Shift], [Shift]) = ([], [])
        for shift in plan.shifts {
            let slots = problem.calendar.slots(of: shift.during)
            guard let person = problem.operatorIndex[shift.operator], let own = windows[person] else {
                inside.append(shift)
                continue
            }
            if own.contains(where: { $0.clamped(to: slots) == slots }) {
                inside.append(shift)
                continue
            }
            outside.append(shift)
            // From the week before, or into the next: the windows that it touches end where it begins.
            windows[person] = own.map { $0.without(slots) }
        }
        let around = problem.fixing(outside)
        let tables = EngineTables(around, windows: windows)
        var search = RepairSearch(tables, from: SurvivingPlan(of: inside, in: around), settings)
        let found = search.run(placesBelowMinimum(plan), onlyFor: Set(parts.keys)) { Task.isCancelled }
        let shifts = Self.joined(found.shifts(tables) + outside)
        return PlanResult(
            shifts: shifts, cost: PlanScore(of: shifts, in: problem).total, steps: plan.steps, record: plan.record,
            wasCancelled: plan.wasCancelled, lowerBound: plan.lowerBound, stoppedAtGap: plan.stoppedAtGap)
    }

    private func placesBelowMinimum(_ plan: PlanResult) -> [RepairSearch.Place] {
        let table = PlacementTable(plan.shifts, in: problem)
        return problem.queues.indices.flatMap { queue in
            problem.calendar.period.compactMap { slot in
                let minimum = Int(problem.demand.minimum[queue * problem.demand.slots + slot])
                guard problem.demand.isOpen(queue, slot), table.staffed(queue, at: slot) < minimum else { return nil }
                return RepairSearch.Place(queue: queue, slots: slot..<slot + 1)
            }
        }
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

extension Range<Int> {
    /// The longer of what is left of this range on both sides of another.
    fileprivate func without(_ other: Range<Int>) -> Range<Int> {
        guard overlaps(other) else { return self }
        let left = lowerBound..<Swift.max(lowerBound, other.lowerBound)
        let right = Swift.min(upperBound, other.upperBound)..<upperBound
        return left.count > right.count ? left : right
    }
}

extension PlanningProblem {
    /// The same problem with more shifts fixed, all inside its period.
    package func fixing(_ shifts: [Shift]) -> PlanningProblem {
        var problem = self
        for (person, added) in Self.fixed(shifts, operatorIndex, queueIndex, calendar) {
            problem.fixed[person] = ((fixed[person] ?? []) + added).sorted { $0.slots.lowerBound < $1.slots.lowerBound }
        }
        return problem
    }
}

package import Coverage

/// Who loses and who gains which time from one plan to another.
package struct PlanDifference: Sendable {
    package enum Kind: String, Hashable, Sendable {
        case lost, gained
    }

    /// Why somebody loses time: the data forbid it now, or the plan is better for it.
    package enum Reason: Hashable, Sendable {
        case forbidden(RuleViolation.Cause)
        case replanned
    }

    /// An unbroken time that one operator loses or gains on one queue.
    package struct Change: Hashable, Sendable {
        package let kind: Kind
        package let shift: Shift
        /// Nil for an operator who is not in the consortium any more.
        package let library: Library.ID?
        package let reason: Reason
        package let minutes: Int
    }

    /// By library in the order of the bundle, then by operator, then by time.
    package let changes: [Change]

    package func minutes(_ kind: Kind) -> Int {
        changes.filter { $0.kind == kind }.reduce(0) { $0 + $1.minutes }
    }

    /// The operators who lose or gain anything.
    package var operators: Int { Set(changes.map(\.shift.operator)).count }

    /// What all changes cost at a price for each hour lost and each gained.
    package func cost(perHour price: Thousandths) -> PlanCost {
        let minutes = minutes(.lost) + minutes(.gained)
        return PlanCost(rawValue: minutes * price.rawValue * (PlanCost.unitsPerOne / 60_000))
    }

    /// Compares two plans of a period.
    ///
    /// - Parameters:
    ///   - old: The shifts that were known.
    ///   - new: The shifts that are to be; shifts of one operator on one queue that touch are one.
    ///   - problem: The data, which tell what of the old plan is forbidden now.
    /// - Complexity: O(operators × slots)
    package init(from old: [Shift], to new: [Shift], in problem: PlanningProblem) {
        self.init(from: old, to: new, losses: SurvivingPlan(of: old, in: problem).losses, in: problem)
    }

    /// Compares two plans of a period.
    ///
    /// - Parameters:
    ///   - old: The shifts that were known.
    ///   - new: The shifts that are to be; shifts of one operator on one queue that touch are one.
    ///   - losses: What the data forbid now.
    ///   - problem: The data.
    init(from old: [Shift], to new: [Shift], losses: [SurvivingPlan.Loss], in problem: PlanningProblem) {
        let (before, after) = (Self.slots(old, problem), Self.slots(new, problem))
        var forbidden: [Key: [Int: RuleViolation.Cause]] = [:]
        for loss in losses {
            let key = Key(operator: problem.operators[loss.person].id, queue: problem.queues[loss.queue].id)
            for slot in loss.slots { forbidden[key, default: [:]][slot] = loss.cause }
        }
        var changes: [Change] = []
        for key in Set(before.keys).union(after.keys) {
            let (was, now) = (before[key] ?? [], after[key] ?? [])
            changes += Self.changes(.lost, key, was.subtracting(now), forbidden[key] ?? [:], problem)
            changes += Self.changes(.gained, key, now.subtracting(was), [:], problem)
        }
        self.changes = Self.sorted(changes, problem)
    }

    private struct Key: Hashable {
        let `operator`: Operator.ID
        let queue: Queue.ID
    }

    private static func slots(_ shifts: [Shift], _ problem: PlanningProblem) -> [Key: Set<Int>] {
        var found: [Key: Set<Int>] = [:]
        for shift in shifts {
            let slots = problem.calendar.slots(of: shift.during).clamped(to: problem.calendar.period)
            found[Key(operator: shift.operator, queue: shift.queue), default: []].formUnion(slots)
        }
        return found
    }

    private static func changes(
        _ kind: Kind, _ key: Key, _ slots: Set<Int>, _ causes: [Int: RuleViolation.Cause], _ problem: PlanningProblem
    ) -> [Change] {
        let person = problem.operatorIndex[key.operator]
        func reason(_ slot: Int) -> Reason {
            person == nil || problem.queueIndex[key.queue] == nil
                ? .forbidden(.unknown) : causes[slot].map(Reason.forbidden) ?? .replanned
        }
        var changes: [Change] = []
        var ordered = slots.sorted()[...]
        while let first = ordered.first {
            let why = reason(first)
            var end = first
            while ordered.first == end, reason(end) == why {
                ordered.removeFirst()
                end += 1
            }
            changes.append(
                Change(
                    kind: kind,
                    shift: Shift(
                        queue: key.queue, operator: key.operator, during: problem.calendar.instants(of: first..<end)),
                    library: person.map { problem.libraries[problem.libraryOfOperator[$0]].id }, reason: why,
                    minutes: (end - first) * problem.calendar.slotMinutes))
        }
        return changes
    }

    private static func sorted(_ changes: [Change], _ problem: PlanningProblem) -> [Change] {
        func library(_ change: Change) -> Int {
            change.library.flatMap { problem.libraryIndex[$0] } ?? problem.libraries.count
        }
        return changes.sorted { left, right in
            let (a, b) = (left.shift, right.shift)
            if library(left) != library(right) { return library(left) < library(right) }
            if a.operator != b.operator { return a.operator < b.operator }
            return (a.during.lowerBound, left.kind.rawValue, a.queue) < (
                b.during.lowerBound, right.kind.rawValue, b.queue
            )
        }
    }
}

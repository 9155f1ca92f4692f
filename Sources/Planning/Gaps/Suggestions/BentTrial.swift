import Coverage

/// What one more stretch of an operator on a queue would break, beside what they do already.
struct BentTrial {
    private let person: Int
    private let queue: Int
    private let problem: PlanningProblem
    /// The slots whose placements are known: the week, and what a rest or a longest shift reaches around it.
    private let window: Range<Int>
    private let queues: [Int]
    /// Slots worked that count, by day and week of the calendar; those of the week's days and of the week.
    private var onDay: [Int: Int] = [:]
    private var inWeek: [Int: Int] = [:]

    /// - Complexity: O(slots of a week)
    init(_ person: Int, on queue: Int, _ revision: borrowing PlanRevision, in problem: PlanningProblem) {
        self.person = person
        self.queue = queue
        self.problem = problem
        let calendar = problem.calendar
        let week = revision.tables.weeks[revision.state.week].slots
        let reach = problem.rules.restSlots + problem.lengths(on: queue).upperBound + 1
        window = (week.lowerBound - reach..<week.upperBound + reach).clamped(to: 0..<calendar.count)
        var queues = [Int](repeating: -1, count: window.count)
        for slot in window { queues[slot - window.lowerBound] = revision.queue(of: person, at: slot) }
        self.queues = queues
        // A week cut off by the period's start or end counts as a whole.
        let number = calendar.weekOfSlot[week.lowerBound]
        for slot in 0..<calendar.count where calendar.weekOfSlot[slot] == number {
            let place = window.contains(slot) ? queues[slot - window.lowerBound] : revision.queue(of: person, at: slot)
            guard place >= 0 else { continue }
            if !permits(.maxHoursPerDay, slot..<slot + 1) { onDay[calendar.dayOfSlot[slot], default: 0] += 1 }
            if !permits(.maxHoursPerWeek, slot..<slot + 1) { inWeek[number, default: 0] += 1 }
        }
    }

    /// Where the operator is; -1 for nowhere.
    func queue(at slot: Int) -> Int { window.contains(slot) ? queues[slot - window.lowerBound] : -1 }

    /// By how much the operator likes the slot less than they could, from 0 to 4.
    func dislike(_ slot: Int) -> Int {
        2 - Int(problem.availability.preference[person * problem.calendar.count + slot])
    }

    private func permits(_ rule: Rule.Name, _ slots: Range<Int>) -> Bool {
        problem.overrides.concerns(person) && problem.overrides.permits(breaking: rule, person, in: slots)
    }

    /// The rules that a stretch breaks, if they are yellow ones; nil where it breaks none, another, or more than two.
    ///
    /// - Parameter slots: Of one week, in which the operator is nowhere and the queue is open.
    /// - Returns: At most one of each rule, by its name.
    func bent(_ slots: Range<Int>) -> [BentRule]? {
        var broken: [Rule.Name: BentRule] = [:]
        func add(_ rule: Rule.Name, _ slots: Range<Int>, _ excess: Int = 0) {
            let excess = max(excess, broken[rule]?.excessSlots ?? 0)
            broken[rule] = BentRule(rule: rule, person: person, slots: slots, excessSlots: excess)
        }
        for slot in slots {
            if let obstacle = problem.obstacle(person, at: slot), problem.rules.book[obstacle].ruleClass != .yellow {
                return nil
            }
            obstacles(slot).forEach { add($0, slots) }
        }
        let joined = joined(slots)
        if let excess = lengthExcess(joined) { add(.shiftLength, joined, excess) }
        if let excess = restExcess(joined) { add(.minRestHours, joined, excess) }
        if let excess = hourExcess(.maxHoursPerDay, slots) { add(.maxHoursPerDay, slots, excess) }
        if let excess = hourExcess(.maxHoursPerWeek, slots) { add(.maxHoursPerWeek, slots, excess) }
        guard (1...2).contains(broken.count),
            broken.keys.allSatisfy({ problem.rules.book[$0].ruleClass == .yellow })
        else { return nil }
        return broken.values.sorted { $0.rule.rawValue < $1.rule.rawValue }
    }

    private func obstacles(_ slot: Int) -> [Rule.Name] {
        var found: [Rule.Name] = []
        let place = slot..<slot + 1
        if !problem.isSkilled(person, on: queue, at: slot) { found.append(.skill) }
        if !problem.availability.isAvailable[person, slot], !permits(.availability, place) {
            found.append(.availability)
        }
        if problem.availability.isAbsent[person, slot], !permits(.absence, place) { found.append(.absence) }
        if problem.availability.isClosed[problem.libraryOfOperator[person], slot], !permits(.libraryClosed, place) {
            found.append(.libraryClosed)
        }
        return found
    }

    private func joined(_ slots: Range<Int>) -> Range<Int> {
        var (start, end) = (slots.lowerBound, slots.upperBound)
        while start > 0, queue(at: start - 1) == queue { start -= 1 }
        while queue(at: end) == queue { end += 1 }
        return start..<end
    }

    private func lengthExcess(_ joined: Range<Int>) -> Int? {
        let lengths = problem.lengths(on: queue)
        guard joined.count < lengths.lowerBound || joined.count > lengths.upperBound,
            !permits(.shiftLength, joined)
        else { return nil }
        return max(lengths.lowerBound - joined.count, joined.count - lengths.upperBound)
    }

    /// By how much the shorter of the breaks around a stretch falls short of a full rest; nil where none is broken.
    private func restExcess(_ joined: Range<Int>) -> Int? {
        let rules = problem.rules
        guard !rules.isGreen(.minRestHours), !permits(.minRestHours, joined) else { return nil }
        var excess: Int?
        for neighbor in [neighbor(before: joined.lowerBound), neighbor(after: joined.upperBound)] {
            guard let neighbor, !permits(.minRestHours, neighbor) else { continue }
            let pause = max(joined.lowerBound - neighbor.upperBound, neighbor.lowerBound - joined.upperBound)
            if rules.breaksRest(pause) { excess = max(excess ?? 0, rules.restSlots - pause) }
        }
        return excess
    }

    private func neighbor(before slot: Int) -> Range<Int>? {
        let far = max(window.lowerBound, slot - problem.rules.restSlots)
        guard let last = (far..<max(far, slot)).last(where: { queue(at: $0) >= 0 }) else { return nil }
        var start = last
        while queue(at: start - 1) == queue(at: last) { start -= 1 }
        return start..<last + 1
    }

    private func neighbor(after slot: Int) -> Range<Int>? {
        let far = min(window.upperBound, slot + problem.rules.restSlots)
        guard let first = (slot..<max(far, slot)).first(where: { queue(at: $0) >= 0 }) else { return nil }
        var end = first + 1
        while queue(at: end) == queue(at: first) { end += 1 }
        return first..<end
    }

    private func hourExcess(_ rule: Rule.Name, _ slots: Range<Int>) -> Int? {
        guard !problem.rules.isGreen(rule) else { return nil }
        let isDay = rule == .maxHoursPerDay
        let spans = isDay ? problem.calendar.dayOfSlot : problem.calendar.weekOfSlot
        let most = max(0, isDay ? problem.slotsPerDay(person) : problem.slotsPerWeek(person))
        var added: [Int: Int] = [:]
        for slot in slots where !permits(rule, slot..<slot + 1) { added[spans[slot], default: 0] += 1 }
        let excess = added.map { span, count in ((isDay ? onDay : inWeek)[span] ?? 0) + count - most }.max() ?? 0
        return excess > 0 ? excess : nil
    }
}

import Coverage

/// Where an operator could be at all in some slots, whatever else a plan asks of them.
///
/// They can be on a queue in a slot if no rule about the slot keeps them away, no fixed shift holds them elsewhere, and
/// some stretch of the queue's shortest length with the slot lies in such slots and fits into the limits on hours. A
/// plan that keeps all rules places them nowhere else: every stretch with the slot holds one of that length.
struct OperatorReach {
    /// One queue in one slot.
    struct Place: Hashable {
        let slot: Int
        let queue: Int
    }

    let person: Int
    let caps: HourCaps
    /// By slot, then queue.
    let places: [Place]

    private init(_ person: Int, _ caps: HourCaps, _ places: [Place]) {
        self.person = person
        self.caps = caps
        self.places = places
    }

    /// The same in some cells, queue × slots + slot, alone.
    func restricted(to isMember: [Bool], slots: Int) -> OperatorReach {
        OperatorReach(person, caps, places.filter { isMember[$0.queue * slots + $0.slot] })
    }

    /// - Complexity: O(queues × slots × shortest shift)
    init(_ person: Int, in slots: Range<Int>, of problem: PlanningProblem) {
        self.person = person
        caps = HourCaps(person, in: problem)
        var places: [Place] = []
        for queue in Self.queues(of: person, in: problem) {
            let run = QueueRuns(person, queue, caps, around: slots, in: problem)
            for slot in slots where run.holds(slot) { places.append(Place(slot: slot, queue: queue)) }
        }
        self.places = places.sorted { ($0.slot, $0.queue) < ($1.slot, $1.queue) }
    }

    private static func queues(of person: Int, in problem: PlanningProblem) -> [Int] {
        let mayBend = problem.overrides.concerns(person) && problem.rules.book[.skill].ruleClass == .yellow
        return mayBend ? Array(problem.queues.indices) : problem.queuesOfOperator[person]
    }
}

/// The unbroken times in which an operator could be on one queue.
private struct QueueRuns {
    private enum State {
        case never, possible
        /// A fixed shift on the queue, which a stretch may join.
        case fixed
    }

    private let person: Int
    private let queue: Int
    private let caps: HourCaps
    private let problem: PlanningProblem
    private let states: [State]
    private let shortest: Int
    /// Whether the limits on hours leave room for the shortest stretch on every day.
    private let isRoomy: Bool
    /// The slots that stretches with one of those asked about may have.
    private let window: Range<Int>

    init(_ person: Int, _ queue: Int, _ caps: HourCaps, around slots: Range<Int>, in problem: PlanningProblem) {
        self.person = person
        self.queue = queue
        self.caps = caps
        self.problem = problem
        shortest = problem.lengths(on: queue).lowerBound
        isRoomy = caps.least >= shortest
        window = (slots.lowerBound - shortest..<slots.upperBound + shortest).clamped(to: 0..<problem.calendar.count)
        var states = [State](repeating: .never, count: window.count)
        for slot in window.clamped(to: problem.calendar.period)
        where problem.demand.isOpen(queue, slot) && problem.obstacle(person, at: slot) == nil
            && problem.isSkilled(person, on: queue, at: slot)
        {
            states[slot - window.lowerBound] = .possible
        }
        for shift in problem.fixed[person] ?? [] {
            for slot in shift.slots.clamped(to: window) {
                states[slot - window.lowerBound] = shift.queue == queue ? .fixed : .never
            }
        }
        self.states = states
    }

    /// Whether some stretch of the shortest length holds the slot.
    func holds(_ slot: Int) -> Bool {
        guard states[slot - window.lowerBound] == .possible else { return false }
        if problem.overrides.permits(breaking: .shiftLength, person, at: slot) { return true }
        for start in slot - shortest + 1...slot {
            let stretch = start..<start + shortest
            guard stretch.clamped(to: window) == stretch,
                stretch.allSatisfy({ states[$0 - window.lowerBound] != .never })
            else { continue }
            if isRoomy || caps.allow(stretch.filter { states[$0 - window.lowerBound] == .possible }) { return true }
        }
        return false
    }
}

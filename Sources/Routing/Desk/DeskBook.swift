package import Coverage

/// What the desk looks things up in: the consortium's people and queues, its hours, and who is on shift.
///
/// It changes when a bundle is imported, a plan published or a setting changed; sessions and presences are not in it.
package struct DeskBook: Sendable {
    /// A queue with all that routing needs of it.
    package struct QueueEntry: Sendable {
        package let queue: Queue
        package let routing: QueueRouting
        package let calendar: OpeningCalendar

        package init(queue: Queue, routing: QueueRouting, calendar: OpeningCalendar) {
            self.queue = queue
            self.routing = routing
            self.calendar = calendar
        }
    }

    package let queues: [Queue.ID: QueueEntry]
    package let libraries: [Library.ID: Library]
    /// When libraries can be reached by phone, of those that said so.
    package let doors: [Library.ID: OpeningCalendar]
    package let operators: [Operator.ID: Operator]
    /// Published shifts from about now on, by their start.
    package let shifts: [Shift]
    /// How long after a shift's beginning its operator may be missing before that is a live gap.
    package let gapAfterSeconds: Int

    package init(
        queues: [QueueEntry], libraries: [Library], doors: [Library.ID: OpeningCalendar] = [:], operators: [Operator],
        shifts: [Shift] = [], gapAfterSeconds: Int = 120
    ) {
        self.queues = Dictionary(queues.map { ($0.queue.id, $0) }, uniquingKeysWith: { $1 })
        self.libraries = Dictionary(libraries.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        self.doors = doors
        self.operators = Dictionary(operators.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        self.shifts = shifts.sorted(by: Shift.precedes)
        self.gapAfterSeconds = gapAfterSeconds
    }

    /// When the plan next has somebody on a queue, after an instant.
    package func nextShift(on queue: Queue.ID, after instant: Instant) -> Instant? {
        shifts.first { $0.queue == queue && $0.during.lowerBound > instant }?.during.lowerBound
    }

    /// Whether an operator is able to answer a queue.
    package func canAnswer(_ id: Operator.ID, _ queue: Queue.ID) -> Bool {
        guard let person = operators[id], let entry = queues[queue] else { return false }
        return person.skills.contains(entry.queue.skill)
    }
}

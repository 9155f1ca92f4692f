import Coverage
import Planning
import Scheduling

/// A week at a glance: each queue on each day.
struct WeekMatrix: Sendable {
    struct Row: Sendable {
        let queue: Queue
        /// Of the seven days from Monday.
        let days: [CoverageSlots]
    }

    let days: [CivilDate]
    let rows: [Row]

    /// - Parameters:
    ///   - board: The week.
    ///   - queues: Which to show, indices of the problem's.
    init(of board: WeekBoard, queues: [Int]) {
        let calendar = board.problem.calendar
        let days = (0..<7).map { board.monday.advanced(byDays: $0) }
        let slots = days.map { day in
            calendar.slots(of: (day..<day.advanced(byDays: 1)).instants(in: board.problem.zone))
                .clamped(to: calendar.period)
        }
        self.days = days
        rows = queues.map { queue in
            Row(queue: board.problem.queues[queue], days: slots.map { CoverageSlots(queue, $0, on: board) })
        }
    }

    /// Hours wanted, covered and missing, of all rows on one day or on all.
    func total(day: Int? = nil) -> (wanted: Int, covered: Int, critical: Int, thin: Int) {
        var total = (wanted: 0, covered: 0, critical: 0, thin: 0)
        for row in rows {
            for index in row.days.indices where day == nil || index == day {
                total.wanted += row.days[index].wantedMinutes
                total.covered += row.days[index].coveredMinutes
                total.critical += row.days[index].criticalMinutes
                total.thin += row.days[index].thinMinutes
            }
        }
        return total
    }
}

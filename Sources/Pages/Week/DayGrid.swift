import Coverage
import Planning
import Scheduling

/// A day's hours, queue by queue: what is covered, and who sits when.
struct DayGrid: Sendable {
    /// A heading above one or more slots.
    struct Heading: Hashable, Sendable {
        /// `14`, the hour by the consortium's clock.
        let text: String
        let slots: Int
        /// Whether it is now.
        let isNow: Bool
    }

    /// A shift where it lies in a lane.
    struct Placed: Hashable, Sendable {
        let shift: Shift
        /// Columns of the grid.
        let slots: Range<Int>
        /// Whether it begins the day before, or ends the day after.
        let isCutAtStart: Bool
        let isCutAtEnd: Bool
    }

    struct QueueRows: Sendable {
        let queue: Queue
        let coverage: CoverageSlots
        /// Shifts that do not touch each other in a lane.
        let lanes: [[Placed]]
        let gaps: [ExplainedGap]

        var shiftCount: Int { lanes.reduce(0) { $0 + $1.count } }

        /// The lanes in parts of so many shifts at most, or of one lane; at least one part, which may be empty.
        func parts(of most: Int) -> [[[Placed]]] {
            var parts: [[[Placed]]] = [[]]
            var count = 0
            for lane in lanes {
                if count + lane.count > most, count > 0 {
                    parts.append([])
                    count = 0
                }
                parts[parts.count - 1].append(lane)
                count += lane.count
            }
            return parts
        }
    }

    let date: CivilDate
    /// Of the first column.
    let start: Instant
    let headings: [Heading]
    /// The present in minutes from the first column's start; nil where it is not shown.
    let nowMinutes: Int?
    /// Columns of the grid.
    let slotCount: Int
    let rows: [QueueRows]

    /// - Parameters:
    ///   - date: A day of the board's week.
    ///   - board: The week.
    ///   - queues: Which to show, indices of the problem's.
    ///   - now: The present.
    ///   - isShown: Whether a shift is to be shown; coverage counts all.
    init(_ date: CivilDate, of board: WeekBoard, queues: [Int], now: Instant, showing isShown: (Shift) -> Bool) {
        let calendar = board.problem.calendar
        let day = (date..<date.advanced(byDays: 1)).instants(in: board.problem.zone)
        let slots = Self.shownSlots(of: calendar.slots(of: day).clamped(to: calendar.period), queues, board)
        let shown = calendar.instants(of: slots)
        let gaps = Dictionary(grouping: board.report.gaps.filter { $0.gap.during.overlaps(shown) }, by: \.gap.queue)
        let shifts = Dictionary(grouping: board.shifts.filter { $0.during.overlaps(shown) && isShown($0) }, by: \.queue)
        self.date = date
        start = shown.lowerBound
        slotCount = slots.count
        headings = Self.headings(slots, board, now)
        nowMinutes = shown.contains(now) ? Int(now.seconds(since: shown.lowerBound)) / 60 : nil
        rows = queues.map { index in
            let queue = board.problem.queues[index]
            return QueueRows(
                queue: queue, coverage: CoverageSlots(index, slots, on: board),
                lanes: Self.lanes((shifts[queue.id] ?? []).map { Self.placed($0, slots, calendar) }),
                gaps: gaps[queue.id] ?? [])
        }
    }

    /// Whole hours from the first to the last in which anybody is wanted or there; all of the day where nobody is.
    private static func shownSlots(of day: Range<Int>, _ queues: [Int], _ board: WeekBoard) -> Range<Int> {
        let busy = day.filter { slot in
            queues.contains { board.problem.demand.isOpen($0, slot) || board.table.staffed($0, at: slot) > 0 }
        }
        guard let first = busy.first, let last = busy.last else { return day }
        let perHour = max(1, 60 / board.problem.calendar.slotMinutes)
        let start = day.lowerBound + (first - day.lowerBound) / perHour * perHour
        let end = day.lowerBound + ((last - day.lowerBound) / perHour + 1) * perHour
        return start..<min(end, day.upperBound)
    }

    private static func headings(_ slots: Range<Int>, _ board: WeekBoard, _ now: Instant) -> [Heading] {
        let calendar = board.problem.calendar
        var found: [(text: String, slots: Range<Int>)] = []
        for slot in slots {
            let moment = board.problem.zone.civil(at: calendar.start(of: slot))
            if moment.minuteOfDay % 60 == 0 || found.isEmpty {
                found.append((String(moment.timeText.prefix(2)), slot..<slot + 1))
            } else {
                let last = found.count - 1
                found[last].slots = found[last].slots.lowerBound..<slot + 1
            }
        }
        return found.map { heading in
            Heading(
                text: heading.text, slots: heading.slots.count,
                isNow: calendar.instants(of: heading.slots).contains(now))
        }
    }

    private static func placed(_ shift: Shift, _ slots: Range<Int>, _ calendar: SlotCalendar) -> Placed {
        let own = calendar.slots(touching: shift.during)
        let shown = own.clamped(to: slots)
        return Placed(
            shift: shift, slots: shown.lowerBound - slots.lowerBound..<shown.upperBound - slots.lowerBound,
            isCutAtStart: own.lowerBound < slots.lowerBound, isCutAtEnd: own.upperBound > slots.upperBound)
    }

    /// Puts each shift, the earliest first, into the first lane that is free by then: as few lanes as shifts overlap.
    private static func lanes(_ shifts: [Placed]) -> [[Placed]] {
        var lanes: [[Placed]] = []
        for placed in shifts.sorted(by: precedes) where !placed.slots.isEmpty {
            let free = lanes.firstIndex { lane in (lane.last?.slots.upperBound ?? 0) <= placed.slots.lowerBound }
            if let free { lanes[free].append(placed) } else { lanes.append([placed]) }
        }
        return lanes
    }

    private static func precedes(_ left: Placed, _ right: Placed) -> Bool {
        if left.slots.lowerBound != right.slots.lowerBound { return left.slots.lowerBound < right.slots.lowerBound }
        if left.slots.count != right.slots.count { return left.slots.count > right.slots.count }
        return left.shift.operator < right.shift.operator
    }
}

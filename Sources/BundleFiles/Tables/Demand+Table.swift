import Coverage

/// The columns of `demand.csv`.
enum DemandColumn: String, TableColumn {
    case queue = "queue_id"
    case startsAt = "starts_at"
    case endsAt = "ends_at"
    case minimum, target
}

extension TableRow<DemandColumn> {
    /// - Returns: Nil where the row has a fault, and where it lies wholly inside an hour that the clocks skip.
    mutating func demand(queues: IdentifierIndex<Queue>, calendar: PlannedCalendar?) -> Demand? {
        let queue = reference(.queue, to: queues)
        let during = span(from: .startsAt, to: .endsAt, in: calendar.map { [$0.zone] } ?? [])
        let minimum = wholeNumber(.minimum, in: 0...100_000)
        let target = wholeNumber(.target, in: 0...100_000)
        if let minimum, let target, minimum > target {
            fault(.minimum, "\(minimum) is more than target \(target)", "expected \(target) or less")
        }
        guard let during, isPlanned(during, in: calendar) else { return nil }
        guard let queue, let minimum, let target, minimum <= target, !during.isEmpty else { return nil }
        return Demand(queue: queue, during: during, minimum: minimum, target: target)
    }

    /// Whether a span is made of slots of the period.
    private mutating func isPlanned(_ during: Range<Instant>, in calendar: PlannedCalendar?) -> Bool {
        guard let calendar else { return true }
        let bounds: [(DemandColumn, Instant)] = [(.startsAt, during.lowerBound), (.endsAt, during.upperBound)]
        for (column, instant) in bounds {
            let (period, zone) = (calendar.period, calendar.zone)
            let stated = (text(column) ?? "").quoted
            guard instant >= period.lowerBound, instant <= period.upperBound else {
                fault(
                    column, "\(stated) is outside the planned period",
                    "expected \(period.lowerBound.text(in: zone)) to \(period.upperBound.text(in: zone))")
                return false
            }
            let (before, after) = calendar.slotBorders(around: instant)
            guard before == after else {
                fault(
                    column, "\(stated) is not where a slot begins",
                    "expected \(before.text(in: zone)) or \(after.text(in: zone))")
                return false
            }
        }
        return true
    }
}

extension Demand {
    /// In the order of ``DemandColumn``.
    func tableValues(in zone: TimeZoneRules) -> [String] {
        [
            queue.rawValue, during.lowerBound.text(in: zone), during.upperBound.text(in: zone), String(minimum),
            String(target),
        ]
    }

    static func precedes(_ left: Demand, _ right: Demand) -> Bool {
        left.queue == right.queue ? left.during.lowerBound < right.during.lowerBound : left.queue < right.queue
    }
}

/// The time that a bundle plans.
struct PlannedCalendar {
    let zone: TimeZoneRules
    let slotMinutes: Int
    let period: Range<Instant>

    /// The last slot border up to an instant and the first from it on: the instant itself where it is one.
    func slotBorders(around instant: Instant) -> (before: Instant, after: Instant) {
        let slotSeconds = Int64(slotMinutes) * 60
        let past = instant.secondsSince1970.flooredRemainder(by: slotSeconds)
        let before = instant.advanced(bySeconds: -past)
        return (before, past == 0 ? before : before.advanced(bySeconds: slotSeconds))
    }
}

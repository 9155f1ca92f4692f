import Coverage

/// The columns of `queues.csv`.
enum QueueColumn: String, TableColumn {
    case id = "queue_id"
    case name, channel, skill
    case minShiftMinutes = "min_shift_minutes"
    case maxShiftMinutes = "max_shift_minutes"
    case answerSeconds = "answer_seconds"
    case answerShare = "answer_share"
    case priority
}

extension TableRow<QueueColumn> {
    mutating func queue(ids: inout IdentifierIndex<Queue>, slotMinutes: Int?) -> Queue? {
        let id = newIdentifier(.id, in: &ids)
        let name = name(.name)
        let channel: Queue.Channel? = choice(.channel)
        let skill: Skill? = identifier(.skill)
        let shift = shiftMinutes(slotMinutes: slotMinutes)
        let seconds = wholeNumber(.answerSeconds, in: 1...31_536_000)
        let share = decimal(.answerShare, in: Thousandths(rawValue: 1)...Thousandths(1))
        let priority = wholeNumber(.priority, in: 1...1000)
        guard let id, let name, let channel, let skill, let shift, let seconds, let share, let priority else {
            return nil
        }
        return Queue(
            id: id, name: name, channel: channel, skill: skill, minShiftMinutes: shift.lowerBound,
            maxShiftMinutes: shift.upperBound, answerSeconds: seconds, answerShare: share, priority: priority)
    }

    /// The lengths that a shift may have: whole slots, at most a day.
    private mutating func shiftMinutes(slotMinutes: Int?) -> ClosedRange<Int>? {
        let least = slotted(.minShiftMinutes, slotMinutes: slotMinutes)
        let most = slotted(.maxShiftMinutes, slotMinutes: slotMinutes)
        guard let least, let most else { return nil }
        guard least <= most else {
            fault(
                .maxShiftMinutes, "\(most) is less than min_shift_minutes \(least)",
                "expected \(least) or more")
            return nil
        }
        return least...most
    }

    private mutating func slotted(_ column: QueueColumn, slotMinutes: Int?) -> Int? {
        guard let minutes = wholeNumber(column, in: 1...1440) else { return nil }
        guard let slotMinutes, minutes % slotMinutes != 0 else { return minutes }
        let below = minutes / slotMinutes * slotMinutes
        let above = below + slotMinutes
        let near = [below, above].filter { (1...1440).contains($0) }.map(String.init).joined(separator: " or ")
        fault(column, "\(minutes) minutes are not whole slots of \(slotMinutes)", "expected \(near)")
        return nil
    }
}

extension Queue {
    /// In the order of ``QueueColumn``.
    var tableValues: [String] {
        [
            id.rawValue, name, channel.rawValue, skill.rawValue, String(minShiftMinutes), String(maxShiftMinutes),
            String(answerSeconds), answerShare.description, String(priority),
        ]
    }
}

/// The columns of `hours.csv`.
enum HoursColumn: String, TableColumn {
    case queue = "queue_id"
    case weekday, opens, closes
}

extension TableRow<HoursColumn> {
    mutating func hours(queues: IdentifierIndex<Queue>) -> OpeningHours? {
        let queue = reference(.queue, to: queues)
        let weekday = weekday(.weekday)
        let span = timeOfDay(from: .opens, to: .closes)
        guard let queue, let weekday, let span else { return nil }
        return OpeningHours(queue: queue, weekday: weekday, opens: span.from, closes: span.to)
    }
}

extension OpeningHours {
    /// In the order of ``HoursColumn``.
    var tableValues: [String] {
        [queue.rawValue, String(weekday.rawValue), opens.description, closes.description]
    }

    static func precedes(_ left: OpeningHours, _ right: OpeningHours) -> Bool {
        guard left.queue == right.queue else { return left.queue < right.queue }
        return (left.weekday.rawValue, left.opens) < (right.weekday.rawValue, right.opens)
    }
}

import Charts
import Coverage

/// Charts to test with: Monday 2026-10-26 by the clocks of New York, and the night to 1 November, when they go back.
enum Sample {
    /// Looked up once: it is tens of thousands of questions to Foundation.
    private static let zoneOfNewYork = Result { () throws(UnknownTimeZone) in
        try TimeZoneRules(identifier: "America/New_York")
    }

    static func zone() throws -> TimeZoneRules { try zoneOfNewYork.get() }

    static let monday = CivilDate("2026-10-26") ?? CivilDate(daysSince1970: 0)

    static func queue(_ name: String = "Ask") -> Queue {
        Queue(
            id: Queue.ID("ask"), name: name, channel: .chat, skill: Skill("general"), minShiftMinutes: 60,
            maxShiftMinutes: 240,
            answerSeconds: 30, answerShare: Thousandths(rawValue: 800))
    }

    /// A week whose open hours are 9:00 to 12:00, each as given.
    static func heat(_ staffing: Staffing?, subject: String = "Ask") -> HeatMap {
        HeatMap(
            subject: subject,
            days: Weekday.allCases.map { weekday in
                let hours = (0..<24).map { hour -> HeatMap.Cell in
                    (9..<12).contains(hour) ? staffing.map { .open($0) } ?? .closed : .closed
                }
                return HeatMap.Day(weekday: weekday, date: monday.advanced(byDays: weekday.rawValue), hours: hours)
            })
    }

    static func staffing(
        _ slots: [Staffing?], from date: CivilDate = monday, own: String? = nil, subject: String = "Ask"
    ) throws -> StaffingChart {
        StaffingChart(
            subject: subject,
            slots: slots.map { .init(staffing: $0, own: own == nil ? nil : $0?.onShift) },
            from: try zone().firstInstant(ofDate: date), slotMinutes: 60, zone: try zone(), ownName: own)
    }

    static func level(
        _ counts: [(came: Int, answered: Int, inTime: Int)], queue: Queue = queue()
    ) -> ServiceLevelChart {
        ServiceLevelChart(
            queue: queue,
            days: counts.enumerated().map { number, day in
                ServiceDay(
                    queue: queue.id, date: monday.advanced(byDays: number), came: day.came, answered: day.answered,
                    answeredInTime: day.inTime)
            })
    }

    static func bars(_ rows: [(name: String, minutes: Int, part: Int)], size: Int = .max, panels: Int = 1)
        -> [PairedBars]
    {
        PairedBars.panels(
            .contributions,
            rows: rows.enumerated().map { number, row in
                .init(id: "lib\(number)", name: row.name, minutes: row.minutes, partMinutes: row.part)
            }, of: size, panels: panels)
    }

    /// Charts of every kind that say the same of as much as is given: a number of operators, and a name.
    static func all(_ number: Int, times: Int, named name: String) throws -> [any Chart] {
        let staffing = Staffing(onShift: number / 2, minimum: number / 3, target: number)
        let asked = min(number, 1_000_000_000_000)
        return [
            heat(times == 0 ? nil : staffing, subject: name),
            try self.staffing([Staffing?](repeating: staffing, count: times), own: name, subject: name),
            level(
                [(came: Int, answered: Int, inTime: Int)](repeating: (asked, asked, asked / 2), count: times),
                queue: queue(name)),
        ] + bars([(name: String, minutes: Int, part: Int)](repeating: (name, number, number / 2), count: times))
    }
}

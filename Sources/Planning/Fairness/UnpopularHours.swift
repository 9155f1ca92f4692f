package import Coverage

/// The hours that nobody likes to work: nights, Saturdays and Sundays, by the consortium's clocks.
package struct UnpopularHours: Hashable, Sendable {
    /// When the night begins; it goes over midnight where it ends before that.
    package let nightFrom: MinuteOfDay
    /// When the night ends; there is none where it ends as it begins.
    package let nightTo: MinuteOfDay
    /// Days of which every hour is unpopular.
    package let weekdays: Set<Weekday>

    package init(nightFrom: MinuteOfDay, nightTo: MinuteOfDay, weekdays: Set<Weekday> = [.saturday, .sunday]) {
        self.nightFrom = nightFrom
        self.nightTo = nightTo
        self.weekdays = weekdays
    }

    /// Nights from 22:00 to 06:00, Saturdays and Sundays.
    package static let usual = UnpopularHours(
        nightFrom: MinuteOfDay(rawValue: 22 * 60) ?? .startOfDay, nightTo: MinuteOfDay(rawValue: 6 * 60) ?? .startOfDay)

    /// Whether the hour that begins at a moment is unpopular.
    package func contains(_ moment: CivilMoment) -> Bool {
        if weekdays.contains(moment.date.weekday) { return true }
        let minute = moment.minuteOfDay
        let (from, to) = (nightFrom.rawValue, nightTo.rawValue)
        return from <= to ? from <= minute && minute < to : minute >= from || minute < to
    }

    /// For each slot of a calendar whether it is unpopular: by the clock at its start.
    func slots(of problem: PlanningProblem) -> [Bool] {
        (0..<problem.calendar.count).map { contains(problem.zone.civil(at: problem.calendar.start(of: $0))) }
    }
}

import Coverage

/// Days and times in words.
enum DayText {
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

    static func weekday(_ weekday: Weekday) -> String { weekdays[weekday.rawValue] }

    /// `26 October`.
    static func dayAndMonth(_ date: CivilDate) -> String {
        let (_, month, day) = date.components
        return "\(day) \(months[month - 1])"
    }

    /// `26 Oct`.
    static func short(_ date: CivilDate) -> String {
        let (_, month, day) = date.components
        return "\(day) \(months[month - 1].prefix(3))"
    }

    /// `Monday 26 October 2026`.
    static func long(_ date: CivilDate) -> String {
        "\(weekday(date.weekday)) \(dayAndMonth(date)) \(date.components.year)"
    }

    /// `26 October – 1 November 2026`; both days included.
    static func span(_ first: CivilDate, _ last: CivilDate) -> String {
        let (start, end) = (first.components, last.components)
        if start.year != end.year { return "\(dayAndMonth(first)) \(start.year) – \(dayAndMonth(last)) \(end.year)" }
        let from = start.month == end.month ? "\(start.day)" : dayAndMonth(first)
        return "\(from) – \(dayAndMonth(last)) \(end.year)"
    }

    /// `09:00`; on nights when clocks go back the second of two such times is marked, `01:00 (2nd)`.
    static func time(_ instant: Instant, in zone: TimeZoneRules) -> String {
        let moment = zone.civil(at: instant)
        let text = String(moment.timeText.prefix(5))
        return zone.instants(showing: moment).count > 1 && zone.instants(showing: moment).last == instant
            ? "\(text) (2nd)" : text
    }

    /// `09:00–13:00`; a midnight that ends it is 24:00.
    static func times(_ during: Range<Instant>, in zone: TimeZoneRules) -> String {
        let end = time(during.upperBound, in: zone)
        return "\(time(during.lowerBound, in: zone))–\(end == "00:00" ? "24:00" : end)"
    }

    /// `09:00–13:00`, or the days where it is more than one, `2 – 8 November 2026`.
    static func timesOrDays(_ during: Range<Instant>, in zone: TimeZoneRules) -> String {
        // A day may have 25 hours.
        guard during.upperBound.seconds(since: during.lowerBound) > 25 * 3600 else { return times(during, in: zone) }
        let last = zone.civil(at: during.upperBound.advanced(bySeconds: -1)).date
        return span(zone.civil(at: during.lowerBound).date, last)
    }

    /// `3 h`, `1 h 30 min`, `45 min`.
    static func hours(minutes: Int) -> String {
        let (hours, rest) = minutes.quotientAndRemainder(dividingBy: 60)
        if hours == 0 { return "\(rest) min" }
        return rest == 0 ? "\(hours) h" : "\(hours) h \(rest) min"
    }
}

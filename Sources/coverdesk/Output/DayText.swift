import Coverage

/// Days and times as people at the consortium read them.
enum DayText {
    /// A period as its first and last day, `2026-10-26 to 2026-11-22`.
    static func days(of period: Range<Instant>, in zone: TimeZoneRules) -> String {
        let first = zone.civil(at: period.lowerBound).date
        let last = zone.civil(at: period.upperBound.advanced(bySeconds: -1)).date
        return first == last ? "\(first)" : "\(first) to \(last)"
    }

    /// A day with its weekday, `Mon 2026-10-26`.
    static func day(_ date: CivilDate) -> String {
        "\(date.weekday.abbreviation) \(date)"
    }

    /// A time on a day, `Mon 2026-10-26 09:00–11:00`.
    ///
    /// `24:00` is midnight at the day's end, and an end on another day is named with it.
    /// On the night on which clocks go back the two hours of one name are told apart by their offsets.
    static func span(_ during: Range<Instant>, in zone: TimeZoneRules) -> String {
        let start = zone.civil(at: during.lowerBound)
        let end = zone.civil(at: during.upperBound)
        let text: String
        if start.date == end.date {
            text = "\(start.timeText)–\(end.timeText)"
        } else if end.secondOfDay == 0, end.date == start.date.advanced(byDays: 1) {
            text = "\(start.timeText)–24:00"
        } else {
            text = "\(start.timeText)–\(day(end.date)) \(end.timeText)"
        }
        return "\(day(start.date)) \(text)\(offsets(of: during, in: zone))"
    }

    private static func offsets(of during: Range<Instant>, in zone: TimeZoneRules) -> String {
        let isTwice = [during.lowerBound, during.upperBound].contains { instant in
            zone.instants(showing: zone.civil(at: instant)).count > 1
        }
        guard isTwice else { return "" }
        let (before, after) = (zone.offsetSeconds(at: during.lowerBound), zone.offsetSeconds(at: during.upperBound))
        return before == after ? " (\(offset(before)))" : " (\(offset(before)) to \(offset(after)))"
    }

    private static func offset(_ seconds: Int) -> String {
        let minutes = abs(seconds) / 60
        return "UTC\(seconds < 0 ? "-" : "+")\((minutes / 60).padded(to: 2)):\((minutes % 60).padded(to: 2))"
    }
}

import Coverage

/// Times in which somebody is away, in words.
enum AbsenceWords {
    /// `Monday 26 October 2026`, `26 – 28 October 2026`, with times where it is not whole days.
    static func when(_ during: Range<Instant>, in zone: TimeZoneRules) -> String {
        let (start, end) = (zone.civil(at: during.lowerBound), zone.civil(at: during.upperBound))
        let isWhole =
            during.lowerBound == zone.firstInstant(ofDate: start.date)
            && during.upperBound == zone.firstInstant(ofDate: end.date)
        // The midnight that ends a day belongs to it.
        let last = during.upperBound == zone.firstInstant(ofDate: end.date) ? end.date.advanced(byDays: -1) : end.date
        if isWhole { return start.date == last ? DayText.long(last) : DayText.span(start.date, last) }
        if start.date == last { return "\(DayText.long(last)), \(DayText.times(during, in: zone))" }
        return "\(DayText.long(start.date)), \(DayText.time(during.lowerBound, in: zone)), to "
            + "\(DayText.long(end.date)), \(DayText.time(during.upperBound, in: zone))"
    }
}

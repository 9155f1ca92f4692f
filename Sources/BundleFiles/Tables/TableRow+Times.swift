import Coverage

/// An instant as a row states it.
struct StatedInstant {
    let instant: Instant
    let offsetSeconds: Int
}

extension TableRow {
    mutating func weekday(_ column: Column) -> Weekday? {
        wholeNumber(column, in: 0...6).flatMap(Weekday.init(rawValue:))
    }

    /// A span of one day by the clock on the wall, from one column to another.
    mutating func timeOfDay(from start: Column, to end: Column) -> (from: MinuteOfDay, to: MinuteOfDay)? {
        guard let from = minute(start), let to = minute(end) else { return nil }
        guard from < to else {
            fault(
                end, "\(to) is not after \(start.rawValue) \(from)",
                "expected a later time, up to 24:00; a span over midnight takes two rows")
            return nil
        }
        return (from, to)
    }

    mutating func date(_ column: Column) -> CivilDate? {
        guard let text = text(column) else { return nil }
        guard let date = CivilDate(text) else {
            fault(column, "\(text.quoted) is not a date of the calendar", "expected one like 2026-10-26")
            return nil
        }
        return isKnownYear(of: date, column) ? date : nil
    }

    /// A moment with its offset from UTC.
    ///
    /// Where clocks go forward they skip an hour, and a time inside it is a fault if it is written in the offset
    /// that one of the zones has around it. The very moment of the change may be written in the old offset, as a
    /// program does that adds an hour to the one before.
    ///
    /// - Parameters:
    ///   - column: Where it stands.
    ///   - zones: By whose clocks it may be meant; the first is that of the consortium.
    /// - Returns: The moment; nil where there is none, and then the row has a fault.
    mutating func instant(_ column: Column, in zones: [TimeZoneRules]) -> StatedInstant? {
        guard let text = text(column) else { return nil }
        guard let time = OffsetTime(text) else {
            refuse(text, in: column, "is not a time that can be read", "expected one like 2026-10-26T09:00:00-04:00")
            return nil
        }
        guard let offset = time.offsetSeconds, let instant = time.instant else {
            fault(column, "\(text.quoted) has no offset from UTC", Self.offsetRemedy(time.moment, in: zones.first))
            return nil
        }
        guard isKnownYear(of: time.moment.date, column) else { return nil }
        for zone in zones {
            guard let skip = zone.skip(of: time.moment, offsetSeconds: offset) else { continue }
            fault(
                column, skip.problem(with: time.moment, in: zone),
                "expected a time that exists, like \(instant.text(in: zone))")
            return nil
        }
        return StatedInstant(instant: instant, offsetSeconds: offset)
    }

    /// A span of time; empty where it lies wholly inside an hour that the clocks skip.
    mutating func span(from start: Column, to end: Column, in zones: [TimeZoneRules]) -> Range<Instant>? {
        // Both are read before either is missed, so that both can be wrong at once.
        let (from, to) = (instant(start, in: zones), instant(end, in: zones))
        guard let from, let to else { return nil }
        let isSkipped =
            from.instant == to.instant
            && zones.contains { zone in
                let change = zone.firstChange(in: from.instant..<from.instant.advanced(bySeconds: 1))
                return change?.before == from.offsetSeconds && change?.after == to.offsetSeconds
            }
        guard from.instant < to.instant || isSkipped else {
            let (earlier, later) = ((text(start) ?? "").quoted, (text(end) ?? "").quoted)
            fault(end, "\(later) is not after \(start.rawValue) \(earlier)", "expected a later time")
            return nil
        }
        return from.instant..<to.instant
    }

    // MARK: Parts

    private mutating func minute(_ column: Column) -> MinuteOfDay? {
        guard let text = text(column) else { return nil }
        if let minute = MinuteOfDay(text) { return minute }
        refuse(text, in: column, "is not a time of day", "expected one from 00:00 to 24:00, like 09:30")
        return nil
    }

    private mutating func isKnownYear(of date: CivilDate, _ column: Column) -> Bool {
        if CivilDate.planned.contains(date) { return true }
        fault(column, "\(date) is out of range", CivilDate.plannedRemedy)
        return false
    }

    private static func offsetRemedy(_ moment: CivilMoment, in zone: TimeZoneRules?) -> String {
        let texts = zone.map { zone in zone.instants(showing: moment).map { $0.text(in: zone) } } ?? []
        return "expected \(texts.isEmpty ? "one like 2026-10-26T09:00:00-04:00" : texts.joined(separator: " or "))"
    }
}

extension CivilDate {
    /// The dates for which the clocks of all zones are known (see ``TimeZoneRules``), with weeks to spare.
    static let planned = CivilDate(daysSince1970: 7305)..<CivilDate(daysSince1970: 32_507)

    static let plannedRemedy =
        "expected a date from \(planned.lowerBound) to \(planned.upperBound.advanced(byDays: -1))"
}

/// An hour that the clocks of a zone skip.
struct SkippedHour {
    let from: CivilMoment
    let to: CivilMoment

    func problem(with moment: CivilMoment, in zone: TimeZoneRules) -> String {
        "\(moment.timeText) does not exist on \(moment.date) in \(zone.identifier): "
            + "the clocks go from \(from.timeText) to \(to.timeText)"
    }
}

extension TimeZoneRules {
    /// The skipped hour in which a time lies that is written in the zone's offset before or after it; nil where the
    /// time exists, is written in another zone's offset, or is the moment of the change itself.
    func skip(of moment: CivilMoment, offsetSeconds offset: Int) -> SkippedHour? {
        let local = Int64(moment.date.daysSince1970) * 86_400 + Int64(moment.secondOfDay)
        let instant = Instant(secondsSince1970: local - Int64(offset))
        // As good as every time exists, and shows on the zone's clocks as it is written.
        if offsetSeconds(at: instant) == offset || !instants(showing: moment).isEmpty { return nil }
        let around = instant.advanced(bySeconds: -86_400)..<instant.advanced(bySeconds: 86_400)
        guard let change = firstChange(in: around), offset == change.before || offset == change.after,
            !(instant == change.at && offset == change.before)
        else { return nil }
        return SkippedHour(
            from: OffsetTime.moment(at: change.at, offsetSeconds: change.before),
            to: OffsetTime.moment(at: change.at, offsetSeconds: change.after))
    }
}

extension OffsetTime {
    /// What a clock shows that is so far ahead of UTC.
    fileprivate static func moment(at instant: Instant, offsetSeconds: Int) -> CivilMoment {
        let local = instant.secondsSince1970 + Int64(offsetSeconds)
        let day = local.flooredQuotient(by: 86_400)
        return CivilMoment(date: CivilDate(daysSince1970: Int(day)), secondOfDay: Int(local - day * 86_400))
    }
}

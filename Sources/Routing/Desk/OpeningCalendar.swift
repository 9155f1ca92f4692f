package import Coverage

/// When something is open: hours of every week by the clocks of a zone, less the days on which it is closed.
package struct OpeningCalendar: Hashable, Sendable {
    /// Hours of one weekday, in minutes by the clock on the wall.
    package struct Hours: Hashable, Sendable {
        package var weekday: Weekday
        package var opens: MinuteOfDay
        package var closes: MinuteOfDay

        package init(weekday: Weekday, opens: MinuteOfDay, closes: MinuteOfDay) {
            self.weekday = weekday
            self.opens = opens
            self.closes = closes
        }
    }

    private let zone: TimeZoneRules
    /// By ``Weekday``'s raw value, each day's in order.
    private let week: [[Hours]]
    private let closedDates: Set<CivilDate>

    /// How far ahead an opening is looked for, in days: past the longest holidays.
    package static let horizonDays = 60

    package init(zone: TimeZoneRules, hours: [Hours], closedDates: Set<CivilDate> = []) {
        self.zone = zone
        self.closedDates = closedDates
        week = Weekday.allCases.map { day in
            hours.filter { $0.weekday == day }.sorted { $0.opens < $1.opens }
        }
    }

    package func isOpen(at instant: Instant) -> Bool {
        stretch(at: instant) != nil
    }

    /// The end of the hours that the instant lies in, across midnights at which it does not close; nil if it is closed.
    package func openUntil(at instant: Instant) -> Instant? {
        guard var end = stretch(at: instant)?.upperBound else { return nil }
        for _ in 0..<8 {
            guard let next = stretch(at: end) else { return end }
            end = next.upperBound
        }
        return end
    }

    /// The instant itself if it is open then, or when it opens next; nil if it does not within ``horizonDays``.
    package func firstOpen(from instant: Instant) -> Instant? {
        if isOpen(at: instant) { return instant }
        return stretches(from: instant).first { _ in true }.map { max($0.lowerBound, instant) }
    }

    /// When so many seconds of opening have passed; nil if they do not within ``horizonDays``.
    package func adding(openSeconds: Int, to instant: Instant) -> Instant? {
        var left = Int64(openSeconds)
        for stretch in stretches(from: instant) {
            let start = max(stretch.lowerBound, instant)
            let length = stretch.upperBound.seconds(since: start)
            if left <= length { return start.advanced(bySeconds: left) }
            left -= length
        }
        return nil
    }

    /// The hours of one day that the instant lies in; nil if it is closed.
    func stretch(at instant: Instant) -> Range<Instant>? {
        let date = zone.civil(at: instant).date
        return stretches(on: date).first { $0.contains(instant) }
    }

    /// The open stretches that end after an instant, one day at a time.
    private func stretches(from instant: Instant) -> some Sequence<Range<Instant>> {
        let first = zone.civil(at: instant).date
        return (0...Self.horizonDays).lazy.flatMap { stretches(on: first.advanced(byDays: $0)) }
            .filter { $0.upperBound > instant }
    }

    private func stretches(on date: CivilDate) -> [Range<Instant>] {
        guard !closedDates.contains(date) else { return [] }
        return week[date.weekday.rawValue].compactMap { hours in
            let start = zone.firstInstant(ofDate: date, time: hours.opens)
            let end =
                hours.closes == .endOfDay
                ? zone.firstInstant(ofDate: date.advanced(byDays: 1))
                : zone.firstInstant(ofDate: date, time: hours.closes)
            // The night on which the clocks skip all of the hours.
            return start < end ? start..<end : nil
        }
    }
}

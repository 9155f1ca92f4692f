import Foundation

/// The civil time of one IANA zone: what the clocks on its walls show at an instant, and when they show a given time.
///
/// The zone's changes between 1990 and 2060 are looked up once and kept as numbers; afterwards every question is a
/// binary search over a few dozen entries, and no call can fail. This is the only place that asks Foundation about
/// time zones.
package struct TimeZoneRules: Hashable, Sendable {
    /// The IANA name, `America/New_York`.
    package let identifier: String

    /// The wall clock is `offsetSeconds` ahead of UTC from `at` on.
    ///
    /// Sorted; the first begins before all else.
    private let changes: [Change]

    private struct Change: Hashable {
        let at: Int64
        let offsetSeconds: Int
    }

    /// - Throws: ``UnknownTimeZone`` where the identifier is no zone of the tz database.
    /// - Complexity: about 26,000 look-ups at Foundation: keep the result.
    package init(identifier: String) throws(UnknownTimeZone) {
        // Foundation also takes abbreviations and "GMT+3": those are offsets, not zones that change their clocks.
        guard identifier == "UTC" || identifier.contains("/"), let zone = TimeZone(identifier: identifier) else {
            throw UnknownTimeZone(identifier: identifier)
        }
        self.identifier = identifier
        changes = Self.changes(of: zone)
    }

    /// Seconds by which the wall clock is ahead of UTC.
    package func offsetSeconds(at instant: Instant) -> Int {
        changes[indexOfChange(inForceAt: instant.secondsSince1970)].offsetSeconds
    }

    /// What the wall clock shows.
    package func civil(at instant: Instant) -> CivilMoment {
        let local = instant.secondsSince1970 + Int64(offsetSeconds(at: instant))
        let day = local.flooredQuotient(by: 86_400)
        let second = Int(local - day * 86_400)
        return CivilMoment(date: CivilDate(daysSince1970: Int(day)), secondOfDay: second)
    }

    /// The instants at which the wall clock shows this time: none on the night when clocks skip it, two when they
    /// go through it twice.
    package func instants(showing moment: CivilMoment) -> [Instant] {
        let local = Int64(moment.date.daysSince1970) * 86_400 + Int64(moment.secondOfDay)
        let offsets = Set(offsetsAround(local))
        return offsets.map { Instant(secondsSince1970: local - Int64($0)) }
            .filter { offsetSeconds(at: $0) == Int(local - $0.secondsSince1970) }
            .sorted()
    }

    /// The first instant at which the wall clock shows this time or a later one of the same night.
    ///
    /// Where the clocks skip the time, this is the moment of the change; where they go through it twice, the first.
    package func firstInstant(ofDate date: CivilDate, time: MinuteOfDay = .startOfDay) -> Instant {
        let moment = CivilMoment(date: date, secondOfDay: time.rawValue * 60)
        if let first = instants(showing: moment).first { return first }
        let local = Int64(date.daysSince1970) * 86_400 + Int64(time.rawValue) * 60
        // The clocks skip this time: the change is the first after which they show more.
        let next = changes.dropFirst().first { $0.at + Int64($0.offsetSeconds) > local }
        return Instant(secondsSince1970: next?.at ?? local - Int64(changes[0].offsetSeconds))
    }

    /// The change of clocks that lies in the range, if one does: its instant and the offsets before and after.
    package func firstChange(in range: Range<Instant>) -> (at: Instant, before: Int, after: Int)? {
        guard
            let index = changes.indices.dropFirst().first(where: {
                changes[$0].at >= range.lowerBound.secondsSince1970
                    && changes[$0].at < range.upperBound.secondsSince1970
            })
        else { return nil }
        let change = changes[index]
        return (Instant(secondsSince1970: change.at), changes[index - 1].offsetSeconds, change.offsetSeconds)
    }

    private func offsetsAround(_ local: Int64) -> [Int] {
        [local - 86_400, local, local + 86_400].map { changes[indexOfChange(inForceAt: $0)].offsetSeconds }
    }

    private func indexOfChange(inForceAt second: Int64) -> Int {
        var low = 0
        var high = changes.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if changes[middle].at <= second { low = middle } else { high = middle }
        }
        return low
    }

    private static func changes(of zone: TimeZone) -> [Change] {
        func offset(_ second: Int64) -> Int {
            zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(second)))
        }
        let start: Int64 = 631_152_000  // 1990-01-01
        let end: Int64 = 2_840_140_800  // 2060-01-01
        var found = [Change(at: .min, offsetSeconds: offset(start))]
        var day = start
        while day < end {
            let next = day + 86_400
            var (before, after) = (day, next)
            // A day holds one change at most; halve until its second is found.
            if offset(before) != offset(after) {
                while after - before > 1 {
                    let middle = (before + after) / 2
                    if offset(middle) == offset(before) { before = middle } else { after = middle }
                }
                found.append(Change(at: after, offsetSeconds: offset(after)))
            }
            day = next
        }
        return found
    }
}

/// What a clock on a wall shows: a date and the seconds after its midnight.
package struct CivilMoment: Hashable, Sendable {
    package let date: CivilDate
    /// Seconds by the clock on the wall, 0…86,399 (86,400 for midnight at the day's end).
    package let secondOfDay: Int

    package init(date: CivilDate, secondOfDay: Int) {
        self.date = date
        self.secondOfDay = secondOfDay
    }

    package init(date: CivilDate, time: MinuteOfDay) {
        self.init(date: date, secondOfDay: time.rawValue * 60)
    }

    /// Whole minutes after midnight by the wall clock, 0…1440.
    package var minuteOfDay: Int { secondOfDay / 60 }

    /// `13:05`.
    package var timeText: String {
        "\((secondOfDay / 3600).padded(to: 2)):\((secondOfDay / 60 % 60).padded(to: 2))"
    }
}

/// No zone of the tz database has this name.
package struct UnknownTimeZone: Error, Hashable, CustomStringConvertible {
    package let identifier: String

    package init(identifier: String) {
        self.identifier = identifier
    }

    package var description: String {
        "“\(identifier)” is no time zone of the tz database; one is written like America/New_York"
    }
}

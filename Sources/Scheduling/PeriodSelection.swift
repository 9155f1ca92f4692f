package import Coverage

/// The days that somebody means: a week, from a day to a day, or all.
package enum PeriodSelection: Hashable, Sendable {
    case whole
    /// The week, Monday to Sunday, that holds the day.
    case week(of: CivilDate)
    /// Both days included; nil is the consortium's first or last.
    case days(from: CivilDate?, to: CivilDate?)

    /// The days, the day after the last excluded.
    ///
    /// - Throws: ``SchedulingRefusal`` if there are none, or some are not in the consortium's period.
    package func dates(of consortium: Consortium) throws(SchedulingRefusal) -> Range<CivilDate> {
        let all = consortium.dates
        let last = all.upperBound.advanced(byDays: -1)
        let (from, to) =
            switch self {
            case .whole: (all.lowerBound, last)
            case .week(let day): (day.startOfWeek, day.startOfWeek.advanced(byDays: 6))
            case .days(let from, let to): (from ?? all.lowerBound, to ?? last)
            }
        guard from <= to else { throw .emptyPeriod(from: from, to: to) }
        guard all.contains(from), all.contains(to) else { throw .outsidePeriod(from: from, to: to, consortium) }
        return from..<to.advanced(byDays: 1)
    }

    /// The days where those outside the consortium's period count too, as when a published schedule is read.
    ///
    /// - Throws: ``SchedulingRefusal`` if there are none.
    package func dates(from consortium: Consortium) throws(SchedulingRefusal) -> Range<CivilDate> {
        switch self {
        case .whole: return consortium.dates
        case .week(let day): return day.startOfWeek..<day.startOfWeek.advanced(byDays: 7)
        case .days(let from, let to):
            let first = from ?? consortium.dates.lowerBound
            let last = to ?? Swift.max(first, consortium.dates.upperBound.advanced(byDays: -1))
            guard first <= last else { throw .emptyPeriod(from: first, to: last) }
            return first..<last.advanced(byDays: 1)
        }
    }
}

extension Range<CivilDate> {
    /// From the midnight that begins the first day to the one that ends the last.
    package func instants(in zone: TimeZoneRules) -> Range<Instant> {
        zone.firstInstant(ofDate: lowerBound)..<zone.firstInstant(ofDate: upperBound)
    }
}

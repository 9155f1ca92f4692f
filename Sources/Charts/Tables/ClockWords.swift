import Coverage

/// Dates and times as people write them, by the clocks of a zone.
struct ClockWords: Sendable {
    let zone: TimeZoneRules

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Mon 26 Oct`.
    static func day(_ date: CivilDate) -> String {
        "\(date.weekday.abbreviation) \(dayOfMonth(date))"
    }

    /// `26 Oct`.
    static func dayOfMonth(_ date: CivilDate) -> String {
        let (_, month, day) = date.components
        return "\(day) \(months[month - 1])"
    }

    /// `26 Oct 2026`.
    static func date(_ date: CivilDate) -> String {
        "\(dayOfMonth(date)) \(date.components.year)"
    }

    /// `13:00`; `01:00 again` where the clocks go through that time for the second time.
    func time(_ instant: Instant) -> String {
        let moment = zone.civil(at: instant)
        let isAgain = zone.instants(showing: moment).first.map { $0 < instant } ?? false
        return isAgain ? "\(moment.timeText) again" : moment.timeText
    }

    /// When a time ends that has begun: `24:00` at a midnight.
    func end(_ instant: Instant) -> String {
        let text = time(instant)
        return text == "00:00" ? "24:00" : text
    }
}

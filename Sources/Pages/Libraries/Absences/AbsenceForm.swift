import Coverage

/// An absence as it is typed, by the library's clock: days, or times on them.
struct AbsenceForm: Hashable {
    var person = ""
    /// The first day, `2026-11-02`.
    var from = ""
    /// A time, `13:00`; empty is the day's beginning.
    var fromTime = ""
    /// The last day; empty is the first.
    var to = ""
    /// Empty is the day's end.
    var toTime = ""
    var reason = ""

    init() {}

    init(_ form: FormFields) {
        person = form.line("person")
        from = form.line("from")
        fromTime = form.line("from-time")
        to = form.line("to")
        toTime = form.line("to-time")
        reason = form.line("reason")
    }

    /// What a form carries on that is to be sent once more.
    var fields: [(name: String, value: String)] {
        [
            ("person", person), ("from", from), ("from-time", fromTime), ("to", to), ("to-time", toTime),
            ("reason", reason),
        ]
    }

    /// More at once is a mistake, or somebody who has left.
    private static let mostDays: Int64 = 400

    /// Further ahead is a slip of the pen.
    private static let mostDaysAhead: Int64 = 3 * 366

    /// What was typed.
    ///
    /// - Parameters:
    ///   - zone: The library's clock.
    ///   - now: What is over by then cannot be told any more.
    /// - Returns: From when to when.
    /// - Throws: ``FormProblem`` that names the field and what would be right.
    func during(in zone: TimeZoneRules, at now: Instant) throws(FormProblem) -> Range<Instant> {
        guard let first = CivilDate(from) else {
            throw FormProblem("First day: choose one, or write it like 2026-11-02.")
        }
        guard let last = to.isEmpty ? first : CivilDate(to) else {
            throw FormProblem("Last day: choose one, or write it like 2026-11-04; leave it empty for one day.")
        }
        guard let begin = fromTime.isEmpty ? .startOfDay : MinuteOfDay(fromTime) else {
            throw FormProblem("From: write a time like 13:00; leave it empty for the whole day.")
        }
        guard let end = toTime.isEmpty ? .endOfDay : MinuteOfDay(toTime) else {
            throw FormProblem("Until: write a time like 15:00; leave it empty for the whole day.")
        }
        let start = zone.firstInstant(ofDate: first, time: begin)
        // The day's end is the next one's beginning, which clocks may skip.
        let stop =
            end == .endOfDay
            ? zone.firstInstant(ofDate: last.advanced(byDays: 1)) : zone.firstInstant(ofDate: last, time: end)
        guard start < stop else {
            throw FormProblem("Until: it ends before it begins. Choose a later last day, or a later time.")
        }
        guard stop > now else { throw FormProblem("Last day: this time is over. Choose one that is still to come.") }
        guard start.seconds(since: now) <= Self.mostDaysAhead * 86_400 else {
            throw FormProblem("First day: this is more than three years ahead. Look at the year again.")
        }
        guard stop.seconds(since: start) <= Self.mostDays * 86_400 else {
            throw FormProblem("Last day: an absence lasts \(Self.mostDays) days at most. Choose an earlier last day.")
        }
        guard reason.unicodeScalars.count <= 500 else { throw FormProblem("Reason: write at most 500 characters.") }
        return start..<stop
    }
}

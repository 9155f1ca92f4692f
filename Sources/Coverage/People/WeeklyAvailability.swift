/// When one operator may be placed, every week, by the clock on the wall of their library: spans that do not overlap.
package struct WeeklyAvailability: Hashable, Sendable {
    /// How much somebody likes to work at a time; the raw value is what bundles write as `preference`.
    package enum Liking: Int, CaseIterable, Hashable, Sendable {
        case onlyIfNeeded = -2
        case ratherNot, neutral, gladly, favourite

        /// What a sum of preferences counts as.
        package init(sum: Int) {
            self = Liking(rawValue: max(-2, min(2, sum))) ?? .neutral
        }
    }

    /// A time of one weekday that is liked alike.
    package struct Span: Hashable, Sendable {
        package var weekday: Weekday
        package var from: MinuteOfDay
        package var to: MinuteOfDay
        package var liking: Liking

        package init(weekday: Weekday, from: MinuteOfDay, to: MinuteOfDay, liking: Liking) {
            self.weekday = weekday
            self.from = from
            self.to = to
            self.liking = liking
        }

        package var minutes: Int { to.rawValue - from.rawValue }

        func touches(_ other: Span) -> Bool { weekday == other.weekday && from <= other.to && other.from <= to }

        package func overlaps(_ other: Span) -> Bool {
            weekday == other.weekday && from < other.to && other.from < to
        }
    }

    /// Two spans that overlap and are not liked alike, by their places in what was given.
    package struct Contradiction: Error, Hashable, Sendable {
        package let first: Int
        package let second: Int
    }

    /// By weekday and time; those that touch are liked differently.
    package let spans: [Span]

    /// What rows mean to the planner: where they overlap their preferences add up, and a part of a slot is of no use.
    ///
    /// - Parameters:
    ///   - rows: Those of one operator.
    ///   - gridMinutes: The length of what is placed as one, a divisor of 60.
    package init(_ rows: [Availability], gridMinutes: Int) {
        var spans: [Span] = []
        for weekday in Weekday.allCases {
            let own = rows.filter { $0.weekday == weekday }
            guard !own.isEmpty else { continue }
            for start in stride(from: 0, to: 1440, by: gridMinutes) {
                guard let from = MinuteOfDay(rawValue: start), let to = MinuteOfDay(rawValue: start + gridMinutes),
                    own.contains(where: { $0.from <= from && to <= $0.to })
                else { continue }
                let sum = own.filter { $0.from <= from && from < $0.to }.reduce(0) { $0 + $1.preference }
                spans.append(Span(weekday: weekday, from: from, to: to, liking: Liking(sum: sum)))
            }
        }
        self.spans = Self.joined(spans)
    }

    /// Spans as somebody gives them, in any order; those that overlap or touch and are liked alike become one.
    ///
    /// - Throws: ``Contradiction`` that names the first two that cannot both hold.
    package init(_ spans: [Span]) throws(Contradiction) {
        for (second, span) in spans.enumerated() {
            if let first = spans[..<second].firstIndex(where: { $0.overlaps(span) && $0.liking != span.liking }) {
                throw Contradiction(first: first, second: second)
            }
        }
        self.spans = Self.joined(spans.sorted { ($0.weekday.rawValue, $0.from) < ($1.weekday.rawValue, $1.from) })
    }

    private static func joined(_ spans: [Span]) -> [Span] {
        var joined: [Span] = []
        for span in spans {
            if let last = joined.last, last.touches(span), last.liking == span.liking {
                joined[joined.count - 1].to = max(last.to, span.to)
            } else {
                joined.append(span)
            }
        }
        return joined
    }

    package func spans(on weekday: Weekday) -> [Span] { spans.filter { $0.weekday == weekday } }

    /// How much of a week that is.
    package var minutes: Int { spans.reduce(0) { $0 + $1.minutes } }

    /// The rows that say the same.
    package func rows(of person: Operator.ID) -> [Availability] {
        spans.map { span in
            Availability(
                operator: person, weekday: span.weekday, from: span.from, to: span.to,
                preference: span.liking.rawValue)
        }
    }

    /// The week in one line, the same for the same week: `0 09:00-12:00 2;0 12:00-17:00 0`.
    package var text: String {
        spans.map { "\($0.weekday.rawValue) \($0.from)-\($0.to) \($0.liking.rawValue)" }.joined(separator: ";")
    }

    /// What of a time lies outside the week.
    ///
    /// - Parameters:
    ///   - during: From when to when.
    ///   - zone: The clock of the operator's library.
    ///   - gridMinutes: The length of what is placed as one.
    /// - Returns: The times outside, in order; empty where all of it lies inside.
    package func outside(
        of during: Range<Instant>, in zone: TimeZoneRules, gridMinutes: Int
    ) -> [Range<Instant>] {
        var found: [Range<Instant>] = []
        var start = during.lowerBound
        while start < during.upperBound {
            let end = min(start.advanced(byMinutes: gridMinutes), during.upperBound)
            let moment = zone.civil(at: start)
            let (from, minutes) = (moment.minuteOfDay, Int(end.seconds(since: start) / 60))
            let isInside = spans.contains { span in
                span.weekday == moment.date.weekday && span.from.rawValue <= from
                    && from + minutes <= span.to.rawValue
            }
            if !isInside {
                if let last = found.last, last.upperBound == start {
                    found[found.count - 1] = last.lowerBound..<end
                } else {
                    found.append(start..<end)
                }
            }
            start = end
        }
        return found
    }
}

import Coverage

extension WeeklyAvailability.Liking {
    var words: String {
        switch self {
        case .favourite: "Favourite"
        case .gladly: "Gladly"
        case .neutral: "Can"
        case .ratherNot: "Rather not"
        case .onlyIfNeeded: "Only if needed"
        }
    }

    /// How styles name it.
    fileprivate var style: String {
        switch self {
        case .favourite: "is-favourite"
        case .gladly: "is-gladly"
        case .neutral: "is-neutral"
        case .ratherNot: "is-rather-not"
        case .onlyIfNeeded: "is-only-if-needed"
        }
    }
}

/// A week's times as a picture with its words: a line for each weekday.
struct AvailabilityPicture {
    private let week: WeeklyAvailability
    private let showsLiking: Bool

    /// - Parameters:
    ///   - week: What is shown.
    ///   - showsLiking: Whether whoever looks is told how it is liked; otherwise times that touch are shown as one.
    init(week: WeeklyAvailability, showsLiking: Bool) {
        let alike = week.spans.map { span in
            WeeklyAvailability.Span(weekday: span.weekday, from: span.from, to: span.to, liking: .neutral)
        }
        self.week = showsLiking ? week : (try? WeeklyAvailability(alike)) ?? week
        self.showsLiking = showsLiking
    }

    var values: [String: Any] {
        ["days": Weekday.allCases.map(day), "total": DayText.hours(minutes: week.minutes)]
    }

    private func day(_ weekday: Weekday) -> [String: Any] {
        let spans = week.spans(on: weekday)
        return [
            "name": DayText.weekday(weekday), "hasSpans": !spans.isEmpty,
            // Minutes are the picture's unit.
            "bars": spans.map { span in
                [
                    "x": span.from.rawValue, "width": span.minutes,
                    "style": span.liking.style,
                ] as [String: Any]
            },
            "spans": spans.map { span in
                .present([
                    "times": "\(span.from)–\(span.to)", "liking": showsLiking ? span.liking.words : nil,
                    "style": span.liking.style,
                ]) as [String: Any]
            },
        ]
    }
}

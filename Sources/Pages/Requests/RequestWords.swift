import Coverage
import Scheduling

/// Why a request is not made or decided, in words for whoever wanted it.
enum RequestWords {
    /// The refusal in a sentence or two; times by the zone's clock, where one has to be told.
    static func text(of refusal: ShiftRequests.Refusal, in zone: TimeZoneRules? = nil) -> String {
        switch refusal {
        case .notOpen: "This request was decided or withdrawn meanwhile. Nothing was changed."
        case .shiftIsGone:
            "The shift is not in the published schedule any more as it was when you looked. Load the week again."
        case .hasBegun: "The shift has begun, or is over. Call your coordinator."
        case .noPart: "What is given away must be a part of the shift, or all of it."
        case .asksTwice:
            "Something like it was asked before, and is still open. Withdraw that first on the page of requests."
        case .ownShift: "This is the same person’s own shift. Choose somebody else’s."
        case .otherWeek: "Both shifts of a swap lie in the same week, from Monday to Sunday. Choose another."
        case .nobodyTakesIt:
            "Nobody has asked for this shift yet. Give it to somebody yourself, or wait until somebody asks for it."
        case .othersMayAsk(let until):
            "Others can ask for the same until \(zone.map { moment(until, in: $0) } ?? until.rfc3339). Decide then, or say "
                + "that you decide before."
        }
    }

    /// `Mon 26 Oct, 10:00`.
    static func moment(_ instant: Instant, in zone: TimeZoneRules) -> String {
        let date = zone.civil(at: instant).date
        return "\(DayText.weekday(date.weekday).prefix(3)) \(DayText.short(date)), \(DayText.time(instant, in: zone))"
    }
}

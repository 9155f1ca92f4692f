import Coverage
import Scheduling

/// The links from a week to the ones before and after it, where they are planned too.
enum WeekNeighbors {
    /// Values `earlier` and `later` of a page; each is missing where its week is not in the consortium's period.
    ///
    /// - Parameters:
    ///   - date: The day that is looked at.
    ///   - board: Its week.
    ///   - address: Of the same page on another day.
    /// - Returns: `address` and `text` of each.
    static func values(
        of date: CivilDate, on board: WeekBoard, address: (CivilDate) -> String
    ) -> [String: [String: Any]] {
        var values: [String: [String: Any]] = [:]
        for (name, days) in [("earlier", -7), ("later", 7)] {
            let other = date.advanced(byDays: days)
            let monday = other.startOfWeek
            guard board.consortium.dates.contains(monday) else { continue }
            values[name] = ["address": address(other), "text": DayText.span(monday, monday.advanced(byDays: 6))]
        }
        return values
    }
}

import Coverage

/// A public holiday of the United States and who closes on it.
struct Holiday {
    let date: CivilDate
    let name: String
    /// Empty where the whole consortium closes.
    let kinds: [Library.Kind]

    var closesConsortium: Bool { kinds.isEmpty }

    /// The holidays that fall on one of the dates, in their order.
    ///
    /// Where a date falls on a weekend, the Friday or Monday in its stead is not kept.
    static func all(in dates: Range<CivilDate>) -> [Holiday] {
        let years = dates.lowerBound.components.year...dates.upperBound.components.year
        return years.flatMap(all(inYear:)).filter { dates.contains($0.date) }.sorted { $0.date < $1.date }
    }

    private static func all(inYear year: Int) -> [Holiday] {
        func day(_ month: Int, _ day: Int) -> CivilDate? { CivilDate(year: year, month: month, day: day) }
        func nth(_ number: Int, _ weekday: Weekday, _ month: Int) -> CivilDate? {
            day(month, 1).map { first in
                let ahead = (weekday.rawValue - first.weekday.rawValue).flooredRemainder(by: 7)
                return first.advanced(byDays: ahead + 7 * (number - 1))
            }
        }
        let lastMondayOfMay = day(5, 31).map(\.startOfWeek)
        let government: [Library.Kind] = [.public, .regional]
        let found: [(CivilDate?, String, [Library.Kind])] = [
            (day(1, 1), "New Year's Day", []),
            (nth(3, .monday, 1), "Martin Luther King Jr. Day", [.public, .academic, .regional]),
            (nth(3, .monday, 2), "Presidents' Day", government),
            (lastMondayOfMay, "Memorial Day", []),
            (day(6, 19), "Juneteenth", [.public, .academic, .regional]),
            (day(7, 4), "Independence Day", []),
            (nth(1, .monday, 9), "Labor Day", []),
            (nth(2, .monday, 10), "Indigenous Peoples' Day", [.regional]),
            (day(11, 11), "Veterans Day", government),
            (nth(4, .thursday, 11), "Thanksgiving", []),
            (nth(4, .thursday, 11)?.advanced(byDays: 1), "Day after Thanksgiving", [.academic, .special, .regional]),
            (day(12, 24), "Christmas Eve", [.public, .academic, .regional]),
            (day(12, 25), "Christmas Day", []),
        ]
        return found.compactMap { date, name, kinds in
            date.map { Holiday(date: $0, name: name, kinds: kinds) }
        }
    }
}

import Coverage
import Testing

@Suite("The times of the week in which somebody can work")
struct WeeklyAvailabilityTests {
    private typealias Span = WeeklyAvailability.Span

    private static func time(_ text: String) -> MinuteOfDay { MinuteOfDay(text) ?? .startOfDay }

    private static func row(
        _ from: String, _ to: String, _ preference: Int = 0, on weekday: Weekday = .monday
    ) -> Availability {
        Availability(
            operator: Operator.ID("a"), weekday: weekday, from: time(from), to: time(to), preference: preference)
    }

    private static func span(
        _ from: String, _ to: String, _ liking: WeeklyAvailability.Liking = .neutral, on weekday: Weekday = .monday
    ) -> WeeklyAvailability.Span {
        WeeklyAvailability.Span(weekday: weekday, from: time(from), to: time(to), liking: liking)
    }

    @Test(
        "rows mean what the planner makes of them: they add up, and parts of slots are of no use",
        arguments: [
            ([row("09:00", "17:00"), row("10:00", "11:00", 2)], "0 09:00-10:00 0;0 10:00-11:00 2;0 11:00-17:00 0"),
            ([row("09:00", "12:00", 1), row("09:00", "12:00", 2)], "0 09:00-12:00 2"),
            ([row("08:20", "12:50")], "0 09:00-12:00 0"),
            ([row("09:00", "10:30"), row("10:30", "12:00")], "0 09:00-10:00 0;0 11:00-12:00 0"),
            (
                [row("20:00", "24:00", on: .sunday), row("09:00", "12:00"), row("12:00", "13:00")],
                "0 09:00-13:00 0;6 20:00-24:00 0"
            ),
            ([], ""),
        ])
    func rows(rows: [Availability], text: String) {
        #expect(WeeklyAvailability(rows, gridMinutes: 60).text == text)
    }

    @Test("what is given twice or touches is joined where it is liked alike, in any order")
    func joins() throws {
        let spans = [
            Self.span("12:00", "14:00"), Self.span("09:00", "12:00"), Self.span("10:00", "13:00"),
            Self.span("14:00", "15:00", .favourite),
        ]
        let week = try WeeklyAvailability(spans)
        #expect(week.text == "0 09:00-14:00 0;0 14:00-15:00 2")
        #expect(week.minutes == 360)
        #expect(WeeklyAvailability(week.rows(of: Operator.ID("a")), gridMinutes: 60) == week)
    }

    @Test("of a time that is liked in two ways both places are named")
    func contradicts() {
        let spans = [
            Self.span("09:00", "12:00", on: .friday), Self.span("09:00", "12:00"),
            Self.span("11:00", "13:00", .ratherNot),
        ]
        let found = #expect(throws: WeeklyAvailability.Contradiction.self) { try WeeklyAvailability(spans) }
        #expect(found?.first == 1 && found?.second == 2)
    }

    @Test("tells what of a shift lies outside, by the library's clock, over midnight and on the night of a change")
    func outside() throws {
        let zone = try TimeZoneRules(identifier: "America/New_York")
        let week = try WeeklyAvailability([
            Self.span("09:00", "12:00"), Self.span("12:00", "13:00", .favourite),
            Self.span("20:00", "24:00", on: .saturday), Self.span("00:00", "02:00", on: .sunday),
        ])
        func outside(_ date: String, _ hour: Int, _ hours: Int) throws -> [String] {
            let start = zone.firstInstant(
                ofDate: try #require(CivilDate(date)), time: try #require(MinuteOfDay(rawValue: hour * 60)))
            let during = start..<start.advanced(byMinutes: hours * 60)
            return week.outside(of: during, in: zone, gridMinutes: 60).map { time in
                zone.civil(at: time.lowerBound).timeText + "-" + zone.civil(at: time.upperBound).timeText
            }
        }
        #expect(try outside("2026-10-26", 9, 4) == [])
        #expect(try outside("2026-10-26", 8, 6) == ["08:00-09:00", "13:00-14:00"])
        #expect(try outside("2026-10-27", 9, 1) == ["09:00-10:00"])
        // 01:00 comes twice: from 22:00 it is five hours to 02:00.
        #expect(try outside("2026-10-31", 22, 5) == [])
        #expect(try outside("2026-10-31", 22, 6) == ["02:00-03:00"])
    }
}

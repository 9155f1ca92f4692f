import Coverage
import Testing

@Suite("Dates")
struct CivilDateTests {
    @Test("every date from 1900 to 2100 is counted, written, read and given its weekday as by counting days one by one")
    func everyDate() throws {
        // 1900-01-01 was a Monday, 25,567 days before 1970-01-01.
        var days = -25_567
        var mismatches: [String] = []
        for year in 1900...2100 {
            let isLeap = year % 4 == 0 && year != 1900 && year != 2100
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            for (month, length) in zip(1...12, lengths) {
                for day in 1...length {
                    let date = try #require(CivilDate(year: year, month: month, day: day))
                    let text = [year, month, day].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: "-")
                    let weekday = try #require(Weekday(rawValue: (days + 25_567) % 7))
                    if date.daysSince1970 != days || date.components != (year, month, day)
                        || date.description != text || CivilDate(text) != date || date.weekday != weekday
                    {
                        mismatches.append(text)
                    }
                    days += 1
                }
                #expect(CivilDate(year: year, month: month, day: length + 1) == nil)
            }
        }
        #expect(mismatches.isEmpty)
        #expect(CivilDate(year: 2100, month: 12, day: 31)?.daysSince1970 == days - 1)
    }

    @Test(
        "what is no date of the calendar is not read",
        arguments: [
            "", "2026-10-2", "2026-10-026", "2026-1-26", "26-10-2026", "2026/10/26", "2026-02-29", "2100-02-29",
            "2026-04-31", "2026-00-10", "2026-13-01", "2026-10-00", "2026-10-32", "0000-01-01", "+026-10-26",
            "2026-10-26 ", " 2026-10-26", "2026-10-2６", "２０２６-１０-２６", "2026-10-26T", "20261026",
        ])
    func nonsense(text: String) {
        #expect(CivilDate(text) == nil)
    }

    @Test("a week begins on the Monday on or before a date")
    func startOfWeek() throws {
        let monday = try #require(CivilDate("2026-10-26"))
        for days in 0..<7 {
            #expect(monday.advanced(byDays: days).startOfWeek == monday)
        }
        #expect(monday.advanced(byDays: -1).startOfWeek == monday.advanced(byDays: -7))
    }

    @Test("a date before 1970 begins its week on a Monday too")
    func startOfEarlyWeek() throws {
        let date = try #require(CivilDate("1969-07-20"))
        #expect(date.weekday == .sunday)
        #expect(date.startOfWeek.description == "1969-07-14")
    }
}

import Testing

import PostgresClient

@Suite("Dates and times as the server writes them")
struct CalendarTextTests {
    @Test(
        "are read, with fractions, offsets and years before Christ",
        arguments: [
            ("1970-01-01", 0, 0, nil), ("2000-02-29", 11_016, 0, nil), ("0001-12-31 BC", -719_163, 0, nil),
            ("2026-11-01 01:30:00.25-05", 20_758, 5_400_250_000, -18_000),
            ("1969-12-31 23:59:59.999999+05:30", -1, 86_399_999_999, 19_800),
            ("1900-01-01 00:00:00+00:19:32", -25_567, 0, 1172), ("10000-01-01 00:00:00+00", 2_932_897, 0, 0),
            ("0044-03-15 12:00:00+00 BC", -735_160, 43_200_000_000, 0),
        ] as [(String, Int64, Int64, Int64?)])
    func read(text: String, days: Int64, microseconds: Int64, offset: Int64?) throws {
        let read = try #require(CalendarText(text))
        #expect(read.days == days)
        #expect(read.microseconds == microseconds)
        #expect(read.offsetSeconds == offset)
    }

    @Test(
        "are refused where they are written otherwise",
        arguments: [
            "", "infinity", "01/02/2026", "2026-13-01", "2026-00-10", "2026-01-01T", "2026-01-01 12:00+00 AD", "x",
        ])
    func refused(text: String) {
        #expect(CalendarText(text) == nil)
    }
}

import Coverage
import TestSupport
import Testing

@Suite("Times with an offset")
struct OffsetTimeTests {
    @Test(
        "a time is the instant that its offset says",
        arguments: [
            ("1970-01-01T00:00:00+00:00", 0), ("1970-01-01T00:00Z", 0), ("1969-12-31T19:00:00-05:00", 0),
            ("1970-01-01T05:45:30+05:45", 30), ("2026-10-26T09:00:00-04:00", 1_793_019_600),
            ("2026-10-26 09:00:00-04:00", 1_793_019_600), ("2026-10-26T09:00-0400", 1_793_019_600),
            ("2026-10-26T13:00Z", 1_793_019_600), ("1969-12-31T23:59:59Z", -1),
        ])
    func reading(text: String, seconds: Int64) {
        #expect(OffsetTime(text)?.instant == Instant(secondsSince1970: seconds))
    }

    @Test("a time without an offset is read, so that the reader can ask for one, and is no instant")
    func withoutOffset() throws {
        let time = try #require(OffsetTime("2026-10-26T09:00"))
        #expect(time.offsetSeconds == nil)
        #expect(time.instant == nil)
        #expect(time.description == "2026-10-26T09:00:00")
    }

    @Test("any time in any offset reads back as it is written")
    func roundTrip() throws {
        var generator = SplitMix64(seed: 11)
        for _ in 0..<5000 {
            let moment = CivilMoment(
                date: CivilDate(daysSince1970: Int.random(in: -40_000...60_000, using: &generator)),
                secondOfDay: Int.random(in: 0..<86_400, using: &generator))
            let offsetMinutes = Int.random(in: -18 * 60...18 * 60, using: &generator)
            let text = OffsetTime(moment: moment, offsetSeconds: offsetMinutes * 60).description
            let read = try #require(OffsetTime(text), "\(text)")
            #expect(read.moment == moment, "\(text)")
            #expect(read.offsetSeconds == offsetMinutes * 60, "\(text)")
            #expect(read.description == text)
        }
    }

    @Test(
        "what is no time with an offset is not read",
        arguments: [
            "", "2026-10-26", "2026-10-26T", "2026-10-26T09", "2026-10-26T9:00Z", "2026-10-26T09:00:",
            "2026-10-26T09:00:5Z", "2026-10-26T24:00Z", "2026-10-26T09:60Z", "2026-10-26T09:00:60Z",
            "2026-02-29T09:00Z", "2026-10-26t09:00Z", "2026-10-26T09:00z", "2026-10-26T09:00:00.5Z",
            "2026-10-26T09:00 -04:00", "2026-10-26T09:00-4:00", "2026-10-26T09:00-04", "2026-10-26T09:00-04:60",
            "2026-10-26T09:00+19:00", "2026-10-26T09:00-04:00Z", "2026-10-26T09:00ZZ", "2026-10-26T09:00−04:00",
            "2026-10-26T09:00:00+04:0é", "2026-10-26T09:00 America/New_York", "26.10.2026 09:00:00",
            "é026-10-26T09:00Z",
        ])
    func nonsense(text: String) {
        #expect(OffsetTime(text) == nil)
    }
}

@Suite("Instants")
struct InstantTests {
    @Test(
        "minutes are counted downwards before 1970 too",
        arguments: [(0, 0), (59, 0), (60, 1), (-1, -1), (-60, -1), (-61, -2)])
    func minutes(seconds: Int64, minutes: Int64) {
        #expect(Instant(secondsSince1970: seconds).minutesSince1970 == minutes)
    }

    @Test("a quotient rounded down and its remainder make up the number")
    func flooredDivision() {
        for number in -200...200 {
            for divisor in 1...9 {
                let (quotient, remainder) = (
                    number.flooredQuotient(by: divisor), number.flooredRemainder(by: divisor)
                )
                #expect(quotient * divisor + remainder == number)
                #expect((0..<divisor).contains(remainder))
            }
        }
    }
}

import Coverage
import TestSupport
import Testing

@Suite("Civil time")
struct TimeZoneRulesTests {
    /// A change of clocks as the tz database has it.
    struct ClockChange: Sendable, CustomTestStringConvertible {
        let zone: String
        /// The first instant of the new time.
        let at: String
        let before: Int
        let after: Int

        init(_ zone: String, _ at: String, _ before: Int, _ after: Int) {
            (self.zone, self.at, self.before, self.after) = (zone, at, before, after)
        }

        var testDescription: String { "\(zone) at \(at)" }
    }

    /// Offsets in seconds ahead of UTC; read from the tz database with Python's zoneinfo.
    static let changes: [ClockChange] = [
        ClockChange("America/New_York", "2026-03-08T07:00Z", -18_000, -14_400),
        ClockChange("America/New_York", "2026-11-01T06:00Z", -14_400, -18_000),
        ClockChange("Europe/Berlin", "2026-03-29T01:00Z", 3600, 7200),
        ClockChange("Europe/Berlin", "2026-10-25T01:00Z", 7200, 3600),
        // Half an hour.
        ClockChange("Australia/Lord_Howe", "2026-04-04T15:00Z", 39_600, 37_800),
        ClockChange("Australia/Lord_Howe", "2026-10-03T15:30Z", 37_800, 39_600),
        // An offset in quarters of an hour.
        ClockChange("Pacific/Chatham", "2026-09-26T14:00Z", 45_900, 49_500),
        // Two hours at once.
        ClockChange("Antarctica/Troll", "2026-03-29T01:00Z", 0, 7200),
        // At midnight: 00:00 is skipped, 23:00 comes twice.
        ClockChange("America/Sao_Paulo", "2018-11-04T03:00Z", -10_800, -7200),
        ClockChange("America/Sao_Paulo", "2019-02-17T02:00Z", -7200, -10_800),
        ClockChange("America/Havana", "2026-11-01T05:00Z", -14_400, -18_000),
        // At one minute after midnight, back into the day before.
        ClockChange("America/St_Johns", "2006-10-29T02:31Z", -9000, -12_600),
        // Zones that moved for good: a whole day, and half hours.
        ClockChange("Pacific/Apia", "2011-12-30T10:00Z", -36_000, 50_400),
        ClockChange("Asia/Pyongyang", "2015-08-14T15:00Z", 32_400, 30_600),
        ClockChange("Asia/Pyongyang", "2018-05-04T15:00Z", 30_600, 32_400),
        ClockChange("America/Caracas", "2016-05-01T07:00Z", -16_200, -14_400),
        ClockChange("Europe/Istanbul", "2016-03-27T01:00Z", 7200, 10_800),
    ]

    @Test("clocks change at the second the tz database says, and by as much", arguments: changes)
    func changeOfClocks(change: ClockChange) throws {
        let zone = try TimeZoneRules(identifier: change.zone)
        let at = try #require(OffsetTime(change.at)?.instant)

        #expect(zone.offsetSeconds(at: at.advanced(bySeconds: -1)) == change.before)
        #expect(zone.offsetSeconds(at: at) == change.after)
        let found = try #require(
            zone.firstChange(in: at.advanced(bySeconds: -3600)..<at.advanced(bySeconds: 3600)))
        #expect(found.at == at)
        #expect(found.before == change.before)
        #expect(found.after == change.after)
    }

    @Test("a range that ends at the change of clocks does not hold it, one that begins there does")
    func changeAtTheEdge() throws {
        let zone = try TimeZoneRules(identifier: "America/New_York")
        let at = try #require(OffsetTime("2026-11-01T06:00Z")?.instant)

        #expect(zone.firstChange(in: at.advanced(bySeconds: -3600)..<at) == nil)
        #expect(zone.firstChange(in: at..<at.advanced(bySeconds: 1))?.at == at)
    }

    /// A time on a wall in the night of a change, and the instants at which clocks show it.
    struct Shown: Sendable, CustomTestStringConvertible {
        let zone: String
        let clock: String
        let instants: [String]

        init(_ zone: String, _ clock: String, _ instants: [String]) {
            (self.zone, self.clock, self.instants) = (zone, clock, instants)
        }

        var testDescription: String { "\(zone) \(clock)" }
    }

    @Test(
        "clocks show a time once, a repeated one twice and a skipped one never",
        arguments: [
            Shown("America/New_York", "2026-11-01T00:59", ["2026-11-01T00:59-04:00"]),
            Shown("America/New_York", "2026-11-01T01:00", ["2026-11-01T01:00-04:00", "2026-11-01T01:00-05:00"]),
            Shown("America/New_York", "2026-11-01T02:00", ["2026-11-01T02:00-05:00"]),
            Shown("America/New_York", "2026-03-08T02:00", []),
            Shown("America/New_York", "2026-03-08T02:59", []),
            Shown("America/New_York", "2026-03-08T03:00", ["2026-03-08T03:00-04:00"]),
            Shown("Europe/Berlin", "2026-03-29T02:30", []),
            Shown("Europe/Berlin", "2026-10-25T02:30", ["2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00"]),
            Shown("Australia/Lord_Howe", "2026-04-05T01:29", ["2026-04-05T01:29+11:00"]),
            Shown("Australia/Lord_Howe", "2026-04-05T01:45", ["2026-04-05T01:45+11:00", "2026-04-05T01:45+10:30"]),
            Shown("Australia/Lord_Howe", "2026-10-04T02:15", []),
            Shown("Australia/Lord_Howe", "2026-10-04T02:30", ["2026-10-04T02:30+11:00"]),
            Shown("America/Sao_Paulo", "2018-11-04T00:30", []),
            Shown("America/Sao_Paulo", "2019-02-16T23:30", ["2019-02-16T23:30-02:00", "2019-02-16T23:30-03:00"]),
            Shown("Pacific/Apia", "2011-12-30T12:00", []),
            Shown("Pacific/Apia", "2011-12-31T00:00", ["2011-12-31T00:00+14:00"]),
        ])
    func instantsShowing(shown: Shown) throws {
        let zone = try TimeZoneRules(identifier: shown.zone)
        let moment = try #require(OffsetTime(shown.clock)?.moment)
        let expected = try shown.instants.map { try #require(OffsetTime($0)?.instant) }

        #expect(zone.instants(showing: moment) == expected)
    }

    @Test(
        "the first instant of a skipped time is the change of clocks, of a repeated one the first pass",
        arguments: [
            Shown("America/New_York", "2026-03-08T02:30", ["2026-03-08T03:00-04:00"]),
            Shown("America/New_York", "2026-11-01T01:30", ["2026-11-01T01:30-04:00"]),
            Shown("Australia/Lord_Howe", "2026-10-04T02:10", ["2026-10-04T02:30+11:00"]),
            Shown("America/Sao_Paulo", "2018-11-04T00:00", ["2018-11-04T01:00-02:00"]),
            Shown("Pacific/Apia", "2011-12-30T09:00", ["2011-12-31T00:00+14:00"]),
        ])
    func firstInstant(shown: Shown) throws {
        let zone = try TimeZoneRules(identifier: shown.zone)
        let moment = try #require(OffsetTime(shown.clock)?.moment)
        let time = try #require(MinuteOfDay(rawValue: moment.minuteOfDay))

        #expect(zone.firstInstant(ofDate: moment.date, time: time).text(in: zone) == full(shown.instants[0]))
    }

    /// Zone, date and the day's minutes.
    static let days: [(String, String, Int64)] = [
        ("America/New_York", "2026-03-08", 1380), ("America/New_York", "2026-10-31", 1440),
        ("America/New_York", "2026-11-01", 1500), ("Europe/Berlin", "2026-03-29", 1380),
        ("Europe/Berlin", "2026-10-25", 1500), ("Australia/Lord_Howe", "2026-10-04", 1410),
        ("Australia/Lord_Howe", "2026-04-05", 1470), ("Antarctica/Troll", "2026-10-25", 1560),
        ("Pacific/Apia", "2011-12-30", 0), ("Asia/Pyongyang", "2015-08-14", 1470),
    ]

    @Test("a day has 23, 24 or 25 hours, and half hours where clocks move by half an hour", arguments: days)
    func lengthOfDay(zone identifier: String, date: String, minutes: Int64) throws {
        let zone = try TimeZoneRules(identifier: identifier)
        let day = try #require(CivilDate(date))
        let start = zone.firstInstant(ofDate: day)

        #expect(zone.firstInstant(ofDate: day.advanced(byDays: 1)).seconds(since: start) == minutes * 60)
        #expect(zone.firstInstant(ofDate: day, time: .endOfDay).seconds(since: start) == minutes * 60)
    }

    static let zones = [
        "UTC", "America/New_York", "America/Chicago", "America/Phoenix", "America/Havana", "America/Sao_Paulo",
        "America/St_Johns", "America/Caracas", "Europe/Berlin", "Europe/Dublin", "Europe/Istanbul",
        "Africa/Casablanca", "Asia/Kathmandu", "Asia/Pyongyang", "Australia/Lord_Howe", "Antarctica/Troll",
        "Pacific/Chatham", "Pacific/Apia",
    ]

    /// Instants anywhere from 1990 to 2059, and as many within three hours of a change of clocks.
    private func instants(of zone: TimeZoneRules, count: Int) -> [Instant] {
        var generator = SplitMix64(seed: 7)
        let span: ClosedRange<Int64> = 631_152_000...2_808_604_800
        return (0..<count).flatMap { _ -> [Instant] in
            let anywhere = Instant(secondsSince1970: Int64.random(in: span, using: &generator))
            let year = anywhere..<anywhere.advanced(bySeconds: 366 * 86_400)
            let change = zone.firstChange(in: year)?.at ?? anywhere
            return [anywhere, change.advanced(bySeconds: Int64.random(in: -10_800...10_800, using: &generator))]
        }
    }

    @Test(
        "what clocks show at an instant leads back to it, and to nothing that clocks show otherwise", arguments: zones)
    func inverse(identifier: String) throws {
        let zone = try TimeZoneRules(identifier: identifier)
        for instant in instants(of: zone, count: 500) {
            let moment = zone.civil(at: instant)
            let showing = zone.instants(showing: moment)
            #expect(showing.contains(instant), "\(instant.text(in: zone))")
            #expect(showing.allSatisfy { zone.civil(at: $0) == moment }, "\(instant.text(in: zone))")
            #expect(OffsetTime(instant.text(in: zone))?.instant == instant)
        }
    }

    @Test("a later time of the calendar never begins earlier", arguments: zones)
    func monotone(identifier: String) throws {
        let zone = try TimeZoneRules(identifier: identifier)
        for instant in instants(of: zone, count: 40) {
            let date = zone.civil(at: instant).date
            let starts = try (-1...1).flatMap { day in
                try stride(from: 0, through: 1440, by: 5).map { minute in
                    let time = try #require(MinuteOfDay(rawValue: minute))
                    return zone.firstInstant(ofDate: date.advanced(byDays: day), time: time)
                }
            }
            #expect(zip(starts, starts.dropFirst()).allSatisfy { $0 <= $1 }, "\(date)")
        }
    }

    @Test(
        "a name that is no zone of the tz database is refused by that name",
        arguments: [
            "", "UTC+1", "GMT+3", "EST", "Mars/Olympus_Mons", "America/", "/", "America/New York", "America/New_York ",
            "america/new_york", "../America/New_York", "Amerika/Nieuw_York",
        ])
    func unknownZone(identifier: String) {
        #expect(throws: UnknownTimeZone(identifier: identifier)) { try TimeZoneRules(identifier: identifier) }
    }

    @Test(
        "older names and fixed offsets of the tz database are zones",
        arguments: [("US/Eastern", -14_400), ("Asia/Calcutta", 19_800), ("Etc/GMT+5", -18_000), ("UTC", 0)])
    func otherNames(identifier: String, offset: Int) throws {
        let summer = try #require(OffsetTime("2026-07-01T00:00Z")?.instant)
        #expect(try TimeZoneRules(identifier: identifier).offsetSeconds(at: summer) == offset)
    }

    /// With the seconds that a bundle writes.
    private func full(_ text: String) -> String {
        "\(text.prefix(16)):00\(text.dropFirst(16))"
    }
}

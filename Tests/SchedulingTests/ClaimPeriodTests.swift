import Coverage
import Scheduling
import Testing

@Suite("The time to ask for a shift")
struct ClaimPeriodTests {
    private static let first = Instant(secondsSince1970: 1_792_000_000)

    private func end(_ hoursToStart: Int, period hours: Int) -> Int {
        let start = Self.first.advanced(byMinutes: 60 * hoursToStart)
        return Int(ClaimPeriod.end(from: Self.first, shiftAt: start, hours: hours).seconds(since: Self.first)) / 3600
    }

    @Test("lasts as long as the consortium says where the shift is far away")
    func far() {
        #expect(end(200, period: 24) == 24)
        #expect(end(48, period: 24) == 24)
    }

    @Test("ends its own length before the shift where that is sooner, and at once where it is over")
    func near() {
        #expect(end(30, period: 24) == 6)
        #expect(end(24, period: 24) == 0)
        #expect(end(3, period: 24) == 0)
    }

    @Test("of no length is over at once")
    func none() {
        #expect(end(200, period: 0) == 0)
    }
}

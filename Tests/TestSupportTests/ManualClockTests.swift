import TestSupport
import Testing

@Suite("A clock that a test moves")
struct ManualClockTests {
    @Test("it wakes those whose time has come and nobody else")
    func wakes() async throws {
        let clock = ManualClock()
        let early = Task { try await clock.sleep(for: .seconds(10)) }
        let late = Task { try await clock.sleep(for: .seconds(20)) }
        await clock.waitForSleepers(2)
        clock.advance(by: .seconds(10))
        try await early.value
        // The other one sleeps still, or this would wait for ever.
        await clock.waitForSleepers(1)
        clock.advance(by: .seconds(10))
        try await late.value
        #expect(clock.now.offset == .seconds(20))
    }

    @Test("a deadline that has passed is not waited for")
    func passed() async throws {
        let clock = ManualClock()
        clock.advance(by: .seconds(5))
        try await clock.sleep(until: ManualClock.Instant(offset: .seconds(5)), tolerance: nil)
        #expect(clock.now.offset == .seconds(5))
    }

    @Test("a cancelled sleeper wakes with an error")
    func cancelled() async throws {
        let clock = ManualClock()
        let sleeper = Task { try await clock.sleep(for: .seconds(10)) }
        await clock.waitForSleepers()
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }
}

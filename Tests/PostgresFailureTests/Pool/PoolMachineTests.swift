import TestSupport
import Testing

import PostgresClient

@Suite("What a pool decides")
struct PoolMachineTests {
    private let start = ContinuousClock.now
    private var machine = PoolMachine(
        .init(
            maximumConnections: 2, waitingDeadline: .seconds(30), maximumIdleTime: .seconds(300),
            maximumAge: .seconds(3600)))

    private func after(_ seconds: Int) -> PoolMachine.Moment { start + .seconds(seconds) }

    @Test("the first request opens a connection and is lent it")
    mutating func opens() {
        #expect(machine.request(1, at: start) == [.open(1), .wake(at: after(30))])
        #expect(machine.opened(1, at: start) == [.lend(1, to: 1)])
        #expect(machine.count == .init(lent: 1))
    }

    @Test("no more connections are opened than are allowed")
    mutating func limited() {
        let actions = (1...5).flatMap { machine.request($0, at: start) }
        #expect(actions.filter { if case .open = $0 { true } else { false } } == [.open(1), .open(2)])
        #expect(machine.count == .init(opening: 2, waiting: 5))
    }

    @Test("a connection given back goes to whoever has waited longest")
    mutating func inOrder() {
        lendBoth()
        _ = machine.request(3, at: start)
        _ = machine.request(4, at: start)
        #expect(machine.giveBack(2, isFit: true, at: start) == [.lend(2, to: 3)])
        #expect(machine.giveBack(1, isFit: true, at: start) == [.lend(1, to: 4)])
    }

    @Test("nobody overtakes those who wait")
    mutating func noOvertaking() {
        lendBoth()
        _ = machine.request(3, at: start)
        #expect(machine.lendIdle(at: start) == nil)
    }

    @Test("the connection used last is lent first, so that those not needed grow old")
    mutating func lastUsedFirst() {
        lendBoth()
        _ = machine.giveBack(1, isFit: true, at: start)
        _ = machine.giveBack(2, isFit: true, at: start)
        #expect(machine.lendIdle(at: start) == 2)
    }

    @Test("a connection that is unfit is closed, and another is opened for whoever waits")
    mutating func replacesUnfit() {
        lendBoth()
        _ = machine.request(3, at: start)
        #expect(machine.giveBack(1, isFit: false, at: start) == [.close(1), .open(3)])
    }

    @Test("a connection that broke while it was lent is not lent again")
    mutating func lostWhileLent() {
        lendBoth()
        #expect(machine.lost(1, at: start) == [])
        #expect(machine.giveBack(1, isFit: true, at: start) == [.close(1)])
        #expect(machine.count == .init(lent: 1))
    }

    @Test("an idle connection that broke is forgotten")
    mutating func lostWhileIdle() {
        lendBoth()
        _ = machine.giveBack(1, isFit: true, at: start)
        #expect(machine.lost(1, at: start) == [.close(1)])
        #expect(machine.lendIdle(at: start) == nil)
    }

    @Test("who waited beyond the deadline is told how many connections are in use")
    mutating func deadline() throws {
        lendBoth()
        _ = machine.request(3, at: start)
        _ = machine.request(4, at: after(1))
        let actions = machine.tick(at: after(30))
        guard case .refuse(3, let error) = try #require(actions.first) else {
            Issue.record("the first was not refused: \(actions)")
            return
        }
        #expect(error.code == .poolExhausted)
        #expect(error.message == "no connection became free within 30.0 seconds: 2 of 2 in use, 2 waiting")
        #expect(actions.dropFirst() == [.wake(at: after(31))])
    }

    @Test("who does not want a connection any more is not lent one")
    mutating func withdrawn() {
        lendBoth()
        _ = machine.request(3, at: start)
        _ = machine.request(4, at: start)
        let wasWaiting = machine.withdraw(3)
        let waitsAgain = machine.withdraw(3)
        #expect(wasWaiting && !waitsAgain)
        #expect(machine.giveBack(1, isFit: true, at: start) == [.lend(1, to: 4)])
    }

    @Test("a connection that cannot be opened is told to one, and tried again for the next")
    mutating func failsToOpen() {
        let error = PostgresError(code: .connectionFailed, message: "nobody answers")
        for waiter in 1...3 { _ = machine.request(waiter, at: start) }
        #expect(machine.failedToOpen(1, because: error, at: start) == [.refuse(1, error), .open(3)])
    }

    @Test("a connection that was idle for long is closed when the time comes")
    mutating func idleTime() {
        lendBoth()
        #expect(machine.giveBack(1, isFit: true, at: start) == [])
        _ = machine.tick(at: after(30))
        #expect(machine.tick(at: after(299)) == [.wake(at: after(300))])
        #expect(machine.tick(at: after(300)) == [.close(1)])
    }

    @Test("a connection that is too old is closed when it is given back, and not lent when it is idle")
    mutating func age() {
        lendBoth()
        #expect(machine.giveBack(1, isFit: true, at: after(3601)) == [.close(1)])
        _ = machine.giveBack(2, isFit: true, at: after(3600))
        #expect(machine.lendIdle(at: after(3601)) == nil)
    }

    @Test("closing refuses who waits, closes what is idle and ends when the last is given back")
    mutating func closing() {
        lendBoth()
        _ = machine.request(3, at: start)
        _ = machine.withdraw(3)
        _ = machine.giveBack(1, isFit: true, at: start)
        #expect(machine.close() == [.close(1)])
        #expect(
            machine.request(4, at: start) == [
                .refuse(4, PostgresError(code: .poolClosed, message: "the pool was closed"))
            ])
        #expect(machine.giveBack(2, isFit: true, at: start) == [.close(2), .closed])
    }

    @Test("a connection that opens after the pool was closed is closed")
    mutating func opensTooLate() {
        _ = machine.request(1, at: start)
        _ = machine.close()
        #expect(machine.opened(1, at: start) == [.close(1), .closed])
    }

    @Test("whatever happens, each request gets one answer, in order, and the limit holds", arguments: 1...20)
    func anything(seed: Int) {
        var walk = PoolWalk(seed: UInt64(seed))
        for _ in 0..<2000 { walk.step() }
        walk.finish()
        #expect(walk.faults == [])
    }

    private mutating func lendBoth() {
        for id in 1...2 {
            _ = machine.request(id, at: start)
            _ = machine.opened(id, at: start)
        }
    }
}

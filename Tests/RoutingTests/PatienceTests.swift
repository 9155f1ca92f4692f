import Coverage
import Routing
import Testing

@Suite("How readily patrons give up")
struct PatienceTests {
    /// What is told to a patron behind ten others, after so many have given up or been sent elsewhere.
    private func toldBehindTen(after waits: Int, hasLeft: Bool) throws -> Int {
        var desk = SmallDesk()
        try desk.arrive("pub-1", seats: 1)
        try desk.perform(.accept(try desk.ask("first").number, by: "pub-1"))
        for index in 0..<waits {
            let number = try desk.ask("waits \(index)").number
            desk.wait(seconds: 60)
            try desk.perform(.renewPresence("pub-1", leaseSeconds: 600))
            try desk.perform(.end(number, outcome: hasLeft ? .abandoned : .referred, by: nil))
        }
        for index in 0..<10 { try desk.ask("ahead \(index)") }
        guard case .wait(let likely, _) = try desk.ask("last").expectation else { throw SmallDesk.NoDecision() }
        return likely
    }

    @Test("shortens what is told to those who wait behind them")
    func shortens() throws {
        let patient = try toldBehindTen(after: 60, hasLeft: false)
        let impatient = try toldBehindTen(after: 60, hasLeft: true)
        #expect(try toldBehindTen(after: 0, hasLeft: false) == patient)
        #expect(impatient < patient / 2, "\(patient) s where nobody leaves, \(impatient) s where all do")
    }

    @Test("is hardly told by the first who leaves")
    func first() throws {
        let patient = try toldBehindTen(after: 1, hasLeft: false)
        #expect(try toldBehindTen(after: 1, hasLeft: true) > patient / 2)
    }

    @Test("is the number of those who gave up over the time that all have waited")
    func rate() {
        var patience = Patience()
        for index in 0..<1000 { patience.learn(index.isMultiple(of: 5) ? 100 : 50, hasLeft: index.isMultiple(of: 5)) }
        // One in five, after a minute on average.
        #expect((58_000...62_000).contains(patience.meanWaitMilliseconds))
        #expect((195_000...210_000).contains(patience.leftPerMillion))
        #expect(patience.count == Patience.window)
        #expect((270...320).contains(patience.meanSeconds ?? 0))
        #expect(Patience().meanSeconds == nil)
    }

    @Test("is not hidden by a wait that somebody forgot to end", arguments: [-1, 30 * 86_400, Int.max])
    func robust(seconds: Int) {
        var patience = Patience()
        for index in 0..<200 { patience.learn(60, hasLeft: index.isMultiple(of: 2)) }
        let before = patience.meanWaitMilliseconds
        patience.learn(seconds, hasLeft: false)
        #expect((before - 1000...before + 3000).contains(patience.meanWaitMilliseconds))
    }

    @Test("is learned from patrons who come and are served or leave, not from those who had an operator or spam")
    func learned() throws {
        var desk = SmallDesk()
        try desk.arrive("pub-1", seats: 2)
        let served = try desk.ask("served").number
        desk.wait(seconds: 10)
        try desk.perform(.accept(served, by: "pub-1"))
        try desk.perform(.requeue(served, by: "pub-1", toFront: true))
        try desk.perform(.end(served, outcome: .abandoned, by: nil))
        let left = try desk.ask("left").number
        desk.wait(seconds: 20)
        try desk.perform(.end(left, outcome: .patronLeft, by: nil))
        try desk.perform(.end(try desk.ask("spam").number, outcome: .spam, by: nil))
        #expect(desk.desk.paces["ask"]?.patience.count == 2)
        #expect(desk.desk.paces["ask"]?.patience.meanWaitMilliseconds == 15_000)
        #expect(desk.desk.paces["ask"]?.patience.leftPerMillion == 500_000)
    }

    @Test("is forgotten again where what was decided could not be stored")
    func undone() throws {
        var desk = SmallDesk()
        let number = try desk.ask("one").number
        var live = desk.desk
        _ = try live.perform(.end(number, outcome: .abandoned, by: nil))
        #expect(live.paces["ask"]?.patience.count == 1)
        let lost = live.takeChanges()
        #expect(lost.pacesAfter == live.paces)
        live.undo(lost)
        #expect(live.paces.isEmpty)
    }
}

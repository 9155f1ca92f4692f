import Coverage
import Routing
import RoutingTestSupport
import Testing

@Suite("The wait that patrons are told")
struct WaitTests {
    /// A desk for the busy hours: what shares its operators, and how.
    struct Desk: Sendable, CustomTestStringConvertible {
        let what: String
        let lines: [BusyHours.Line]
        let crews: [BusyHours.Crew]

        var testDescription: String { what }
    }

    static let desks = [
        Desk(what: "one queue", lines: [.init("ask")], crews: [.init(10, ["ask"])]),
        Desk(
            what: "two queues with the same operators", lines: [.init("ask"), .init("academic")],
            crews: [.init(10, ["ask", "academic"])]),
        Desk(
            what: "two queues with the same operators, one of which goes first",
            lines: [.init("ask"), .init("academic", priority: 5)], crews: [.init(10, ["ask", "academic"])]),
        Desk(
            what: "specialists who help out",
            lines: [
                .init("ask", load: 3), .init("academic", priority: 2, handleSeconds: 900),
                .init("spanish", priority: 3, load: 0.7),
            ],
            crews: [
                .init(6, ["ask"]), .init(3, ["ask", "academic"]), .init(2, ["ask", "spanish"]),
                .init(2, ["ask", "academic", "spanish"]),
            ]),
        Desk(
            what: "chats before email",
            lines: [
                .init("ask", priority: 3, load: 2), .init("academic", priority: 2),
                .init("mail", channel: .email, handleSeconds: 1500),
            ], crews: [.init(6, ["ask", "mail"]), .init(5, ["ask", "academic", "mail"])]),
        Desk(
            what: "neighbours who share a part each",
            lines: [.init("ask"), .init("academic"), .init("spanish")],
            crews: [.init(4, ["ask", "academic"]), .init(4, ["academic", "spanish"]), .init(4, ["ask"])]),
    ]

    @Test("is true, also where queues share operators", arguments: desks, [true, false])
    func calibrated(desk: Desk, isExponential: Bool) throws {
        var waits: [BusyHours.Wait] = []
        for seed in 1...6 as ClosedRange<UInt64> {
            var hours = BusyHours(seed: seed, lines: desk.lines, crews: desk.crews, isExponential: isExponential)
            waits += try hours.run()
        }
        let calibration = Calibration(waits)
        print("\(desk.what), \(isExponential ? "exponential" : "log-normal"): \(calibration)")
        #expect(calibration.count > 1000)
        // True is 0.5 and 0.9. With seats counted for each queue that their operators answer it was 0.09 and 0.26.
        #expect((0.36...0.66).contains(calibration.likelyShare), "\(calibration)")
        #expect((0.8...0.99).contains(calibration.withinShare), "\(calibration)")
    }

    static let impatientDesks = [
        Desk(what: "one queue", lines: [.init("ask", patienceSeconds: 300)], crews: [.init(10, ["ask"])]),
        Desk(
            what: "two queues, of which one has patrons who give up sooner",
            lines: [.init("ask", patienceSeconds: 240), .init("academic", patienceSeconds: 900)],
            crews: [.init(10, ["ask", "academic"])]),
        Desk(
            what: "two queues with the same operators, one of which goes first",
            lines: [.init("ask", patienceSeconds: 400), .init("academic", priority: 5, patienceSeconds: 400)],
            crews: [.init(10, ["ask", "academic"])]),
        Desk(
            what: "neighbours who share a part each",
            lines: [
                .init("ask", patienceSeconds: 300), .init("academic", patienceSeconds: 600),
                .init("spanish", patienceSeconds: 450),
            ],
            crews: [.init(4, ["ask", "academic"]), .init(4, ["academic", "spanish"]), .init(4, ["ask"])]),
    ]

    @Test("is true where patrons give up, too", arguments: impatientDesks, [true, false])
    func impatient(desk: Desk, isExponential: Bool) throws {
        var waits: [BusyHours.Wait] = []
        for seed in 1...24 as ClosedRange<UInt64> {
            var hours = BusyHours(
                seed: seed, lines: desk.lines, crews: desk.crews, isExponential: isExponential, peak: 1.6)
            waits += try hours.run()
        }
        let calibration = Calibration(waits)
        print("impatient, \(desk.what), \(isExponential ? "exponential" : "log-normal"): \(calibration)")
        #expect(calibration.count > 500)
        #expect((0.36...0.66).contains(calibration.likelyShare), "\(calibration)")
        #expect((0.8...0.99).contains(calibration.withinShare), "\(calibration)")
    }

    @Test("comes to be true where sessions take longer than was set")
    func learns() throws {
        let lines = [
            BusyHours.Line("ask", handleSeconds: 900, configuredSeconds: 450),
            BusyHours.Line("academic", handleSeconds: 1100, configuredSeconds: 500),
        ]
        var late: [BusyHours.Wait] = []
        for seed in 1...6 as ClosedRange<UInt64> {
            var hours = BusyHours(seed: seed, lines: lines, crews: [.init(10, ["ask", "academic"])], hours: 12)
            late += try hours.run().suffix(400)
        }
        let calibration = Calibration(late)
        print("sessions take twice what was set: \(calibration)")
        #expect((0.3...0.7).contains(calibration.likelyShare), "\(calibration)")
        #expect((0.75...1).contains(calibration.withinShare), "\(calibration)")
    }

    @Test("counts whoever waits in another queue of the same operators")
    func counts() throws {
        var desk = SmallDesk()
        try desk.arrive("acad-1", seats: 1)
        let first = try desk.ask("first").number
        try desk.perform(.accept(first, by: "acad-1"))
        guard case .wait(let alone, _) = try desk.ask("alone").expectation else {
            Issue.record("no wait was told")
            return
        }
        // The academic queue goes first.
        for key in ["one", "two", "three"] { try desk.ask(key, queue: "academic") }
        let number = try desk.ask("behind").number
        guard case .wait(let behind, _) = try desk.decide(.note(number, text: "how long?", by: nil)).expectation else {
            Issue.record("no wait was told")
            return
        }
        #expect(behind > 3 * alone)
    }

    @Test("does not count on operators beyond their shifts")
    func shiftsEnd() throws {
        let long = try toldWait(shiftsOfSecond: [(0, 7)])
        let short = try toldWait(shiftsOfSecond: [(0, 1)])
        #expect(short > long * 5 / 4, "\(long) s with both, \(short) s with one who goes soon")
    }

    @Test("counts shifts on the same queue that follow each other as one")
    func shiftsGoOn() throws {
        #expect(try toldWait(shiftsOfSecond: [(0, 1), (1, 7)]) == toldWait(shiftsOfSecond: [(0, 7)]))
    }

    @Test("is the next shift where everybody goes before it is the patron's turn")
    func everybodyGoes() throws {
        var consortium = SmallConsortium()
        consortium.shifts = [
            .atTen("pub-1", after: -60, minutes: 62), .atTen("pub-2", after: 60, minutes: 60),
        ]
        var desk = SmallDesk(consortium)
        try desk.arrive("pub-1", seats: 1, willing: false)
        try desk.perform(.accept(try desk.ask("first").number, by: "pub-1"))
        #expect(try desk.ask("second").expectation == .from(Instant.mondayAtTen.advanced(byMinutes: 60)))
    }

    /// What is told to the third patron of two operators with a seat each, of whom the first stays for seven hours.
    private func toldWait(shiftsOfSecond: [(from: Int, to: Int)]) throws -> Int {
        var consortium = SmallConsortium()
        consortium.shifts =
            [.atTen("pub-1", minutes: 420)]
            + shiftsOfSecond.map { .atTen("pub-2", after: $0.from * 60, minutes: ($0.to - $0.from) * 60) }
        var desk = SmallDesk(consortium)
        for id in ["pub-1", "pub-2"] { try desk.arrive(id, seats: 1, willing: false) }
        for key in ["first", "second"] {
            let number = try desk.ask(key).number
            let person = try #require(try desk.asked(for: number).first)
            try desk.perform(.accept(number, by: Operator.ID(person)))
        }
        // Twenty who wait take longer than an hour of two.
        for key in 0..<20 { try desk.ask("waits \(key)") }
        guard case .wait(let likely, _) = try desk.ask("last").expectation else { throw SmallDesk.NoDecision() }
        return likely
    }

    @Test("is not told where those who are there take nobody any more")
    func busyOperators() throws {
        var desk = SmallDesk()
        try desk.arrive("pub-1", .busy)
        #expect(try desk.ask("one").expectation == .unknown)
    }
}

@Suite("What sessions of a queue take")
struct HandlePaceTests {
    @Test("is what was set until there is something to learn from, and follows what happens")
    func follows() {
        var pace = HandlePace()
        #expect(pace.seconds(configured: 600) == 600)
        for _ in 0..<10 { pace.learn(1200, configured: 600) }
        #expect(pace.seconds(configured: 600) == 916)
        for _ in 0..<400 { pace.learn(1200, configured: 600) }
        #expect((1185...1200).contains(pace.seconds(configured: 600)))
        for _ in 0..<400 { pace.learn(300, configured: 600) }
        #expect((310...325).contains(pace.seconds(configured: 600)))
    }

    @Test("is not moved far by a session that somebody forgot", arguments: [0, 30 * 86_400, Int.max])
    func robust(seconds: Int) {
        var pace = HandlePace()
        for _ in 0..<50 { pace.learn(600, configured: 600) }
        pace.learn(seconds, configured: 600)
        #expect((550...650).contains(pace.seconds(configured: 600)))
    }

    @Test("is learned from the sessions that end with an operator, the same from the same events")
    func replayed() throws {
        var desk = SmallDesk()
        try desk.arrive("pub-1", seats: 2)
        for (index, outcome) in [Outcome.answered, .referred, .spam, .answered].enumerated() {
            let number = try desk.ask("patron \(index)").number
            try desk.perform(.accept(number, by: "pub-1"))
            desk.wait(seconds: 100 * (index + 1))
            try desk.perform(.end(number, outcome: outcome, by: nil))
            try desk.perform(.renewPresence("pub-1", leaseSeconds: 600))
        }
        try desk.perform(.end(try desk.ask("gone").number, outcome: .abandoned, by: nil))
        var again = HandlePace()
        var since: [Session.Number: Instant] = [:]
        for event in desk.events {
            guard let number = event.session else { continue }
            if case .accepted = event.kind { since[number] = event.at }
            if case .ended(let outcome) = event.kind, outcome != .spam, let start = since[number] {
                again.learn(Int(event.at.seconds(since: start)), configured: 600)
            }
        }
        #expect(again.count == 3)
        #expect(desk.desk.paces["ask"]?.handling == again)
        #expect(desk.desk.handleSeconds(of: "ask") < 600)
    }

    @Test("is forgotten again where what was decided could not be stored")
    func undone() throws {
        var desk = SmallDesk()
        try desk.arrive("pub-1")
        let number = try desk.ask("one").number
        try desk.perform(.accept(number, by: "pub-1"))
        desk.wait(seconds: 90)
        var live = desk.desk
        _ = try live.perform(.end(number, outcome: .answered, by: nil))
        #expect(live.paces["ask"]?.handling.count == 1)
        let lost = live.takeChanges()
        #expect(lost.pacesAfter == live.paces)
        live.undo(lost)
        #expect(live.paces["ask"]?.handling.count == 0)
    }
}

import Coverage
import Routing
import Testing

/// Logs with one fault each: the check must tell each of them, and nothing of a log in order.
@Suite("The check of an event log")
struct EventLogCheckTests {
    @Test("finds nothing in a log in order")
    func inOrder() {
        var check = EventLogCheck()
        for event in Self.log(Self.whole) { check.take(event) }
        check.finish()
        check.compare(
            with: .init(live: [2: Operator.ID?.none], offers: [2: ["ann"]], present: ["ann", "ben"], faults: []))
        check.compare(with: Self.told)
        #expect(check.faults.isEmpty)
        #expect(check.stories.count == 2)
    }

    @Test("tells each invariant that is broken, and where", arguments: faultyLogs)
    func faulty(log: FaultyLog) {
        var check = EventLogCheck()
        for event in log.events { check.take(event) }
        check.finish()
        #expect(check.faults.first?.rule == log.rule, "\(check.faults)")
        #expect(check.faults.first?.event == log.event, "\(check.faults)")
    }

    @Test("tells what was acknowledged and is not in the log, and what was done too often", arguments: faultyAnswers)
    func acknowledged(answer: FaultyAnswer) {
        var check = EventLogCheck()
        for event in Self.log(answer.steps) { check.take(event) }
        check.compare(with: answer.told)
        #expect(check.faults.map(\.rule) == [answer.rule], "\(check.faults)")
        #expect(check.faults.first?.line == answer.line, "\(check.faults)")
    }

    @Test("tells where the tables say something else")
    func tables() {
        var check = EventLogCheck()
        for event in Self.log(Self.whole) { check.take(event) }
        check.compare(with: .init(live: [2: "ben", 1: "ann"], offers: [:], present: ["ann"], faults: ["a seat"]))
        #expect(
            check.faults.map(\.rule) == [.faultInTables, .tablesDiffer, .tablesDiffer, .tablesDiffer, .tablesDiffer])
        #expect(check.faults.map(\.text).contains("session 2: in line by the log, with ben by the tables"))
    }

    // MARK: Logs

    typealias Step = (kind: DeskEvent.Kind, session: Session.Number?, by: Operator.ID?, at: Int64)

    /// Two sessions: one that is offered to two, accepted, noted and ended; one that is offered.
    private static let whole: [Step] = [
        (here("ann"), nil, "ann", 0), (here("ben"), nil, "ben", 0),
        (created("a"), 1, nil, 1), (offered(["ann", "ben"], until: 30), 1, nil, 1),
        (.accepted(Seat(operator: "ann", number: 1), withdrawn: ["ben"]), 1, "ann", 2),
        (.noted("looked"), 1, "ann", 3), (.ended(.answered), 1, "ann", 4),
        (created("b"), 2, nil, 5), (offered(["ann"], until: 35), 2, nil, 5),
    ]

    private static func log(_ steps: [Step]) -> [DeskEvent] {
        steps.enumerated().map { index, step in
            DeskEvent(
                number: Int64(index + 1), at: Instant(secondsSince1970: step.at), session: step.session,
                operator: step.by, queue: "ask", kind: step.kind)
        }
    }

    private static func here(_ id: Operator.ID, seats: Int = 1) -> DeskEvent.Kind {
        .present(Presence(operator: id, seats: seats, leaseUntil: Instant(secondsSince1970: 1000)))
    }

    private static func created(_ key: String) -> DeskEvent.Kind {
        .created(Session.Origin(chatServer: "prosody", externalID: key))
    }

    private static func offered(_ ids: [Operator.ID], until: Int64, seat: Int = 1) -> DeskEvent.Kind {
        .offered(
            ids.map { id in
                Offer(
                    seat: Seat(operator: id, number: seat), library: "pub01", rung: .ownLibrary,
                    madeAt: Instant(secondsSince1970: 0), acceptBy: Instant(secondsSince1970: until))
            }, Explanation())
    }

    struct FaultyLog: Sendable, CustomTestStringConvertible {
        let rule: LogFault.Rule
        let event: Int64?
        let events: [DeskEvent]

        var testDescription: String { "\(rule.rawValue) at \(event.map(String.init) ?? "the end")" }
    }

    /// The log in order up to a number of steps, and then others.
    private static func faulty(
        _ rule: LogFault.Rule, at event: Int64?, after count: Int, _ steps: [Step]
    ) -> FaultyLog {
        FaultyLog(rule: rule, event: event, events: log(whole.prefix(count) + steps))
    }

    private static let faultyLogs: [FaultyLog] = [
        FaultyLog(rule: .eventGap, event: 4, events: log(whole).filter { $0.number != 3 }),
        FaultyLog(rule: .eventGap, event: 3, events: log(whole).flatMap { $0.number == 3 ? [$0, $0] : [$0] }),
        faulty(.timeWentBack, at: 8, after: 7, [(created("b"), 2, nil, 3), (.waiting(ahead: 0, .init()), 2, nil, 3)]),
        faulty(.sessionGap, at: 8, after: 7, [(created("b"), 3, nil, 5), (.waiting(ahead: 0, .init()), 3, nil, 5)]),
        faulty(.keyTwice, at: 8, after: 7, [(created("a"), 2, nil, 5), (.waiting(ahead: 0, .init()), 2, nil, 5)]),
        faulty(.noLiveSession, at: 8, after: 7, [(.noted("late"), 1, "ann", 5)]),
        faulty(.noLiveSession, at: 8, after: 7, [(.ended(.answered), 1, "ann", 5)]),
        faulty(.noLiveSession, at: 8, after: 7, [(.noted("whose"), 9, "ann", 5)]),
        faulty(
            .twoOperators, at: 6, after: 5,
            [(.accepted(Seat(operator: "ben", number: 1), withdrawn: []), 1, "ben", 2)]),
        faulty(.twoOperators, at: 6, after: 5, [(offered(["ben"], until: 30), 1, nil, 2)]),
        faulty(.notTheHolder, at: 6, after: 5, [(.requeued(.asked, toFront: true), 1, "ben", 2)]),
        faulty(.notTheHolder, at: 5, after: 4, [(.wrappingUp(until: Instant(secondsSince1970: 9)), 1, "ann", 2)]),
        faulty(
            .moreThanSeats, at: 11, after: 9,
            [(created("c"), 3, nil, 6), (offered(["ann"], until: 36), 3, nil, 6)]),
        faulty(
            .moreThanSeats, at: 11, after: 9,
            [(created("c"), 3, nil, 6), (offered(["ann"], until: 36, seat: 2), 3, nil, 6)]),
        faulty(.notPresent, at: 4, after: 3, [(offered(["eve"], until: 30), 1, nil, 1)]),
        faulty(.notPresent, at: 6, after: 5, [(.left(graceUntil: nil), nil, "ann", 2)]),
        faulty(.notPresent, at: 6, after: 5, [(.gone, nil, "ann", 2)]),
        faulty(.offerEndsTwice, at: 6, after: 4, [(.declined, 1, "ann", 2), (.offerExpired, 1, "ann", 40)]),
        faulty(.offerEndsTwice, at: 6, after: 5, [(.offerWithdrawn(.sessionEnded), 1, "ben", 2)]),
        faulty(
            .offerEndsTwice, at: 5, after: 4,
            [(.accepted(Seat(operator: "ann", number: 2), withdrawn: ["ben"]), 1, "ann", 2)]),
        faulty(
            .offerLeftOpen, at: 5, after: 4,
            [(.accepted(Seat(operator: "ann", number: 1), withdrawn: []), 1, "ann", 2)]),
        faulty(.offerLeftOpen, at: 5, after: 4, [(.ended(.abandoned), 1, nil, 2)]),
        faulty(.offerTime, at: 5, after: 4, [(.offerExpired, 1, "ann", 29)]),
        faulty(
            .offerTime, at: 5, after: 4,
            [(.accepted(Seat(operator: "ann", number: 1), withdrawn: ["ben"]), 1, "ann", 30)]),
        faulty(.stuck, at: nil, after: 3, []),
        faulty(.stuck, at: nil, after: 4, [(here("eve"), nil, "eve", 31)]),
    ]

    // MARK: Answers

    struct FaultyAnswer: Sendable, CustomTestStringConvertible {
        let rule: LogFault.Rule
        let line: Int
        let told: [Acknowledgement]
        var steps = whole

        var testDescription: String { "\(rule.rawValue) in line \(line)" }
    }

    private static func answer(
        _ asked: Acknowledgement.Asked, session: Int64?, status: Int? = 200,
        _ change: (inout Acknowledgement) -> Void = { _ in }
    ) -> Acknowledgement {
        var told = Acknowledgement(asked)
        told.chatServer = "prosody"
        told.session = session
        told.status = status
        change(&told)
        return told
    }

    private static func looked(_ key: String?) -> Acknowledgement {
        answer(.note, session: 1) {
            $0.text = "looked"
            $0.key = key
        }
    }

    /// All that the log in order comes from, some of it sent twice or refused.
    private static let told: [Acknowledgement] = [
        answer(.create, session: 1, status: 201) { $0.id = "a" }, answer(.create, session: 1) { $0.id = "a" },
        answer(.create, session: nil, status: nil) { $0.id = "lost" },
        answer(.accept, session: 1) { $0.operator = "ann" },
        answer(.accept, session: 1, status: 409) {
            $0.operator = "ben"
            $0.problem = "already-taken"
        },
        looked("n-1"), looked("n-1"), answer(.end, session: 1) { $0.outcome = "answered" },
    ]

    private static let faultyAnswers: [FaultyAnswer] = [
        FaultyAnswer(
            rule: .acknowledgedLost, line: 9, told: told + [answer(.create, session: 3, status: 201) { $0.id = "c" }]),
        FaultyAnswer(
            rule: .acknowledgedLost, line: 9, told: told + [answer(.create, session: 2, status: 201) { $0.id = "a" }]),
        FaultyAnswer(
            rule: .acknowledgedLost, line: 9, told: told + [answer(.accept, session: 2) { $0.operator = "ann" }]),
        FaultyAnswer(
            rule: .acknowledgedLost, line: 9, told: told + [answer(.decline, session: 2) { $0.operator = "ann" }]),
        FaultyAnswer(
            rule: .acknowledgedLost, line: 9, told: told + [answer(.end, session: 2) { $0.outcome = "answered" }]),
        FaultyAnswer(
            rule: .acknowledgedLost, line: 9, told: told + [answer(.end, session: 1) { $0.outcome = "spam" }]),
        FaultyAnswer(rule: .acknowledgedLost, line: 9, told: told + [answer(.requeue, session: 2)]),
        FaultyAnswer(
            rule: .acknowledgedLost, line: 9,
            told: told + [
                answer(.transfer, session: 2) {
                    $0.to = "queue"
                    $0.target = "mail"
                }
            ]),
        FaultyAnswer(rule: .acknowledgedLost, line: 6, told: told + [looked("n-2")]),
        FaultyAnswer(
            rule: .effectTwice, line: 6, told: told,
            steps: whole.flatMap { if case .noted = $0.kind { [$0, $0] } else { [$0] } }),
        FaultyAnswer(
            rule: .falseRefusal, line: 9,
            told: told + [answer(.note, session: 2, status: 409) { $0.problem = "already-ended" }]),
    ]
}

extension Session.Number: ExpressibleByIntegerLiteral {
    /// Numbers in tests are written as they are.
    init(integerLiteral value: Int64) {
        self.init(rawValue: value)
    }
}

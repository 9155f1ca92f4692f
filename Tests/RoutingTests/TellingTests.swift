import Coverage
import Routing
import RoutingTestSupport
import Testing

@Suite("What a patron is told")
struct TellingTests {
    @Test("nobody there: no bare no, but email with its due time, phones, and the next shift")
    func nobodyThere() throws {
        var consortium = SmallConsortium()
        consortium.shifts = [.atTen("pub-1", after: 30)]
        consortium.phones = ["spec": consortium.calendar(closedDates: []), "pub": consortium.calendar(closedDates: [])]
        var desk = SmallDesk(consortium)
        let decision = try desk.ask("one", library: "spec")
        #expect(decision.standing == .fallback(.email, ahead: 0))
        #expect(decision.expectation == .from(Instant.mondayAtTen.advanced(byMinutes: 30)))
        // Four hours of opening from a minute past ten.
        #expect(decision.alternatives.email?.dueBy == Instant.mondayAtTen.advanced(byMinutes: 241))
        #expect(decision.alternatives.phones.map(\.library) == ["spec", "pub"])
        #expect(decision.alternatives.phones.first?.openUntil == Instant.mondayAtTen.advanced(byMinutes: 420))
    }

    @Test("a closed queue says when it opens, past the weekend and a holiday, and serves the session then")
    func closed() throws {
        var consortium = SmallConsortium()
        // Tuesday is a holiday.
        consortium.closedDates = [try #require(CivilDate("2026-11-03"))]
        var desk = SmallDesk(consortium)
        desk.wait(seconds: 7 * 3600 + 60)
        try desk.arrive("pub-1")
        let decision = try desk.ask("one")
        let wednesdayAtNine = Instant.mondayAtTen.advanced(byMinutes: 47 * 60)
        #expect(decision.standing == .fallback(nil, ahead: 0))
        #expect(decision.expectation == .closed(opensAt: wednesdayAtNine))
        #expect(decision.alternatives.opensAt == wednesdayAtNine)
        #expect(decision.alternatives.email?.dueBy == wednesdayAtNine.advanced(byMinutes: 240))
        desk.wait(seconds: 46 * 3600)
        try desk.arrive("pub-1")
        #expect(try desk.asked(for: decision.number) == ["pub-1"])
    }

    @Test("a question by email is told when an answer is due")
    func email() throws {
        var desk = SmallDesk()
        let decision = try desk.ask("one", queue: "mail", channel: .email)
        #expect(decision.expectation == .answerBy(Instant.mondayAtTen.advanced(byMinutes: 240)))
    }

    @Test("a wait is estimated from the seats and the line")
    func waiting() throws {
        var desk = SmallDesk()
        try desk.arrive("pub-1", seats: 2)
        for key in ["one", "two"] {
            let number = try desk.ask(key).number
            try desk.perform(.accept(number, by: "pub-1"))
        }
        // Two seats, ten minutes each: one comes free every five minutes on average, half of the time within 208 s.
        guard case .wait(let likely, let within) = try desk.ask("three").expectation else {
            Issue.record("no wait was told")
            return
        }
        #expect((208...225).contains(likely))
        // Nine of ten times within 691 s, and half a minute to accept.
        #expect((700...725).contains(within))
        guard case .wait(let later, _) = try desk.ask("four").expectation else { return }
        #expect((500...520).contains(later))
    }

    @Test("an explanation names the rungs tried, and who was passed over and why")
    func explanation() throws {
        var consortium = SmallConsortium()
        consortium.shifts = [.atTen("pub-1"), .atTen("pub-2"), .atTen("spec-1")]
        var desk = SmallDesk(consortium)
        try desk.arrive("pub-1", .away)
        try desk.arrive("spec-1")
        let explanation = try #require(try desk.ask("one", library: "pub").explanation)
        let own = try #require(explanation.rungs.first)
        #expect(own.rung == .ownLibrary)
        #expect(
            own.passedOver == [
                PassedOver(operator: "pub-1", reason: .away), PassedOver(operator: "pub-2", reason: .notPresent),
            ])
        #expect(explanation.rungs[1].state == .openEarly)
        #expect(explanation.rungs[1].chosen == ["spec-1"])
    }

    @Test("a transfer by another channel keeps the story")
    func transfer() throws {
        var desk = SmallDesk()
        try desk.arrive("pub-1")
        let session = try desk.ask("one").number
        try desk.perform(.accept(session, by: "pub-1"))
        try desk.perform(.note(session, text: "looked in the catalogue", by: "pub-1"))
        let moved = try desk.decide(.transfer(session, to: .toQueue("mail"), by: "pub-1"))
        #expect(moved.channel == .email)
        #expect(moved.expectation == .answerBy(Instant.mondayAtTen.advanced(byMinutes: 240)))
        #expect(desk.story(of: session) == ["created", "offered", "accepted", "noted", "transferred", "waiting"])
    }

    @Test("a transfer to an operator asks that one alone, and anybody when it is declined")
    func transferToOperator() throws {
        var desk = SmallDesk()
        for id in ["pub-1", "pub-2", "spec-1"] { try desk.arrive(id) }
        let session = try desk.ask("one").number
        try desk.perform(.accept(session, by: "pub-1"))
        #expect(try desk.decide(.transfer(session, to: .toOperator("spec-1"), by: "pub-1")).asked == ["spec-1"])
        #expect(try desk.decide(.decline(session, by: "spec-1")).asked == ["pub-2"])
    }
}

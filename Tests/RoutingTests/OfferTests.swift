import Coverage
import Routing
import RoutingTestSupport
import Testing

@Suite("An offer")
struct OfferTests {
    private var ringsTwo: SmallDesk {
        var consortium = SmallConsortium()
        consortium.ask.ringsAtOnce = 2
        return SmallDesk(consortium)
    }

    @Test("rings several at once: the first to accept has the session, the others are told")
    func ring() throws {
        var desk = ringsTwo
        for id in ["pub-1", "pub-2", "spec-1"] { try desk.arrive(id) }
        let session = try desk.ask("one")
        #expect(session.asked == ["pub-1", "pub-2"])
        #expect(
            try desk.decide(.accept(session.number, by: "pub-2")).standing == .held(Seat(operator: "pub-2", number: 1)))
        #expect(desk.events.last?.kind == .accepted(Seat(operator: "pub-2", number: 1), withdrawn: ["pub-1"]))
        #expect(throws: DeskRefusal.alreadyTaken(session.number)) {
            try desk.perform(.accept(session.number, by: "pub-1"))
        }
    }

    @Test("accepted again by the same operator changes nothing")
    func acceptTwice() throws {
        var desk = SmallDesk()
        try desk.arrive("pub-1")
        let session = try desk.ask("one").number
        try desk.perform(.accept(session, by: "pub-1"))
        #expect(try desk.decide(.accept(session, by: "pub-1")).isRepeat)
        #expect(desk.story(of: session) == ["created", "offered", "accepted"])
    }

    @Test("declined goes to the next, and the decliner is left in peace for a while")
    func decline() throws {
        var desk = SmallDesk()
        try desk.arrive("pub-1")
        try desk.arrive("pub-2")
        let session = try desk.ask("one").number
        #expect(try desk.decide(.decline(session, by: "pub-1")).asked == ["pub-2"])
        try desk.perform(.decline(session, by: "pub-2"))
        #expect(try desk.asked(for: session).isEmpty)
        desk.wait(seconds: 60)
        #expect(try desk.asked(for: session).count == 1)
    }

    @Test("expires once, and cannot be accepted afterwards")
    func expires() throws {
        var desk = SmallDesk()
        try desk.arrive("pub-1")
        let session = try desk.ask("one").number
        desk.wait(seconds: 29)
        #expect(try desk.asked(for: session) == ["pub-1"])
        desk.wait(seconds: 1)
        #expect(throws: DeskRefusal.notOffered(session, "pub-1")) { try desk.perform(.accept(session, by: "pub-1")) }
        desk.wait(seconds: 20)
        #expect(desk.story(of: session).filter { $0 == "offer_expired" }.count == 1)
    }

    @Test("is withdrawn when the patron leaves, and the operator gets the next session at once")
    func patronLeaves() throws {
        var desk = SmallDesk()
        try desk.arrive("pub-1", seats: 1)
        let first = try desk.ask("one").number
        let second = try desk.ask("two").number
        try desk.perform(.end(first, outcome: .abandoned, by: nil))
        #expect(desk.story(of: first) == ["created", "offered", "offer_withdrawn", "ended"])
        #expect(try desk.asked(for: second) == ["pub-1"])
    }

    @Test("waiting sessions are served in the order in which they came, those sent back first")
    func order() throws {
        var desk = SmallDesk()
        try desk.arrive("pub-1", seats: 1)
        let first = try desk.ask("one").number
        try desk.perform(.accept(first, by: "pub-1"))
        let second = try desk.ask("two").number
        let third = try desk.ask("three").number
        #expect(try desk.standing(of: third) == .waiting(ahead: 1))
        try desk.perform(.requeue(first, by: "pub-1", toFront: true))
        #expect(try desk.asked(for: second) == ["pub-1"])
        #expect(try desk.standing(of: first) == .fallback(.email, ahead: 0))
        try desk.arrive("pub-2")
        #expect(try desk.asked(for: first) == ["pub-2"])
        #expect(try desk.asked(for: third) == ["pub-2"])
    }
}

import Coverage
import Routing
import RoutingTestSupport
import Testing

@Suite("Presence")
struct PresenceTests {
    @Test("that lapses frees what was only offered")
    func lapseFreesOffers() throws {
        var consortium = SmallConsortium()
        consortium.ask.acceptSeconds = 900
        var desk = SmallDesk(consortium)
        try desk.arrive("pub-1")
        let session = try desk.ask("one").number
        desk.wait(seconds: 300)
        try desk.arrive("pub-2", seats: 1)
        desk.wait(seconds: 300)
        #expect(try desk.asked(for: session) == ["pub-2"])
        #expect(desk.desk.present["pub-1"] == nil)
    }

    @Test("that comes back within the grace period keeps its sessions")
    func reconnect() throws {
        var desk = SmallDesk()
        try desk.arrive("pub-1")
        let session = try desk.ask("one").number
        try desk.perform(.accept(session, by: "pub-1"))
        desk.wait(seconds: 600)
        #expect(desk.desk.present["pub-1"]?.graceUntil != nil)
        desk.wait(seconds: 59)
        try desk.perform(.renewPresence("pub-1", leaseSeconds: 90))
        desk.wait(seconds: 60)
        #expect(try desk.standing(of: session) == .held(Seat(operator: "pub-1", number: 1)))
    }

    @Test("that does not come back gives its sessions to the front of the line")
    func gone() throws {
        var desk = SmallDesk()
        try desk.arrive("pub-1", seats: 1)
        let held = try desk.ask("one").number
        try desk.perform(.accept(held, by: "pub-1"))
        let waiting = try desk.ask("two").number
        guard case .left(let sessions) = try desk.perform(.leave("pub-1")) else { return }
        #expect(sessions == [held])
        desk.wait(seconds: 60)
        #expect(desk.desk.present.isEmpty)
        try desk.arrive("pub-2", seats: 1)
        #expect(try desk.asked(for: held) == ["pub-2"])
        #expect(try desk.asked(for: waiting).isEmpty)
    }

    @Test("with fewer seats than sessions keeps what it holds and is offered nothing more")
    func fewerSeats() throws {
        var desk = SmallDesk()
        try desk.arrive("pub-1", seats: 2)
        for key in ["one", "two"] {
            let number = try desk.ask(key).number
            try desk.perform(.accept(number, by: "pub-1"))
        }
        try desk.arrive("pub-1", seats: 1)
        #expect(try desk.ask("three").asked.isEmpty)
        try desk.perform(.end(.init(rawValue: 2), outcome: .answered, by: "pub-1"))
        #expect(try desk.asked(for: .init(rawValue: 3)).isEmpty)
        try desk.perform(.end(.init(rawValue: 1), outcome: .answered, by: "pub-1"))
        #expect(try desk.asked(for: .init(rawValue: 3)) == ["pub-1"])
    }

    @Test("of somebody whom nobody knows is refused, and so is a queue without the skill")
    func refused() {
        var desk = SmallDesk()
        #expect(throws: DeskRefusal.unknownOperator("nobody")) { try desk.arrive("nobody") }
        #expect(throws: DeskRefusal.lacksSkill("pub-1", "academic")) {
            try desk.perform(.setPresence(NewPresence(operator: "pub-1", queues: ["academic"])))
        }
        #expect(throws: DeskRefusal.notPresent("pub-1")) {
            try desk.perform(.renewPresence("pub-1", leaseSeconds: 60))
        }
    }

    @Test("missing on shift is a live gap from two minutes after its beginning until the operator comes")
    func liveGap() throws {
        var consortium = SmallConsortium()
        consortium.shifts = [.atTen("pub-1", after: 10, minutes: 60)]
        var desk = SmallDesk(consortium)
        desk.wait(seconds: 600 + 119)
        #expect(desk.desk.gaps.isEmpty)
        desk.wait(seconds: 1)
        #expect(desk.desk.gaps.map(\.operator) == ["pub-1"])
        try desk.arrive("pub-1")
        #expect(desk.desk.gaps.isEmpty)
        #expect(desk.events.map(\.kind.name) == ["gap_opened", "present", "gap_closed"])
    }

    @Test("a silent operator is told of once, and again after a mark of life")
    func checkBack() throws {
        var desk = SmallDesk()
        try desk.arrive("pub-1")
        let session = try desk.ask("one").number
        try desk.perform(.accept(session, by: "pub-1"))
        desk.wait(seconds: 299)
        try desk.perform(.activity(session, by: "pub-1"))
        desk.wait(seconds: 299)
        #expect(!desk.story(of: session).contains("silent"))
        desk.wait(seconds: 1)
        #expect(desk.story(of: session).filter { $0 == "silent" }.count == 1)
    }
}

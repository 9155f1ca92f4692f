import Coverage
import Routing
import RoutingTestSupport
import Testing

@Suite("The ladder")
struct LadderTests {
    private func desk(_ shifts: [Shift], _ change: (inout SmallConsortium) -> Void = { _ in }) -> SmallDesk {
        var consortium = SmallConsortium()
        consortium.shifts = shifts
        change(&consortium)
        return SmallDesk(consortium)
    }

    @Test("asks the patron's own library first")
    func ownLibrary() throws {
        var desk = desk([.atTen("pub-1"), .atTen("spec-1")])
        try desk.arrive("spec-1")
        try desk.arrive("pub-1")
        #expect(try desk.ask("one", library: "pub").asked == ["pub-1"])
        #expect(try desk.ask("two", library: "spec").asked == ["spec-1"])
    }

    @Test("waits for the own library's busy operator, and then asks the others")
    func otherLibraries() throws {
        var desk = desk([.atTen("pub-1"), .atTen("spec-1")])
        try desk.arrive("pub-1", seats: 1)
        try desk.arrive("spec-1")
        try desk.ask("one", library: "pub")
        let second = try desk.ask("two", library: "pub")
        #expect(second.standing == .waiting(ahead: 1))
        desk.wait(seconds: 14)
        #expect(try desk.asked(for: second.number).isEmpty)
        desk.wait(seconds: 1)
        #expect(try desk.asked(for: second.number) == ["spec-1"])
    }

    @Test("skips a rung at once on which nobody stands")
    func skipsEmptyRungs() throws {
        var desk = desk([.atTen("spec-1")])
        try desk.arrive("spec-1")
        #expect(try desk.ask("one", library: "pub").asked == ["spec-1"])
    }

    @Test("asks willing colleagues off shift last, and unwilling ones never")
    func overflow() throws {
        var desk = desk([.atTen("pub-1")])
        try desk.arrive("acad-1", willing: false)
        try desk.arrive("spec-2")
        try desk.arrive("pub-1", seats: 1)
        let first = try desk.ask("one", library: "pub").number
        try desk.perform(.accept(first, by: "pub-1"))
        let second = try desk.ask("two", library: "pub").number
        desk.wait(seconds: 29)
        #expect(try desk.asked(for: second).isEmpty)
        desk.wait(seconds: 1)
        #expect(try desk.asked(for: second) == ["spec-2"])
    }

    @Test("is climbed in the order that the consortium has set")
    func reordered() throws {
        let ladder = try Ladder([
            .init(.overflow, opensAfterSeconds: 0), .init(.otherLibraries, opensAfterSeconds: 5),
            .init(.ownLibrary, opensAfterSeconds: 10),
        ])
        var desk = desk([.atTen("pub-1"), .atTen("spec-1")]) { $0.ask.ladder = ladder }
        try desk.arrive("pub-1", seats: 1)
        try desk.arrive("spec-1", seats: 1)
        try desk.arrive("acad-1", seats: 1)
        #expect(try desk.ask("one", library: "pub").asked == ["acad-1"])
        let second = try desk.ask("two", library: "pub").number
        let third = try desk.ask("three", library: "pub").number
        desk.wait(seconds: 5)
        #expect(try desk.asked(for: second) == ["spec-1"])
        desk.wait(seconds: 5)
        #expect(try desk.asked(for: third) == ["pub-1"])
    }

    @Test("ends with a partner and with email, and the session keeps its place")
    func fallbacks() throws {
        var desk = desk([.atTen("pub-1")]) { $0.ask.partner = .init(name: "Night desk", contact: "tel:1") }
        try desk.arrive("pub-1", seats: 1)
        try desk.ask("one", library: "pub")
        let second = try desk.ask("two", library: "pub").number
        desk.wait(seconds: 29)
        try desk.perform(.accept(Session.Number(rawValue: 1), by: "pub-1"))
        desk.wait(seconds: 61)
        #expect(try desk.standing(of: second) == .fallback(.partner, ahead: 0))
        desk.wait(seconds: 90)
        let opened = desk.events.compactMap { event -> Rung? in
            guard case .fallback(let rung) = event.kind, event.session == second else { return nil }
            return rung
        }
        #expect(opened == [.partner, .email])
        try desk.perform(.end(Session.Number(rawValue: 1), outcome: .answered, by: "pub-1"))
        #expect(try desk.asked(for: second) == ["pub-1"])
    }

    @Test("cannot name a rung twice, nor open one before the rung in front of it")
    func faults() {
        #expect(throws: LadderFault.namedTwice(.email)) {
            try Ladder([.init(.email, opensAfterSeconds: 0), .init(.email, opensAfterSeconds: 1)])
        }
        #expect(throws: LadderFault.opensTooEarly(.overflow)) {
            try Ladder([.init(.ownLibrary, opensAfterSeconds: 9), .init(.overflow, opensAfterSeconds: 8)])
        }
    }
}

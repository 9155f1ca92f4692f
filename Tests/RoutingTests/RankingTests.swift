import Coverage
import Routing
import RoutingTestSupport
import Testing

@Suite("Inside a rung")
struct RankingTests {
    @Test("the least loaded for their seats is asked first, then the longest idle")
    func load() throws {
        var desk = SmallDesk()
        try desk.arrive("pub-1", seats: 1)
        try desk.arrive("pub-2", seats: 3)
        try desk.arrive("spec-1", seats: 2)
        // All are free: by when they came.
        #expect(try desk.ask("one").asked == ["pub-1"])
        #expect(try desk.ask("two").asked == ["pub-2"])
        #expect(try desk.ask("three").asked == ["spec-1"])
        // A third of the seats is less than a half.
        #expect(try desk.ask("four").asked == ["pub-2"])
        #expect(try desk.ask("five").asked == ["spec-1"])
    }

    @Test("whoever has just ended a session is asked last")
    func idle() throws {
        var desk = SmallDesk()
        try desk.arrive("pub-1")
        try desk.arrive("pub-2")
        let first = try desk.ask("one").number
        try desk.perform(.accept(first, by: "pub-1"))
        try desk.perform(.end(first, outcome: .answered, by: "pub-1"))
        #expect(try desk.ask("two").asked == ["pub-2"])
    }

    @Test(
        "of several languages the one that the patron likes best goes first", arguments: ["es,fr", " es , fr", "fr,es"])
    func severalLanguages(languages: String) throws {
        var desk = SmallDesk()
        try desk.arrive("pub-1", languages: ["fr"])
        try desk.arrive("acad-1", seats: 1, languages: ["es"])
        try desk.arrive("spec-1")
        let first = languages == "fr,es" ? "pub-1" : "acad-1"
        #expect(try desk.ask("one", language: languages).asked == [first])
        if first == "acad-1" { #expect(try desk.ask("two", language: languages).asked == ["pub-1"]) }
    }

    @Test("the patron's language goes before load, the patron's library off shift after it")
    func preferences() throws {
        var desk = SmallDesk()
        try desk.arrive("spec-1")
        try desk.arrive("acad-1", languages: ["es"])
        try desk.arrive("pub-1")
        #expect(try desk.ask("one", library: "pub", language: "es").asked == ["acad-1"])
        #expect(try desk.ask("two", library: "pub", language: "es").asked == ["acad-1"])
        #expect(try desk.ask("three", library: "pub", language: "es").asked == ["pub-1"])
        #expect(try desk.ask("four", library: "pub").asked == ["pub-1"])
        #expect(try desk.ask("five", library: "pub").asked == ["spec-1"])
    }

    @Test("nobody is asked who lacks the skill, not even if there is nobody else")
    func skill() throws {
        var desk = SmallDesk()
        try desk.arrive("pub-1")
        #expect(try desk.ask("one", queue: "academic").asked.isEmpty)
        #expect(throws: DeskRefusal.lacksSkill("pub-1", "academic")) {
            try desk.perform(.transfer(.init(rawValue: 1), to: .toOperator("pub-1"), by: nil))
        }
    }

    @Test("nobody is asked who is away, busy, or has no seat left", arguments: [Presence.Availability.away, .busy])
    func notAvailable(availability: Presence.Availability) throws {
        var desk = SmallDesk()
        try desk.arrive("pub-1", availability)
        let first = try desk.ask("one").number
        #expect(try desk.asked(for: first).isEmpty)
        try desk.arrive("pub-1", seats: 1)
        #expect(try desk.asked(for: first) == ["pub-1"])
        #expect(try desk.ask("two").asked.isEmpty)
    }
}

import Answering
import Coverage
import PostgresClient
import Routing
import Storage
import StorageTestSupport
import Testing
import TestSupport

@Suite("A desk")
struct DeskTests {
    @Test("offers a session to an operator who is there, and remembers everything")
    func wholeSession() async throws {
        try await withDesk { desk, _, pool in
            _ = try await desk.perform(.present("pub01-01"))
            let created = try #require(try await desk.perform(.create("patron 1")).decision)
            guard case .offered(let offers) = created.standing else {
                Issue.record("\(created.standing)")
                return
            }
            #expect(offers.map(\.seat.operator) == ["pub01-01"])
            let accepted = try await desk.perform(.accept(created.number, by: "pub01-01")).decision
            #expect(accepted?.standing == .held(Seat(operator: "pub01-01", number: 1)))
            _ = try await desk.perform(.note(created.number, text: "asked for hours", by: "pub01-01"))
            _ = try await desk.perform(.end(created.number, outcome: .answered, by: "pub01-01"))
            let names = try await desk.trail(of: created.number).map(\.kind.name)
            #expect(names == ["created", "offered", "accepted", "noted", "ended"])
            let later = try await desk.decision(on: created.number)
            guard case .ended(.answered, _) = later.standing else {
                Issue.record("\(later.standing)")
                return
            }
            #expect(try await pool.routingFaults().isEmpty)
        }
    }

    @Test("creates a session once, however often it is asked, also after its end")
    func createsOnce() async throws {
        try await withDesk { desk, _, pool in
            let answers = try await withThrowingTaskGroup(of: Decision?.self) { group in
                for _ in 0..<20 { group.addTask { try await desk.perform(.create("patron 1")).decision } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(answers.map { $0?.number.rawValue }) == [1])
            #expect(answers.filter { $0?.isRepeat == false }.count == 1)
            _ = try await desk.perform(.end(.init(rawValue: 1), outcome: .abandoned, by: nil))
            let again = try await desk.perform(.create("patron 1")).decision
            #expect(again?.number.rawValue == 1)
            #expect(again?.isRepeat == true)
            await #expect(throws: DeskRefusal.keyUsedBefore("patron 1")) {
                try await desk.perform(.create("patron 1", library: "acad01"))
            }
            #expect(try await pool.routingFaults().isEmpty)
        }
    }

    @Test("a note with a key is written once")
    func notesOnce() async throws {
        try await withDesk { desk, _, _ in
            let number = try #require(try await desk.perform(.create("patron 1")).decision?.number)
            let key = RequestKey(chatServer: "chat.example.org", text: "note 1")
            for _ in 0..<6 { _ = try await desk.perform(.note(number, text: "hello", by: nil), key: key) }
            let notes = try await desk.trail(of: number).filter { $0.kind == .noted("hello") }
            #expect(notes.count == 1)
            await #expect(throws: DeskRefusal.keyUsedBefore("note 1")) {
                try await desk.perform(.note(number, text: "something else", by: nil), key: key)
            }
        }
    }

    @Test("what one node has decided another one knows")
    func nodesAgree() async throws {
        try await withDesk { desk, clock, pool in
            try await withNode(pool, clock: { clock.now }) { other in
                _ = try await desk.perform(.present("pub01-01"))
                let created = try #require(try await other.perform(.create("patron 1")).decision)
                let accepted = try await desk.perform(.accept(created.number, by: "pub01-01")).decision
                #expect(accepted?.standing == .held(Seat(operator: "pub01-01", number: 1)))
                let seen = try await other.decision(on: created.number)
                #expect(seen.standing == accepted?.standing)
            }
        }
    }

    @Test("an offer expires though nobody asks, and the session goes to the next operator")
    func offerExpires() async throws {
        try await withDesk { desk, clock, _ in
            _ = try await desk.perform(.present("pub01-01", seats: 1))
            let number = try #require(try await desk.perform(.create("patron 1")).decision?.number)
            _ = try await desk.perform(.present("pub01-02"))
            clock.move(bySeconds: 31)
            try await eventually("the other operator is asked") {
                guard case .offered(let offers) = try await desk.decision(on: number).standing else { return false }
                return offers.map(\.seat.operator) == ["pub01-02"]
            }
            let names = try await desk.trail(of: number).map(\.kind.name)
            #expect(names.filter { $0 == "offer_expired" }.count == 1)
        }
    }

    @Test("what an operator held who is gone goes back to the front of the line")
    func lapse() async throws {
        try await withDesk { desk, clock, pool in
            _ = try await desk.perform(.present("pub01-01"))
            let number = try #require(try await desk.perform(.create("patron 1")).decision?.number)
            _ = try await desk.perform(.accept(number, by: "pub01-01"))
            clock.move(bySeconds: 91)
            try await eventually("the lease lapses") {
                try await desk.trail(of: number).isEmpty == false && desk.present["pub01-01"]?.graceUntil != nil
            }
            clock.move(bySeconds: 61)
            try await eventually("the session waits") {
                if case .held = try await desk.decision(on: number).standing { return false }
                return true
            }
            #expect(try await desk.trail(of: number).contains { $0.kind == .requeued(.operatorGone, toFront: true) })
            #expect(try await pool.routingFaults().isEmpty)
        }
    }

    @Test("an operator who is here, and one who has answered, may leave the consortium by an import")
    func leavers() async throws {
        try await withDesk { desk, _, pool in
            _ = try await desk.perform(.present("pub01-01"))
            let number = try #require(try await desk.perform(.create("patron 1")).decision?.number)
            _ = try await desk.perform(.accept(number, by: "pub01-01"))
            _ = try await desk.perform(.end(number, outcome: .answered, by: "pub01-01"))
            _ = try await desk.perform(.leave("pub01-01"))
            _ = try await desk.perform(.present("pub01-02"))
            var bundle = ConsortiumBundle.valid()
            bundle.operators.removeAll { $0.library == "pub01" }
            bundle.availability.removeAll { $0.operator.rawValue.hasPrefix("pub01") }
            bundle.absences = []
            let leavers = try await pool.importing(bundle)
            #expect(leavers.retired == 2)
            #expect(leavers.deleted == 0)
        }
    }

    @Test("tells whether anybody is there without asking the database")
    func standing() async throws {
        try await withDesk { desk, _, _ in
            _ = try await desk.perform(.present("pub01-01"))
            let standing = try #require(desk.standing(of: "ask"))
            #expect(standing.isOpen)
            #expect(standing.present == 1)
            #expect(standing.free == 1)
            #expect(desk.standing(of: "nothing") == nil)
        }
    }
}

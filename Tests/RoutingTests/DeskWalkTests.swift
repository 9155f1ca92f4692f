import Routing
import RoutingTestSupport
import Testing

@Suite("Random histories of a desk")
struct DeskWalkTests {
    /// Each walk is replayed by its seed: `DeskWalk(seed: …).run(steps: …)`.
    @Test("keep every promise, whatever is asked, lost or restarted", arguments: 0..<30)
    func keepsPromises(block: UInt64) throws {
        for seed in block * 100..<block * 100 + 100 {
            var walk = DeskWalk(seed: seed)
            try walk.run(steps: 80)
        }
    }

    @Test("are the same for the same seed")
    func isDeterministic() throws {
        var (first, second) = (DeskWalk(seed: 7), DeskWalk(seed: 7))
        try first.run(steps: 200)
        try second.run(steps: 200)
        #expect(first.desk.lastEvent == second.desk.lastEvent)
        #expect(first.desk.sessions == second.desk.sessions)
        #expect(first.desk.present == second.desk.present)
    }

    @Test("do everything that can be done at a desk")
    func coversEverything() throws {
        var done: Set<String> = []
        for seed in UInt64(0)..<40 {
            var walk = DeskWalk(seed: seed)
            try walk.run(steps: 150)
            done.formUnion(walk.tally.keys)
        }
        let wanted = [
            "accept", "decline", "requeue", "transfer", "end", "wrapUp", "leave", "lost",
            "lost with another behind it", "repeated create",
            "event offer_expired", "event offer_withdrawn", "event silent", "event fallback", "event gone",
            "event lapsed", "event gap_opened", "event gap_closed",
        ]
        #expect(Set(wanted).subtracting(done).isEmpty)
    }
}

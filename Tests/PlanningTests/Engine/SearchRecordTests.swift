import Coverage
import Planning
import Synchronization
import Testing

@Suite("A search that is written down")
struct SearchRecordTests {
    @Test("is made again from its record, wherever time ended it", arguments: [0, 1, 7, 40, 300, 2000])
    func replays(asked: Int) async throws {
        let problem = try RandomDesk.of(3).problem
        // Time that runs out after it was asked for so often: in the middle of a round, whatever the machine.
        let questions = Atomic<Int>(0)
        let engine = PlanningEngine(problem: problem, settings: .init(seed: 9, threads: 1))
        let first = await engine.run(
            .untilSpent { Double(questions.wrappingAdd(1, ordering: .relaxed).newValue) / Double(asked + 1) })
        let record = try #require(SearchRecord(first.record.description))
        #expect(record == first.record)
        for threads in 1...2 {
            let again = await PlanningEngine(problem: problem, settings: .init(seed: 9, threads: threads)).run(
                .replaying(record))
            #expect(again.shifts == first.shifts)
            #expect(again.cost == first.cost)
            #expect(again.steps == first.steps)
            #expect(again.record == first.record)
        }
    }

    @Test("by steps gives the plan of those steps")
    func replaysSteps() async throws {
        let problem = try RandomDesk.of(6).problem
        let engine = PlanningEngine(problem: problem, settings: .init(seed: 2))
        let first = await engine.run(.steps(130))
        let again = await engine.run(.replaying(first.record))
        #expect(again.shifts == first.shifts)
        #expect(again.record == first.record)
    }

    @Test("in several attempts is made again, and written down in few words")
    func replaysAttempts() async throws {
        let problem = try RandomDesk.of(5).problem
        let engine = PlanningEngine(problem: problem, settings: .init(seed: 4, threads: 2))
        let first = await engine.run(.steps(60_000))
        let text = first.record.description
        try #require(!first.stoppedAtGap)
        #expect(text.count { $0 == "@" } > 2)
        #expect(text.count < 1000)
        let again = await engine.run(.replaying(try #require(SearchRecord(text))))
        #expect(again.shifts == first.shifts)
        #expect(again.steps == first.steps)
        #expect(again.record == first.record)
    }

    @Test("by a cancelled task is made again up to where it was cancelled")
    func replaysCancelled() async throws {
        let problem = try RandomDesk.of(4).problem
        let engine = PlanningEngine(problem: problem, settings: .init(seed: 2, threads: 2))
        let search = Task { await engine.run(.steps(1_000_000_000)) }
        search.cancel()
        let first = await search.value
        #expect(first.wasCancelled)
        let again = await engine.run(.replaying(first.record))
        #expect(!again.wasCancelled)
        #expect(again.shifts == first.shifts)
    }

    @Test(
        "that is no record is not read",
        arguments: [
            "", "x", "1x", "1x0", "-1", "70000", "40000x2", "1:", "1:a", "1:2:3", "1xx2", "3,,x4", "@", "@0", "@-3",
            "@5x2", "+y", "+:",
            "@4:a",
        ])
    func refuses(text: String) {
        #expect(SearchRecord(text) == nil)
    }
}

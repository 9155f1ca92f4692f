import Planning
import Testing

@Suite("The search for a roster")
struct RosterEngineTests {
    @Test("breaks no limit, and costs what the roster costs when added up anew", arguments: RandomRoster.seeds)
    func keepsLimits(seed: Int) async throws {
        let problem = RandomRoster.of(seed)
        let engine = RosterEngine(problem: problem, settings: .init(seed: UInt64(seed), threads: 2, checksSums: true))
        guard let result = try? await engine.run(.steps(300)) else { return }
        let score = RosterScore(of: result.roster, in: problem)
        #expect(score.violations.isEmpty)
        #expect(score.total == result.cost)
    }

    @Test("gives one person the best of all legal rows, or says that there is none", arguments: 1...60)
    func isExact(seed: Int) async throws {
        let problem = RandomRoster.tiny(seed)
        let best = bestByTrying(problem)
        let engine = RosterEngine(problem: problem, settings: .init())
        guard let best else {
            await #expect(throws: RosterRefusal.self) { try await engine.run(.steps(200)) }
            return
        }
        let result = try await engine.run(.steps(200))
        #expect(result.cost == best)
    }

    @Test(
        "proves no higher cost than the best of all legal rows has, whether rows keep minutes or are charged for them",
        arguments: 1...60, [800, 0])
    func provesNoMore(seed: Int, mostOfWhole: Int) async throws {
        let problem = RandomRoster.tiny(seed)
        guard let best = bestByTrying(problem) else { return }
        var settings = RosterEngine.Settings()
        settings.mostOfWhole = mostOfWhole
        let bound = try await RosterEngine(problem: problem, settings: settings).run(.steps(3000)).lowerBound
        #expect(try #require(bound) <= best)
    }

    @Test("proves a cost that no roster met is below, also of several people", arguments: RandomRoster.seeds)
    func boundHolds(seed: Int) async throws {
        let problem = RandomRoster.of(seed)
        let engine = RosterEngine(problem: problem, settings: .init(seed: UInt64(seed), threads: 1, checksSums: true))
        guard let result = try? await engine.run(.steps(4000)) else { return }
        #expect(try #require(result.lowerBound) <= result.cost)
    }

    @Test("ends before its steps are used up once no roster can cost less")
    func endsWhenProven() async throws {
        let result = try await RosterEngine(problem: RandomRoster.easy, settings: .init()).run(.steps(200_000))
        #expect(result.lowerBound == result.cost)
        #expect(result.steps < 200_000)
    }

    @Test("gives the same roster for the same seed, threads and steps")
    func repeats() async throws {
        let problem = RandomRoster.easy
        let settings = RosterEngine.Settings(seed: 7, threads: 2)
        let first = try await RosterEngine(problem: problem, settings: settings).run(.steps(500))
        let second = try await RosterEngine(problem: problem, settings: settings).run(.steps(500))
        #expect(first.roster == second.roster)
        #expect(first.steps == second.steps)
    }

    @Test(
        "with no time at all still gives a roster that breaks no limit",
        arguments: [RandomRoster.easy, RandomRoster.long])
    func stopsAtOnce(problem: RosterProblem) async throws {
        for budget in [PlanningEngine.Budget.steps(0), .untilSpent { 1 }] {
            let result = try await RosterEngine(problem: problem, settings: .init()).run(budget)
            #expect(RosterScore(of: result.roster, in: problem).violations.isEmpty)
        }
    }

    @Test("fills half a year some weeks at a time, and makes parts of it anew without breaking a limit")
    func plansHalfAYear() async throws {
        var settings = RosterEngine.Settings(threads: 2, checksSums: true)
        settings.mostOfWhole = 0
        let problem = RandomRoster.long
        let result = try await RosterEngine(problem: problem, settings: settings).run(.steps(20_000))
        let score = RosterScore(of: result.roster, in: problem)
        #expect(score.violations.isEmpty)
        #expect(score.total == result.cost)
        #expect(try #require(result.lowerBound) <= result.cost)
    }

    @Test("ends when its task is cancelled, with the best roster so far")
    func isCancelled() async throws {
        let problem = RandomRoster.easy
        let search = Task {
            try await RosterEngine(problem: problem, settings: .init(threads: 2)).run(.untilSpent { 0 })
        }
        search.cancel()
        let result = try await search.value
        #expect(RosterScore(of: result.roster, in: problem).total == result.cost)
    }

    /// The least cost of all rows of the only person; nil where none is legal.
    private func bestByTrying(_ problem: RosterProblem) -> Int? {
        var row = [Int?](repeating: nil, count: problem.days)
        var best: Int?
        func go(_ day: Int) {
            guard day < problem.days else {
                let score = RosterScore(of: Roster(rows: [row]), in: problem)
                if score.violations.isEmpty { best = min(best ?? .max, score.total) }
                return
            }
            for choice in [nil] + problem.shifts.indices.map(Optional.some) {
                row[day] = choice
                go(day + 1)
            }
        }
        go(0)
        return best
    }
}

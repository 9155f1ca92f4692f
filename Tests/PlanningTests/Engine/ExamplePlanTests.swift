import Coverage
import ExampleConsortium
import Planning
import Testing

@Suite("Plans of the example consortia")
struct ExamplePlanTests {
    @Test("the small one's cheapest plan is found and proven, and the search ends then", arguments: 1...3)
    func provesTheBest(seed: UInt64) async throws {
        let problem = try Self.problem(try Self.bundle(.small))
        let most = 2_000_000
        let result = await PlanningEngine(problem: problem, settings: .init(seed: seed, threads: 2)).run(.steps(most))
        #expect(result.cost == result.lowerBound)
        #expect(result.steps < most)
        #expect(result.stoppedAtGap)
    }

    @Test("promises that are no multiple of an hour make no week wear away what the others gained")
    func promisesHalves() async throws {
        var bundle = try Self.bundle(.statewide)
        for library in bundle.libraries.indices {
            // Half an hour in four weeks.
            let hours = bundle.libraries[library].contributionHoursPerWeek
            bundle.libraries[library].contributionHoursPerWeek = Thousandths(rawValue: hours.rawValue + 125)
        }
        let problem = try Self.problem(bundle)
        let result = await PlanningEngine(problem: problem, settings: .init(seed: 1, threads: 2)).run(.steps(250_000))
        #expect(result.cost.doubleValue < 1.008 * result.lowerBound.doubleValue)
    }

    private static func problem(_ bundle: ConsortiumBundle) throws -> PlanningProblem {
        let zone = try TimeZoneRules(identifier: bundle.consortium.timeZone)
        return try PlanningProblem(bundle, period: bundle.consortium.period(in: zone))
    }

    private static func bundle(_ scale: ExampleScale) throws -> ConsortiumBundle {
        try ExampleBundle(scale: scale, startsOn: try #require(CivilDate("2026-10-26")), historyWeeks: 0).bundle
    }
}

import Coverage
import Planning
import PostgresClient
import Scheduling

/// A search for a plan as the command line runs it: for some seconds or steps, its progress shown.
struct PlanSearching: Sendable {
    let settings: Settings
    /// Nil searches for the settings' seconds.
    let steps: Int?
    let terminal: Terminal

    var engineSettings: PlanningEngine.Settings {
        PlanningEngine.Settings(seed: UInt64(settings.planSeed), threads: settings.planThreads)
    }

    /// Reads what is needed, searches, and keeps what was found as a draft.
    func makeDraft(
        _ selection: PeriodSelection, of consortium: Consortium.ID, in pool: PostgresPool, at now: Instant
    ) async throws -> PlanReport {
        let drafting = PlanDrafting(consortium: consortium)
        let inputs = try await drafting.inputs(selection, in: pool)
        let problem = try inputs.problem()
        let result = await run(problem)
        let number = try await drafting.save(
            result, inputs: inputs, settings: engineSettings, in: pool, actor: settings.actor, at: now)
        return PlanReport(
            plan: number, state: .draft, consortium: inputs.bundle.consortium, zone: inputs.zone, result: result,
            in: problem)
    }

    func run(_ problem: PlanningProblem) async -> PlanResult {
        let clock = ContinuousClock()
        let start = clock.now
        let allowed = Duration.seconds(settings.planSeconds)
        let budget: PlanningEngine.Budget =
            if let steps { .steps(steps) } else { .untilSpent { (clock.now - start) / allowed } }
        defer { terminal.endProgress() }
        return await PlanningEngine(problem: problem, settings: engineSettings).run(budget) { progress in
            let seconds = Int((clock.now - start) / .seconds(1))
            terminal.progress(
                "planning, \(seconds) s: cost \(HoursText.grouped(Int(progress.cost.doubleValue))) "
                    + "after \(HoursText.grouped(progress.steps)) steps")
        }
    }
}

import Coverage
import Planning
import PostgresClient
import Scheduling

/// A search for a plan as the command line runs it: for some seconds or steps, or only for what mends a known plan;
/// its progress shown.
struct PlanSearching: Sendable {
    /// What ended a search; the raw value is what JSON says.
    enum Ending: String, Sendable {
        case time, steps, replay, signal
        /// The plan was proven to be good enough.
        case gap
        /// A known plan was mended, and nothing more was found.
        case replanned
    }

    /// What a search found, and how.
    struct Outcome: Sendable {
        /// The pinned shifts are among its shifts.
        let result: PlanResult
        let making: PlanMaking
        let ending: Ending
        /// The signal that cut it short, if one did.
        let signal: Int32?
        /// Where a search was made again and took another way, what that means.
        var differenceFromReplayed: String?
        /// Where a known plan was mended, what changes.
        var changes: PlanChanges?
        /// How the search went over time, to be written once the plan is kept.
        var curve: CurveFile?
    }

    let settings: Settings
    /// Nil searches for the settings' seconds.
    var steps: Int?
    /// The search ends once its plan is proven to be at most so much dearer than the cheapest.
    var stopsAtGap: Double?
    /// Where the best cost and the bound are written as they change; nil for nowhere.
    var curve: CurveFile?
    /// A search to be made again.
    var replay: PlanMaking?
    let terminal: Terminal

    var engineSettings: PlanningEngine.Settings {
        PlanningEngine.Settings(
            seed: replay?.seed ?? UInt64(settings.planSeed), threads: replay?.threads ?? settings.planThreads,
            stopsAtGap: stopsAtGap)
    }

    /// Reads what is needed, searches, and keeps what was found as a draft.
    ///
    /// - Parameters:
    ///   - request: Which days, what stays, and whether the published plan is to be mended.
    ///   - consortium: Whose plan.
    ///   - pool: The database.
    ///   - now: The present.
    /// - Returns: The report of the draft.
    /// - Throws: ``SchedulingRefusal``, ``CommandFailure`` or what the database says.
    func makeDraft(
        _ request: PlanRequest, of consortium: Consortium.ID, in pool: PostgresPool, at now: Instant
    ) async throws -> PlanReport {
        let drafting = PlanDrafting(consortium: consortium)
        let (inputs, published) = try await drafting.inputs(request.selection, in: pool)
        let known = request.mendsPublished ? try KnownPlan(published, of: inputs) : nil
        let (outcome, problem) = try await run(inputs, pins: try request.pins(of: inputs.bundle), known: known)
        let number = try await drafting.save(
            outcome.result.shifts, making: outcome.making, inputs: inputs, in: pool, actor: settings.actor, at: now)
        return PlanReport(
            plan: number, state: .draft, consortium: inputs.bundle.consortium, zone: inputs.zone, outcome: outcome,
            in: problem)
    }

    /// Searches, or mends a known plan; Ctrl-C or SIGTERM ends it with the best plan so far.
    ///
    /// - Parameters:
    ///   - inputs: The data.
    ///   - pins: Shifts that stay.
    ///   - known: The plan to be mended; nil searches for one from nothing.
    /// - Returns: What was found, and the problem by which it is judged: pinned shifts are shifts like others there.
    /// - Throws: ``SchedulingRefusal``.
    func run(
        _ inputs: PlanningInputs, pins: [Shift], known: KnownPlan?
    ) async throws -> (outcome: Outcome, problem: PlanningProblem) {
        let problem = try inputs.problem()
        let pinned = pins.isEmpty ? problem : try inputs.problem(pinning: pins)
        if let known { return (try await mend(known, problem, pinned, pins), problem) }
        let clock = ContinuousClock()
        let start = clock.now
        let (budget, ending) = budget(from: start)
        let (engineSettings, terminal, curve) = (engineSettings, terminal, curve)
        defer { terminal.endProgress() }
        let (found, signal) = await Interruption.watched {
            await PlanningEngine(problem: pinned, settings: engineSettings).run(budget) { progress in
                curve?.note(progress, at: clock.now - start)
                let seconds = Int((clock.now - start) / .seconds(1))
                terminal.progress(
                    "planning, \(seconds) s: cost \(HoursText.grouped(Int(progress.cost.doubleValue)))"
                        + (ProvenGap(progress.cost, progress.lowerBound).map { ", \($0.text)" } ?? ""))
            }
        }
        let result = found.adding(pins, in: problem)
        let making = PlanMaking(result, engineSettings)
        return (
            Outcome(
                result: result, making: making,
                ending: result.wasCancelled ? .signal : result.stoppedAtGap ? .gap : ending, signal: signal,
                differenceFromReplayed: result.wasCancelled ? nil : replay.flatMap { difference(from: $0, making) },
                curve: curve),
            problem
        )
    }

    private func budget(from start: ContinuousClock.Instant) -> (PlanningEngine.Budget, Ending) {
        if let record = replay?.record { return (.replaying(record), .replay) }
        if let steps { return (.steps(steps), .steps) }
        let allowed = Duration.seconds(settings.planSeconds)
        return (.untilSpent { (ContinuousClock.now - start) / allowed }, .time)
    }

    private func difference(from old: PlanMaking, _ new: PlanMaking) -> String? {
        guard (old.cost, old.steps, old.rounds) != (new.cost, new.steps, new.rounds) else { return nil }
        return "this is not the plan of that search, which cost \(old.cost) after \(old.steps) steps where this one "
            + "costs \(new.cost) after \(new.steps): the data, the period or the program have changed since"
    }

    // MARK: Mending

    private func mend(
        _ known: KnownPlan, _ problem: PlanningProblem, _ pinned: PlanningProblem, _ pins: [Shift]
    ) async throws -> Outcome {
        let end = ContinuousClock.now + .seconds(settings.planSeconds)
        let price = Thousandths(settings.planChangePrice)
        let replanning = Replanning(
            problem: pinned, known: known.shifts, pins: pins, pricePerHour: price, settings: engineSettings)
        terminal.progress("replanning …")
        defer { terminal.endProgress() }
        let (found, signal) = await Interruption.watched {
            replanning.run { Task.isCancelled || ContinuousClock.now > end }
        }
        let result = PlanResult(shifts: found.shifts, cost: found.cost, steps: found.steps).adding(pins, in: problem)
        var making = PlanMaking(result, engineSettings)
        (making.replans, making.changePrice) = (known.plans, settings.planChangePrice)
        return Outcome(
            result: result, making: making, ending: signal == nil ? .replanned : .signal, signal: signal,
            changes: PlanChanges(known: known, difference: found.difference, price: price))
    }
}

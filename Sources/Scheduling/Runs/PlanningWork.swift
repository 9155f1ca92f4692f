import Coverage
import Planning
import PostgresClient
import Storage
import Synchronization

/// One search, from the moment that a node has taken it until what came of it is written.
struct PlanningWork: Sendable {
    private let run: PlanningRun
    private let worker: PlanningWorker
    private let record: Record

    /// What the tasks of a search tell each other.
    private final class Record: Sendable {
        let curve: Mutex<SearchCurve>
        /// What the database said when the lease was renewed last.
        let heard = Mutex(PlanningRunRepository.Renewal.goOn)

        init(seconds: Int) { curve = Mutex(SearchCurve(seconds: seconds)) }

        var json: String { curve.withLock { $0.json } }
    }

    /// What was found.
    private enum Found: Sendable {
        case plan([Shift], PlanMaking, PlanningInputs)
        case advice(AdviceRecord)
    }

    /// Why a search is over before its time.
    private enum Cut: Sendable {
        case stopAsked
        case serviceEnds
        /// It is nobody's any more.
        case leaseLost
    }

    /// The node has it no more: nothing is to be written.
    private struct LeaseLost: Error {}

    init(_ run: PlanningRun, worker: PlanningWorker) {
        self.run = run
        self.worker = worker
        record = Record(seconds: run.request.seconds)
    }

    private var repository: PlanningRunRepository { PlanningRunRepository(consortium: worker.consortium) }

    // MARK: From beginning to end

    func run() async {
        let (found, cut) = await search()
        if cut == .leaseLost { return }
        do {
            try await keep(try found.get(), cut)
        } catch is LeaseLost {
            return
        } catch {
            await fail(error, cut)
        }
    }

    /// Searches, and says until the end that it is at it: who is asked to stop needs a moment, too.
    private func search() async -> (found: Result<Found, any Error>, cut: Cut?) {
        await withTaskGroup(of: (found: Result<Found, any Error>, cut: Cut?)?.self) { group in
            group.addTask { await self.findUnlessCut() }
            group.addTask {
                await self.keepLease()
                return nil
            }
            var outcome: (found: Result<Found, any Error>, cut: Cut?) = (.failure(CancellationError()), nil)
            for await part in group {
                guard let part else { continue }
                outcome = part
                group.cancelAll()
            }
            return outcome
        }
    }

    private func findUnlessCut() async -> (found: Result<Found, any Error>, cut: Cut?) {
        enum Part: Sendable {
            case found(Result<Found, any Error>)
            case cut(Cut?)
        }
        return await withTaskGroup(of: Part.self) { group in
            group.addTask {
                do { return .found(.success(try await self.find())) } catch { return .found(.failure(error)) }
            }
            group.addTask { .cut(await self.cut()) }
            var (found, cut): (Result<Found, any Error>, Cut?) = (.failure(CancellationError()), nil)
            for await part in group {
                switch part {
                case .found(let result): found = result
                case .cut(let reason): cut = reason
                }
                group.cancelAll()
            }
            return (found, cut)
        }
    }

    /// Waits for a reason to end before the time; nil once the search is over.
    private func cut() async -> Cut? {
        while true {
            try? await Task.sleep(for: .milliseconds(100))
            if Task.isCancelled { return nil }
            if worker.isStopped { return .serviceEnds }
            switch record.heard.withLock({ $0 }) {
            case .stop: return .stopAsked
            case .lost: return .leaseLost
            case .goOn: continue
            }
        }
    }

    /// Renews the lease until the task is cancelled, or it is lost.
    private func keepLease() async {
        while record.heard.withLock({ $0 }) != .lost {
            try? await Task.sleep(for: PlanningWorker.interval)
            if Task.isCancelled { return }
            // While the database is out of reach the search goes on: it may come back before the lease has run out.
            let renewal = try? await worker.pool.withConnection { connection in
                try await repository.renew(
                    run.number, as: worker.node, leaseSeconds: worker.settings.leaseSeconds, curve: record.json,
                    in: connection)
            }
            if let renewal { record.heard.withLock { $0 = renewal } }
        }
    }

    // MARK: Searching

    private func find() async throws -> Found {
        let drafting = PlanDrafting(consortium: worker.consortium)
        let days = run.request.days
        switch run.request.purpose {
        case .search, .mend:
            let selection = PeriodSelection.days(from: days.lowerBound, to: days.upperBound)
            let (inputs, published) = try await drafting.inputs(selection, in: worker.pool)
            return try await SearchThreads.run(worker.settings.threads) {
                if run.request.purpose == .mend { return try mend(published, inputs) }
                return try await plan(inputs)
            }
        case .advise:
            let (_, shifts, inputs) = try await drafting.plan(run.request.plan, at: worker.now(), in: worker.pool)
            return try await SearchThreads.run(1) { .advice(try advice(on: shifts, inputs)) }
        }
    }

    private var engineSettings: PlanningEngine.Settings {
        PlanningEngine.Settings(seed: UInt64(max(0, run.request.seed)), threads: worker.settings.threads)
    }

    private func plan(_ inputs: PlanningInputs) async throws -> Found {
        let engine = PlanningEngine(problem: try inputs.problem(), settings: engineSettings)
        let spent = spending()
        let start = ContinuousClock.now
        let result = await engine.run(.untilSpent(spent)) { progress in
            record.curve.withLock { $0.note(progress, at: ContinuousClock.now - start) }
        }
        let bound = result.lowerBound > .zero ? result.lowerBound.doubleValue : nil
        record.curve.withLock {
            // What is proven at the end is proven without a step of the search.
            $0.note(
                SearchCurve.Point(
                    seconds: (ContinuousClock.now - start) / .seconds(1), cost: result.cost.doubleValue, bound: bound))
        }
        return .plan(result.shifts, PlanMaking(result, engineSettings), inputs)
    }

    private func mend(_ published: PlanDrafting.Published, _ inputs: PlanningInputs) throws -> Found {
        guard !published.plans.isEmpty else { throw SchedulingRefusal.nothingPublishedThen }
        let spent = spending()
        let price = worker.settings.pricePerHour
        let outcome = Replanning(
            problem: try inputs.problem(), known: published.shifts, pricePerHour: price, settings: engineSettings
        ).run { spent() >= 1 }
        let result = PlanResult(shifts: outcome.shifts, cost: outcome.cost, steps: outcome.steps)
        var making = PlanMaking(result, engineSettings)
        making.replans = published.plans
        making.changePrice = price.rawValue / 1000
        return .plan(result.shifts, making, inputs)
    }

    private func advice(on shifts: [Shift], _ inputs: PlanningInputs) throws -> AdviceRecord {
        let problem = try inputs.problem()
        let days = run.request.days
        let during = (days.lowerBound..<days.upperBound.advanced(byDays: 1)).instants(in: inputs.zone)
        let gaps = GapReport(of: shifts, in: problem).gaps.filter { $0.gap.during.overlaps(during) }
        let advice = GapAdvice(
            on: gaps, of: shifts, in: problem, aim: .suggestions,
            settings: SuggestionList.Settings(seed: UInt64(max(0, run.request.seed))), spent: spending())
        return AdviceRecord(advice, on: gaps, in: problem)
    }

    /// The share of the time that is spent, from now on; all of it once the task is cancelled.
    private func spending() -> @Sendable () -> Double {
        let (start, allowed) = (ContinuousClock.now, Duration.seconds(run.request.seconds))
        return { Task.isCancelled ? 1 : (ContinuousClock.now - start) / allowed }
    }

    // MARK: Writing what came of it

    private func keep(_ found: Found, _ cut: Cut?) async throws {
        let message =
            switch cut {
            case .serviceEnds: "The service was stopped meanwhile. What had been found until then was kept."
            case .stopAsked, .leaseLost, nil: ""
            }
        var ending = PlanningRunRepository.Ending(
            cut == nil ? .finished : .stopped, message: message, curve: record.json)
        if case .advice(let record) = found { ending.findings = try record.json() }
        let written = ending
        try await patiently { transaction in
            var ending = written
            if case .plan(let shifts, let making, let inputs) = found {
                ending.draft = try await PlanDrafting(consortium: worker.consortium).save(
                    shifts, making: making, inputs: inputs, in: transaction, actor: run.askedBy, at: worker.now())
            }
            try await end(ending, in: transaction)
        }
    }

    private func fail(_ error: any Error, _ cut: Cut?) async {
        let wasCut = cut != nil && error is CancellationError
        if !wasCut, !(error is SchedulingRefusal) { worker.failed(run.number, error) }
        let ending = PlanningRunRepository.Ending(
            wasCut ? .stopped : .failed,
            message: wasCut ? "It was stopped before anything was found." : Self.words(error), curve: record.json)
        // Where this is not written either, the lease runs out.
        try? await patiently { try await end(ending, in: $0) }
    }

    private func end(_ ending: PlanningRunRepository.Ending, in transaction: PostgresTransaction) async throws {
        guard try await repository.end(run.number, as: worker.node, ending, at: worker.now(), in: transaction) else {
            throw LeaseLost()
        }
    }

    /// Tries for a while where the database is out of reach: minutes of work hang on one transaction.
    private func patiently(_ body: (PostgresTransaction) async throws -> Void) async throws {
        for attempt in 0... {
            do {
                return try await worker.pool.withTransaction { try await body($0) }
            } catch let error as PostgresError where error.isConnectionLoss || error.code == .poolExhausted {
                guard attempt < 30, !worker.isStopped else { throw error }
                try await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// For whoever asked.
    private static func words(_ error: any Error) -> String {
        switch error {
        case SchedulingRefusal.nothingPublishedThen:
            "Nothing is published for these days any more, so there is no plan to mend. Start from nothing."
        case SchedulingRefusal.noPlan(let number): "Plan \(number) is gone: it was thrown away meanwhile."
        case let refusal as SchedulingRefusal: refusal.description
        case let error as PostgresError where error.isConnectionLoss:
            "The database could not be reached. Start it again."
        default: "Something went wrong here, and was written to the log. Start it again."
        }
    }
}

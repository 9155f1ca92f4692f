package import Coverage
import Planning
package import PostgresClient
import Storage
import Synchronization

/// A plan for the whole period, made while somebody waits at a page: one at a time.
package final class FirstPlan: Sendable {
    private let consortium: Consortium.ID
    private let pool: PostgresPool
    private let isMaking = Mutex(false)

    /// How long the search may take.
    package static let seconds = 10
    /// A plan that is proven to cost at most so much more than the cheapest is good enough to begin with.
    private static let gap = 0.01

    package init(consortium: Consortium.ID, pool: PostgresPool) {
        self.consortium = consortium
        self.pool = pool
    }

    /// Searches, and keeps what was found as a draft.
    ///
    /// - Parameters:
    ///   - actor: Who asks for it.
    ///   - now: When.
    /// - Returns: The draft's number; nil if one is being made.
    /// - Throws: ``SchedulingRefusal``; ``PostgresError``.
    package func make(by actor: String, at now: Instant) async throws -> Int? {
        guard begin() else { return nil }
        defer { isMaking.withLock { $0 = false } }
        let drafting = PlanDrafting(consortium: consortium)
        let (inputs, _) = try await drafting.inputs(.whole, in: pool)
        // One thread: those who decide on sessions have the others.
        let settings = PlanningEngine.Settings(seed: 1, threads: 1, stopsAtGap: Self.gap)
        let (start, allowed) = (ContinuousClock.now, Duration.seconds(Self.seconds))
        let result = await PlanningEngine(problem: try inputs.problem(), settings: settings)
            .run(.untilSpent { (ContinuousClock.now - start) / allowed })
        return try await drafting.save(
            result.shifts, making: PlanMaking(result, settings), inputs: inputs, in: pool, actor: actor, at: now)
    }

    private func begin() -> Bool {
        isMaking.withLock { isMaking in
            guard !isMaking else { return false }
            isMaking = true
            return true
        }
    }
}

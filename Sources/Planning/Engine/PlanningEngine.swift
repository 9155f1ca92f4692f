import Coverage

/// Finds plans: breaks no red rule, nor a yellow one without an override, and costs as little as it can find.
///
/// All that callers see of the search is here, so that a better one can take its place.
package struct PlanningEngine: Sendable {
    /// How to search.
    package struct Settings: Hashable, Sendable {
        /// What chance begins with: the same seed and steps give the same plan, whatever the threads.
        package var seed: UInt64
        /// How many weeks are searched at the same time, at most.
        package var threads: Int
        /// Whether all sums are computed anew after each step, and the program stopped where they differ; for tests.
        package var checksSums: Bool
        /// How much more than the cheapest a plan may be proven to cost at most, so that the search may stop.
        ///
        /// As a share of the cheapest: 0.01 for one percent. Nil goes on to the end of the budget.
        package var stopsAtGap: Double?

        package init(
            seed: UInt64 = 1, threads: Int = 1, checksSums: Bool = false, stopsAtGap: Double? = nil
        ) {
            self.seed = seed
            self.threads = threads
            self.checksSums = checksSums
            self.stopsAtGap = stopsAtGap
        }
    }

    /// When to stop.
    package enum Budget: Sendable {
        /// After so many steps.
        case steps(Int)
        /// When the share that is spent, from 0 to 1, is told to be 1; asked often, by several threads.
        case untilSpent(@Sendable () -> Double)
        /// As a search of the same data with the same seed went before: the same steps, and so the same plan.
        case replaying(SearchRecord)
    }

    private let problem: PlanningProblem
    private let settings: Settings

    package init(problem: PlanningProblem, settings: Settings) {
        self.problem = problem
        self.settings = settings
    }

    /// Searches; a cancelled task ends the search, with the best plan so far.
    ///
    /// - Parameters:
    ///   - budget: When to stop.
    ///   - progress: Told now and then how far it has come.
    /// - Returns: The best plan found.
    package func run(_ budget: Budget, progress: (PlanProgress) -> Void = { _ in }) async -> PlanResult {
        var search = PlanSearch(problem, settings, budget)
        return WindowFilling(problem, settings).fill(await search.run(progress))
    }
}

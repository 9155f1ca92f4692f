package import Coverage
package import Planning
package import PostgresClient
package import Storage

/// Making a draft for a period: read, search, write.
///
/// The search holds no connection.
package struct PlanDrafting: Sendable {
    private let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    /// Reads what is needed to plan, in one snapshot.
    package func inputs(_ selection: PeriodSelection, in pool: PostgresPool) async throws -> PlanningInputs {
        try await pool.withTransaction(isolation: .repeatableRead, access: .readOnly) { transaction in
            try await PlanningInputs.read(consortium, selection, in: transaction)
        }
    }

    /// Writes what a search found as a draft.
    ///
    /// - Parameters:
    ///   - result: What the search found.
    ///   - inputs: What it was given.
    ///   - settings: How it was asked to search; kept with the plan, so that it can be made again.
    ///   - pool: The database.
    ///   - actor: Who asked for it.
    ///   - now: When.
    /// - Returns: The draft's number.
    /// - Throws: ``PostgresError``.
    package func save(
        _ result: PlanResult, inputs: PlanningInputs, settings: PlanningEngine.Settings, in pool: PostgresPool,
        actor: String, at now: Instant
    ) async throws -> Int {
        let making = """
            {"seed": \(settings.seed), "threads": \(settings.threads), "steps": \(result.steps), \
            "cost": \(result.cost.doubleValue)}
            """
        return try await pool.withTransaction { transaction in
            try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
            return try await PlanRepository(consortium: consortium).insertDraft(
                result.shifts, period: inputs.period, author: actor, at: now, making: making, in: transaction)
        }
    }

    /// A plan with what is needed to judge it, read in one snapshot.
    ///
    /// - Parameters:
    ///   - number: The plan; nil is the latest draft, and where there is none what is published now or next.
    ///   - now: The present.
    ///   - pool: The database.
    /// - Returns: The plan, its shifts, and the inputs as they stand now.
    /// - Throws: ``SchedulingRefusal`` where there is no such plan.
    package func plan(
        _ number: Int?, at now: Instant, in pool: PostgresPool
    ) async throws -> (plan: PlanRepository.Plan, shifts: [Shift], inputs: PlanningInputs) {
        try await pool.withTransaction(isolation: .repeatableRead, access: .readOnly) { transaction in
            let plans = PlanRepository(consortium: consortium)
            let plan = try await chosen(number, plans, at: now, in: transaction)
            let shifts = try await plans.shifts(of: plan.number, in: transaction)
            let inputs = try await PlanningInputs.read(consortium, for: plan, in: transaction)
            return (plan, shifts, inputs)
        }
    }

    private func chosen(
        _ number: Int?, _ plans: PlanRepository, at now: Instant, in session: some PostgresSession
    ) async throws -> PlanRepository.Plan {
        if let number {
            guard let plan = try await plans.plan(number, in: session) else { throw SchedulingRefusal.noPlan(number) }
            return plan
        }
        if let draft = try await plans.latestDraft(in: session) { return draft }
        let published = try await plans.all(in: session).filter { $0.state == .published }
            .sorted { $0.period.lowerBound < $1.period.lowerBound }
        guard let current = published.first(where: { $0.period.upperBound > now }) ?? published.last else {
            throw SchedulingRefusal.nothingPublished
        }
        return current
    }
}

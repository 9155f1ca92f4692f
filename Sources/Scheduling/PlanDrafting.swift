package import Coverage
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

    /// What is published for a period.
    package struct Published: Sendable {
        /// Those that lie wholly inside; others are fixed.
        package let shifts: [Shift]
        /// The numbers of the plans that cover some of the period.
        package let plans: [Int]
    }

    /// Reads what is needed to plan, and what is published for the period, in one snapshot.
    package func inputs(
        _ selection: PeriodSelection, in pool: PostgresPool
    ) async throws -> (inputs: PlanningInputs, published: Published) {
        try await pool.withTransaction(isolation: .repeatableRead, access: .readOnly) { transaction in
            let inputs = try await PlanningInputs.read(consortium, selection, in: transaction)
            let plans = PlanRepository(consortium: consortium)
            let shifts = try await plans.publishedShifts(touching: inputs.period, in: transaction).filter { shift in
                inputs.period.lowerBound <= shift.during.lowerBound
                    && shift.during.upperBound <= inputs.period.upperBound
            }
            let numbers = try await plans.published(touching: inputs.period, in: transaction).map(\.number)
            return (inputs, Published(shifts: shifts, plans: numbers))
        }
    }

    /// Writes what a search found as a draft.
    ///
    /// - Parameters:
    ///   - shifts: What the search found.
    ///   - making: How it was found; kept with the plan, so that it can be made again.
    ///   - inputs: What the search was given.
    ///   - pool: The database.
    ///   - actor: Who asked for it.
    ///   - now: When.
    /// - Returns: The draft's number.
    /// - Throws: ``PostgresError``.
    package func save(
        _ shifts: [Shift], making: PlanMaking, inputs: PlanningInputs, in pool: PostgresPool, actor: String,
        at now: Instant
    ) async throws -> Int {
        try await pool.withTransaction { transaction in
            try await save(shifts, making: making, inputs: inputs, in: transaction, actor: actor, at: now)
        }
    }

    /// The same, in a transaction that does more.
    func save(
        _ shifts: [Shift], making: PlanMaking, inputs: PlanningInputs, in transaction: some PostgresSession,
        actor: String, at now: Instant
    ) async throws -> Int {
        try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
        return try await PlanRepository(consortium: consortium).insertDraft(
            shifts, period: inputs.period, author: actor, at: now, making: try making.json(), in: transaction)
    }

    /// How a plan was made.
    ///
    /// - Throws: ``SchedulingRefusal`` where there is no such plan, or it was made by no search that was written down.
    package func making(of number: Int, in pool: PostgresPool) async throws -> PlanMaking {
        let plan = try await pool.withConnection {
            try await PlanRepository(consortium: consortium).plan(number, in: $0)
        }
        guard let plan else { throw SchedulingRefusal.noPlan(number) }
        guard let making = PlanMaking(json: plan.making), making.record != nil else {
            throw SchedulingRefusal.notReplayable(number)
        }
        return making
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

package import Coverage
package import PostgresClient
package import Storage

/// The schedule's versions: throwing drafts away, and coming back to earlier ones.
package struct PlanVersions: Sendable {
    private let consortium: Consortium.ID
    private let pool: PostgresPool
    private let plans: PlanRepository

    package init(consortium: Consortium.ID, pool: PostgresPool) {
        self.consortium = consortium
        self.pool = pool
        plans = PlanRepository(consortium: consortium)
    }

    /// All, the newest first.
    package func all() async throws -> [PlanRepository.Plan] {
        try await pool.withConnection { try await plans.all(in: $0) }
    }

    /// A version, without its shifts.
    ///
    /// - Throws: ``SchedulingRefusal`` if there is none of this number.
    package func plan(_ number: Int) async throws -> PlanRepository.Plan {
        guard let plan = try await pool.withConnection({ try await plans.plan(number, in: $0) }) else {
            throw SchedulingRefusal.noPlan(number)
        }
        return plan
    }

    /// A plan and those that it was made of, one change after the other, the newest first.
    ///
    /// - Throws: ``SchedulingRefusal`` if there is no such plan.
    package func lineage(of number: Int) async throws -> [PlanRepository.Plan] {
        var line = [try await plan(number)]
        try await pool.withConnection { connection in
            while let last = line.last, line.count < Self.longestLineage,
                let parent = PlanOrigin(json: last.making).revises, parent < last.number,
                let plan = try await plans.plan(parent, in: connection)
            { line.append(plan) }
        }
        return line
    }

    private static let longestLineage = 100

    /// Throws a draft away, for good.
    ///
    /// - Throws: ``SchedulingRefusal`` where there is no such draft.
    package func discard(_ number: Int, by actor: String, at now: Instant) async throws {
        try await pool.withTransaction { transaction in
            try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
            guard let plan = try await plans.plan(number, in: transaction) else {
                throw SchedulingRefusal.noPlan(number)
            }
            guard try await plans.discard(number, in: transaction) else {
                throw SchedulingRefusal.notADraft(number, plan.state)
            }
            try await AuditRepository(consortium: consortium).record(
                .init(at: now, actor: actor, action: "discard", subject: "plan \(number)"),
                before: #"{"shifts":\#(plan.shiftCount)}"#, in: transaction)
        }
    }

    /// Makes a new draft with the shifts of an earlier version.
    ///
    /// It is not checked here: rules are, when it is published, as those of any draft.
    ///
    /// - Returns: The draft's number.
    /// - Throws: ``SchedulingRefusal`` where there is no such version.
    package func restore(_ number: Int, by actor: String, at now: Instant) async throws -> Int {
        try await pool.withTransaction { transaction in
            try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
            guard let plan = try await plans.plan(number, in: transaction) else {
                throw SchedulingRefusal.noPlan(number)
            }
            var origin = PlanOrigin()
            origin.restores = number
            let draft = try await plans.insertDraft(
                try await plans.shifts(of: number, in: transaction), period: plan.period, author: actor, at: now,
                making: try origin.json(), in: transaction)
            try await AuditRepository(consortium: consortium).record(
                .init(at: now, actor: actor, action: "restore", subject: "plan \(number)"),
                after: #"{"draft":\#(draft)}"#, in: transaction)
            return draft
        }
    }
}

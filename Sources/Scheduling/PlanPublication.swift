package import Coverage
import Planning
package import PostgresClient
package import Storage

/// Making a draft the schedule.
package struct PlanPublication: Sendable {
    /// What was done.
    package struct Outcome: Sendable {
        package let plan: PlanRepository.Plan
        /// The numbers of the plans that it took the place of.
        package let replaced: [Int]
        package let zone: TimeZoneRules
    }

    private let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    /// Publishes a draft, checked against the data of this moment: an operator may have fallen ill since it was made.
    ///
    /// - Parameters:
    ///   - number: The draft; nil is the latest.
    ///   - pool: The database.
    ///   - actor: Who publishes.
    ///   - message: What the libraries are told.
    ///   - now: When.
    /// - Returns: What was done.
    /// - Throws: ``SchedulingRefusal``; then everything is as it was.
    package func run(
        plan number: Int?, in pool: PostgresPool, actor: String, message: String, at now: Instant
    ) async throws -> Outcome {
        try await pool.withTransaction { transaction in
            try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
            let plans = PlanRepository(consortium: consortium)
            let draft = try await draft(number, plans, in: transaction)
            let zone = try await requireNoBrokenRule(draft, plans, in: transaction)
            let before = try await plans.publishedShifts(touching: draft.period, in: transaction)
            let replaced = try await plans.publish(
                draft.number, by: actor, message: message, at: now, in: transaction)
            try await AuditRepository(consortium: consortium).record(
                .init(at: now, actor: actor, action: "publish", subject: "plan \(draft.number)"),
                before: #"{"published":[\#(replaced.map(String.init).joined(separator: ","))]}"#,
                after: #"{"published":[\#(draft.number)]}"#, in: transaction)
            try await ScheduleNews(consortium: consortium, actor: actor, message: message, now: now).tell(
                from: before, to: try await plans.publishedShifts(touching: draft.period, in: transaction),
                in: transaction)
            let published = try await plans.plan(draft.number, in: transaction) ?? draft
            return Outcome(plan: published, replaced: replaced, zone: zone)
        }
    }

    private func draft(
        _ number: Int?, _ plans: PlanRepository, in transaction: some PostgresSession
    ) async throws -> PlanRepository.Plan {
        guard let number else {
            guard let latest = try await plans.latestDraft(in: transaction) else { throw SchedulingRefusal.noDraft }
            return latest
        }
        guard let plan = try await plans.plan(number, in: transaction) else { throw SchedulingRefusal.noPlan(number) }
        guard plan.state == .draft else { throw SchedulingRefusal.notADraft(number, plan.state) }
        return plan
    }

    private func requireNoBrokenRule(
        _ draft: PlanRepository.Plan, _ plans: PlanRepository, in transaction: some PostgresSession
    ) async throws -> TimeZoneRules {
        let inputs = try await PlanningInputs.read(consortium, for: draft, in: transaction)
        let shifts = try await plans.shifts(of: draft.number, in: transaction)
        let score = PlanScore(of: shifts, in: try inputs.problem())
        guard score.violations.isEmpty else {
            throw SchedulingRefusal.rulesBroken(
                plan: draft.number, score.violations.map { $0.text(in: inputs.zone) })
        }
        return inputs.zone
    }
}

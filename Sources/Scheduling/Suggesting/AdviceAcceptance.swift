package import Coverage
import Planning
package import PostgresClient
import Storage

/// Taking a suggestion up: a new draft that is the plan with that change.
package struct AdviceAcceptance: Sendable {
    private let consortium: Consortium.ID
    private let pool: PostgresPool
    private let plans: PlanRepository

    package init(consortium: Consortium.ID, pool: PostgresPool) {
        self.consortium = consortium
        self.pool = pool
        plans = PlanRepository(consortium: consortium)
    }

    /// Makes a new draft of a plan and a suggestion; the plan stays as it is.
    ///
    /// Permissions to bend rules that the suggestion needs are recorded in the same transaction.
    ///
    /// - Parameters:
    ///   - number: The suggestion's, in what the search found.
    ///   - run: The search.
    ///   - plan: The plan: the one that suggestions were looked for, or one that was made of it by other suggestions.
    ///   - reason: Why a rule may be bent, 1 to 500 characters; not looked at where none is.
    ///   - actor: Who accepts.
    ///   - now: When.
    /// - Returns: The new draft's number.
    /// - Throws: ``AdviceRefusal``, ``RunRefusal`` or ``SchedulingRefusal``; then everything is as it was.
    package func accept(
        _ number: Int, of run: Int, for plan: Int, because reason: String, by actor: String, at now: Instant
    ) async throws -> Int {
        do {
            return try await pool.withTransaction { transaction in
                try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
                let step = try await step(number, of: run, in: transaction)
                let overrides = step.overrides(because: try Self.checked(reason, for: step), by: actor)
                let draft = try await apply(
                    step, overrides, to: plan, as: .init(run: run, step: number, words: step.text), by: actor, at: now,
                    in: transaction)
                try await AuditRepository(consortium: consortium).record(
                    .init(at: now, actor: actor, action: "accept suggestion", subject: "plan \(plan)"),
                    after: #"{"draft":\#(draft),"search":\#(run),"suggestion":\#(number),"#
                        + #""overrides":\#(overrides.count)}"#, in: transaction)
                return draft
            }
        } catch let error as PostgresError
            where error.constraint == "rule_override_consortium_id_rule_name_rule_class_fkey"
        {
            throw AdviceRefusal.notToBend
        }
    }

    private func step(
        _ number: Int, of run: Int, in transaction: some PostgresSession
    ) async throws -> AdviceRecord.Step {
        let found = try await PlanningRunRepository(consortium: consortium).run(run, in: transaction)
        guard let found else { throw RunRefusal.noRun(run) }
        guard let step = found.findings.flatMap({ AdviceRecord(json: $0) })?.step(number) else {
            throw AdviceRefusal.noSuggestion
        }
        return step
    }

    private static func checked(_ reason: String, for step: AdviceRecord.Step) throws(AdviceRefusal) -> String {
        guard !step.permissions.isEmpty else { return reason }
        guard !reason.isEmpty else { throw .reasonMissing }
        guard reason.count <= 500 else { throw .reasonTooLong(reason.count) }
        return reason
    }

    /// The one place where a plan becomes another by a suggestion.
    private func apply(
        _ step: AdviceRecord.Step, _ overrides: [RuleOverride], to number: Int,
        as advice: PlanOrigin.AcceptedAdvice, by actor: String, at now: Instant, in transaction: PostgresTransaction
    ) async throws -> Int {
        guard let plan = try await plans.plan(number, in: transaction) else { throw SchedulingRefusal.noPlan(number) }
        guard plan.state == .draft else { throw SchedulingRefusal.notADraft(number, plan.state) }
        let shifts = try await plans.shifts(of: number, in: transaction)
        guard let changed = step.applied(to: shifts) else { throw AdviceRefusal.doesNotFit }
        let problem = try await PlanningInputs.read(consortium, for: plan, in: transaction).problem()
        let known = Set(PlanScore(of: shifts, in: problem).violations)
        let score = PlanScore(of: changed, in: problem.permitting(overrides))
        let broken = score.violations.filter { !known.contains($0) }
        guard broken.isEmpty else { throw AdviceRefusal.breaksRules(broken.map { $0.text(in: problem.zone) }) }
        try await ConsortiumRepository(consortium: consortium).record(overrides, at: now, in: transaction)
        var origin = PlanOrigin()
        origin.revises = number
        origin.advice = advice
        origin.cost = score.total.doubleValue
        // What was proven within the rules says nothing once one is bent.
        if overrides.isEmpty { origin.lowerBound = PlanOrigin(json: plan.making).lowerBound }
        return try await plans.insertDraft(
            changed, period: plan.period, author: actor, at: now, making: try origin.json(), in: transaction)
    }
}

extension AdviceRecord.Step {
    /// All lines in one.
    package var text: String { lines.joined(separator: "; ") }
}

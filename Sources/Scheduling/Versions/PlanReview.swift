package import Coverage
package import Planning
package import PostgresClient
package import Storage

/// A plan judged by the data of this moment, beside what is published for its days.
package struct PlanReview: Sendable {
    package let plan: PlanRepository.Plan
    package let origin: PlanOrigin
    package let consortium: Consortium
    package let problem: PlanningProblem
    /// The plan's, in the order in which plans are written.
    package let shifts: [Shift]
    package let score: PlanScore
    package let coverage: CoverageSummary
    /// The published plans that cover some of its days.
    package let published: [Int]
    /// What changes for whom if the plan takes the place of what is published.
    package let difference: PlanDifference
    /// What the published shifts of these days cover.
    package let coverageNow: CoverageSummary
    /// What the transaction that read it saw.
    package let snapshot: String

    /// How good the plan is proven to be; nil where nothing is, or where the data have changed since.
    package var gap: ProvenGap? {
        guard let cost = origin.cost, (score.total.doubleValue - cost).magnitude < 0.01 else { return nil }
        return origin.gap
    }

    /// Reads and judges a plan, in one snapshot.
    ///
    /// - Parameters:
    ///   - consortium: Whose.
    ///   - number: The plan.
    ///   - pool: The database.
    /// - Returns: The plan, judged.
    /// - Throws: ``SchedulingRefusal`` if nothing was imported or there is no such plan.
    /// - Complexity: That of ``PlanningProblem`` and ``PlanScore``.
    @concurrent
    package static func read(
        _ consortium: Consortium.ID, _ number: Int, in pool: PostgresPool
    ) async throws -> PlanReview {
        let reading = try await pool.withTransaction(isolation: .repeatableRead, access: .readOnly) { transaction in
            let plans = PlanRepository(consortium: consortium)
            let snapshot = try await ChangeRepository(consortium: consortium).snapshot(in: transaction)
            guard let plan = try await plans.plan(number, in: transaction) else {
                throw SchedulingRefusal.noPlan(number)
            }
            return Reading(
                plan: plan, inputs: try await PlanningInputs.read(consortium, for: plan, in: transaction),
                shifts: try await plans.shifts(of: number, in: transaction),
                publishedShifts: try await plans.publishedShifts(touching: plan.period, in: transaction),
                published: try await plans.published(touching: plan.period, in: transaction).map(\.number),
                snapshot: snapshot)
        }
        return try PlanReview(reading)
    }

    private struct Reading: Sendable {
        let plan: PlanRepository.Plan
        let inputs: PlanningInputs
        let shifts: [Shift]
        let publishedShifts: [Shift]
        let published: [Int]
        let snapshot: String
    }

    private init(_ reading: Reading) throws(SchedulingRefusal) {
        let period = reading.plan.period
        // Those that reach beyond the period are fixed in the problem, and stay whatever is published.
        let inside = reading.publishedShifts.filter { shift in
            period.lowerBound <= shift.during.lowerBound && shift.during.upperBound <= period.upperBound
        }
        let problem = try reading.inputs.problem()
        plan = reading.plan
        origin = PlanOrigin(json: reading.plan.making)
        consortium = reading.inputs.bundle.consortium
        self.problem = problem
        shifts = reading.shifts
        published = reading.published
        snapshot = reading.snapshot
        score = PlanScore(of: reading.shifts, in: problem)
        coverage = CoverageSummary(of: reading.shifts, in: problem)
        coverageNow = CoverageSummary(of: inside, in: problem)
        difference = PlanDifference(from: inside, to: reading.shifts, in: problem)
    }
}

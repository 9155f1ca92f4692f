package import Coverage
package import Planning
package import PostgresClient
package import Storage

/// A week of the schedule with what judges it: who sits where, what is covered, what is not and why.
package struct WeekBoard: Sendable {
    /// Which schedule.
    package enum Source: Hashable, Sendable {
        /// What is published.
        case published
        /// A version by its number, whatever its state.
        case plan(Int)
    }

    /// Its Monday.
    package let monday: CivilDate
    package let source: Source
    package let consortium: Consortium
    package let problem: PlanningProblem
    /// Those that touch the week, in the order in which plans are written.
    package let shifts: [Shift]
    /// The plans that cover some of the week; one where a version was asked for.
    package let plans: [PlanRepository.Plan]
    /// The demand that is not met in the problem's period, with its reasons.
    package let report: GapReport
    package let table: PlacementTable
    /// What the transaction that read it saw.
    package let snapshot: String

    /// From the midnight that begins the Monday to the one that ends the Sunday, by the consortium's clock.
    package var period: Range<Instant> {
        (monday..<monday.advanced(byDays: 7)).instants(in: problem.zone)
    }

    /// Reads and judges a week, in one snapshot.
    ///
    /// - Parameters:
    ///   - consortium: Whose.
    ///   - day: A day of the week.
    ///   - source: Which schedule.
    ///   - reachesOn: Whether what is published of the week after is judged with it, as shifts across the week's end need.
    ///   - pool: The database.
    /// - Returns: The week, judged.
    /// - Throws: ``SchedulingRefusal`` if nothing was imported, there is no such plan, or the week is in no period.
    /// - Complexity: That of ``PlanningProblem`` and ``GapReport``: of 430 operators tens of milliseconds, of 11,000
    ///   some hundreds.
    @concurrent
    package static func read(
        _ consortium: Consortium.ID, weekOf day: CivilDate, _ source: Source, reachingOn reachesOn: Bool = false,
        in pool: PostgresPool
    ) async throws -> WeekBoard {
        let monday = day.startOfWeek
        let reading = try await pool.withTransaction(isolation: .repeatableRead, access: .readOnly) { transaction in
            let repository = PlanRepository(consortium: consortium)
            let snapshot = try await ChangeRepository(consortium: consortium).snapshot(in: transaction)
            switch source {
            case .published:
                let inputs = try await PlanningInputs.read(
                    consortium, reachesOn ? .days(from: monday, to: monday.advanced(byDays: 13)) : .week(of: day),
                    in: transaction)
                return Reading(
                    inputs: inputs,
                    shifts: try await repository.publishedShifts(touching: inputs.period, in: transaction),
                    plans: try await repository.published(touching: inputs.period, in: transaction),
                    snapshot: snapshot)
            case .plan(let number):
                guard let plan = try await repository.plan(number, in: transaction) else {
                    throw SchedulingRefusal.noPlan(number)
                }
                return Reading(
                    inputs: try await PlanningInputs.read(consortium, for: plan, in: transaction),
                    shifts: try await repository.shifts(of: number, in: transaction), plans: [plan],
                    snapshot: snapshot)
            }
        }
        return try WeekBoard(monday: monday, source, reading)
    }

    private struct Reading: Sendable {
        let inputs: PlanningInputs
        let shifts: [Shift]
        let plans: [PlanRepository.Plan]
        let snapshot: String
    }

    private init(monday: CivilDate, _ source: Source, _ reading: Reading) throws(SchedulingRefusal) {
        let problem = try reading.inputs.problem()
        // Shifts across the period's ends are fixed in the problem; people who have left are in it no longer.
        let inside = reading.shifts.filter { shift in
            problem.period.lowerBound <= shift.during.lowerBound && shift.during.upperBound <= problem.period.upperBound
                && problem.operatorIndex[shift.operator] != nil && problem.queueIndex[shift.queue] != nil
        }
        self.monday = monday
        self.source = source
        self.problem = problem
        consortium = reading.inputs.bundle.consortium
        report = GapReport(of: inside, in: problem)
        table = PlacementTable(inside, in: problem)
        plans = reading.plans
        snapshot = reading.snapshot
        let period = (monday..<monday.advanced(byDays: 7)).instants(in: problem.zone)
        shifts = reading.shifts.filter { $0.during.overlaps(period) }
    }
}

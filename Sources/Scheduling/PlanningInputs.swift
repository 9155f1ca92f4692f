package import Coverage
package import Planning
package import PostgresClient
package import Storage

/// All that planning or judging a period needs, read in one snapshot of the database.
package struct PlanningInputs: Sendable {
    package let consortium: Consortium.ID
    package let bundle: ConsortiumBundle
    package let zone: TimeZoneRules
    package let period: Range<Instant>
    /// Published shifts around the period, of operators and queues that are still there.
    package let fixed: [Shift]
    package let overrides: [RuleOverride]

    /// The inputs of a bundle that is in no database: nothing is published and no rule overridden.
    ///
    /// - Throws: ``SchedulingRefusal`` if the days are not in the consortium's period.
    package init(bundle: ConsortiumBundle, selection: PeriodSelection) throws {
        let zone = try TimeZoneRules(identifier: bundle.consortium.timeZone)
        let period = try selection.dates(of: bundle.consortium).instants(in: zone)
        self.init(
            consortium: Consortium.ID("main"), bundle: bundle, zone: zone, period: period, fixed: [], overrides: [])
    }

    private init(
        consortium: Consortium.ID, bundle: ConsortiumBundle, zone: TimeZoneRules, period: Range<Instant>,
        fixed: [Shift], overrides: [RuleOverride]
    ) {
        self.consortium = consortium
        self.bundle = bundle
        self.zone = zone
        self.period = period
        self.fixed = fixed
        self.overrides = overrides
    }

    /// The problem for the planner in which some shifts of the period stay as they are.
    ///
    /// - Parameter pins: Shifts of the period, which must break no rule by themselves.
    /// - Returns: The problem.
    /// - Throws: ``SchedulingRefusal`` that names what they break.
    package func problem(pinning pins: [Shift]) throws(SchedulingRefusal) -> PlanningProblem {
        let violations = PlanScore(of: pins, in: try problem()).violations
        guard violations.isEmpty else { throw .pinsBreakRules(violations.map { $0.text(in: zone) }) }
        do {
            return try PlanningProblem(bundle, period: period, fixed: fixed + pins, overrides: overrides)
        } catch {
            throw .notPlannable(error)
        }
    }

    /// The problem for the planner.
    package func problem() throws(SchedulingRefusal) -> PlanningProblem {
        do {
            return try PlanningProblem(bundle, period: period, fixed: fixed, overrides: overrides)
        } catch {
            throw .notPlannable(error)
        }
    }

    /// Reads the inputs for the days that somebody means.
    ///
    /// - Throws: ``SchedulingRefusal`` if nothing was imported or the days are not in the consortium's period.
    package static func read(
        _ consortium: Consortium.ID, _ selection: PeriodSelection, in session: some PostgresSession
    ) async throws -> PlanningInputs {
        let settings = try await settings(of: consortium, in: session)
        let zone = try TimeZoneRules(identifier: settings.timeZone)
        let period = try selection.dates(of: settings).instants(in: zone)
        return try await read(consortium, period, zone, in: session)
    }

    /// Reads the inputs for the period of a plan that exists.
    package static func read(
        _ consortium: Consortium.ID, for plan: PlanRepository.Plan, in session: some PostgresSession
    ) async throws -> PlanningInputs {
        let settings = try await settings(of: consortium, in: session)
        return try await read(consortium, plan.period, try TimeZoneRules(identifier: settings.timeZone), in: session)
    }

    private static func settings(
        of consortium: Consortium.ID, in session: some PostgresSession
    ) async throws -> Consortium {
        let repository = ConsortiumRepository(consortium: consortium)
        guard let settings = try await repository.settings(in: session) else {
            throw SchedulingRefusal.nothingImported(consortium)
        }
        return settings
    }

    private static func read(
        _ consortium: Consortium.ID, _ period: Range<Instant>, _ zone: TimeZoneRules,
        in session: some PostgresSession
    ) async throws -> PlanningInputs {
        let repository = ConsortiumRepository(consortium: consortium)
        guard let bundle = try await repository.bundle(in: session, demandIn: period) else {
            throw SchedulingRefusal.nothingImported(consortium)
        }
        let overrides = try await repository.overrides(in: session, touching: period)
        let around = period.lowerBound.advanced(byMinutes: -reach)..<period.upperBound.advanced(byMinutes: reach)
        let operators = Set(bundle.operators.map(\.id))
        let queues = Set(bundle.queues.map(\.id))
        let fixed = try await PlanRepository(consortium: consortium)
            .publishedShifts(touching: around, in: session)
            .filter { shift in
                let isInside =
                    period.lowerBound <= shift.during.lowerBound
                    && shift.during.upperBound <= period.upperBound
                return !isInside && operators.contains(shift.operator) && queues.contains(shift.queue)
            }
        return PlanningInputs(
            consortium: consortium, bundle: bundle, zone: zone, period: period, fixed: fixed,
            overrides: overrides.filter { operators.contains($0.operator) })
    }

    /// How far from the period a shift can matter to it, in minutes: a week's hours, and a rest of a week at most.
    private static let reach = 8 * 24 * 60
}

package import Coverage
package import PostgresClient
package import Storage

/// Starting, stopping and watching searches; ``PlanningWorker`` does them.
package struct PlanningRuns: Sendable {
    private let consortium: Consortium.ID
    private let pool: PostgresPool
    private let runs: PlanningRunRepository

    package init(consortium: Consortium.ID, pool: PostgresPool) {
        self.consortium = consortium
        self.pool = pool
        runs = PlanningRunRepository(consortium: consortium)
    }

    /// How to search.
    package struct Effort: Hashable, Sendable {
        /// 1 to 600.
        package var seconds: Int
        /// What chance begins with, 0 or more.
        package var seed: Int

        package init(seconds: Int, seed: Int = 1) {
            self.seconds = seconds
            self.seed = seed
        }
    }

    // MARK: Starting and stopping

    /// Asks for a plan.
    ///
    /// - Parameters:
    ///   - selection: For which days.
    ///   - mending: Whether what is published is mended; otherwise a plan is made from nothing.
    ///   - effort: How to search.
    ///   - actor: Who asks.
    ///   - now: When.
    /// - Returns: The search's number.
    /// - Throws: ``RunRefusal``; ``SchedulingRefusal`` where these days cannot be planned, or have nothing to mend.
    package func plan(
        _ selection: PeriodSelection, mending: Bool, _ effort: Effort, by actor: String, at now: Instant
    ) async throws -> Int {
        try await ask(by: actor, at: now) { transaction in
            guard let settings = try await ConsortiumRepository(consortium: consortium).settings(in: transaction)
            else { throw SchedulingRefusal.nothingImported(consortium) }
            let dates = try selection.dates(of: settings)
            if mending {
                let period = dates.instants(in: try TimeZoneRules(identifier: settings.timeZone))
                let published = try await PlanRepository(consortium: consortium).published(
                    touching: period, in: transaction)
                guard !published.isEmpty else { throw SchedulingRefusal.nothingPublishedThen }
            }
            return PlanningRun.Request(
                purpose: mending ? .mend : .search, days: dates.lowerBound...dates.upperBound.advanced(byDays: -1),
                seconds: effort.seconds, seed: effort.seed)
        }
    }

    /// Asks for suggestions for a plan.
    ///
    /// - Parameters:
    ///   - plan: Which one.
    ///   - week: A day of the week whose gaps are to be closed; nil is all of them.
    ///   - effort: How to search.
    ///   - actor: Who asks.
    ///   - now: When.
    /// - Returns: The search's number.
    /// - Throws: ``RunRefusal``; ``SchedulingRefusal`` where there is no such plan.
    package func advise(
        on plan: Int, weekOf week: CivilDate?, _ effort: Effort, by actor: String, at now: Instant
    ) async throws -> Int {
        try await ask(by: actor, at: now) { transaction in
            guard let settings = try await ConsortiumRepository(consortium: consortium).settings(in: transaction)
            else { throw SchedulingRefusal.nothingImported(consortium) }
            let zone = try TimeZoneRules(identifier: settings.timeZone)
            guard let found = try await PlanRepository(consortium: consortium).plan(plan, in: transaction) else {
                throw SchedulingRefusal.noPlan(plan)
            }
            let days = found.dates(in: zone)
            let monday = week.map(\.startOfWeek)
            return PlanningRun.Request(
                purpose: .advise,
                days: monday.map { $0...$0.advanced(byDays: 6) }
                    ?? days.lowerBound...days.upperBound.advanced(byDays: -1), plan: plan,
                seconds: effort.seconds, seed: effort.seed)
        }
    }

    /// Asks once more for what a search that is over looked for.
    ///
    /// - Returns: The new search's number.
    /// - Throws: ``RunRefusal``.
    package func again(_ number: Int, by actor: String, at now: Instant) async throws -> Int {
        try await ask(by: actor, at: now) { transaction in
            guard let run = try await runs.run(number, in: transaction) else { throw RunRefusal.noRun(number) }
            guard !run.state.isOpen else { throw RunRefusal.notOver(number) }
            return run.request
        }
    }

    private func ask(
        by actor: String, at now: Instant,
        for request: (PostgresTransaction) async throws -> PlanningRun.Request
    ) async throws -> Int {
        do {
            return try await pool.withTransaction { transaction in
                try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
                let request = try await request(transaction)
                guard (1...600).contains(request.seconds) else { throw RunRefusal.badSeconds(request.seconds) }
                guard request.seed >= 0 else { throw RunRefusal.badSeed(request.seed) }
                let number = try await runs.ask(request, by: actor, at: now, in: transaction)
                try await AuditRepository(consortium: consortium).record(
                    .init(at: now, actor: actor, action: "start search", subject: "search \(number)"),
                    after: #"{"purpose":"\#(request.purpose.rawValue)","from":"\#(request.days.lowerBound)","#
                        + #""to":"\#(request.days.upperBound)","seconds":\#(request.seconds)}"#, in: transaction)
                return number
            }
        } catch let error as PostgresError where error.constraint == "one_open_planning_run" {
            throw RunRefusal.alreadyOpen(run: try await openRun())
        }
    }

    /// The search that is in the way; where it has ended meanwhile the newest one.
    private func openRun() async throws -> Int {
        try await pool.withConnection { connection in
            let latest = try await runs.latest(10, in: connection)
            return (latest.first { $0.state.isOpen } ?? latest.first)?.number ?? 0
        }
    }

    /// Asks for the end of a search; its best plan so far becomes a draft.
    ///
    /// - Throws: ``RunRefusal``.
    package func stop(_ number: Int, by actor: String, at now: Instant) async throws {
        try await pool.withTransaction { transaction in
            guard try await runs.askToStop(number, by: actor, at: now, in: transaction) else {
                throw try await runs.run(number, in: transaction) == nil
                    ? RunRefusal.noRun(number) : RunRefusal.notOpen(number)
            }
            try await AuditRepository(consortium: consortium).record(
                .init(at: now, actor: actor, action: "stop search", subject: "search \(number)"), in: transaction)
        }
    }

    // MARK: Watching

    /// A search as it stands.
    ///
    /// - Throws: ``RunRefusal`` if there is none of this number.
    package func run(_ number: Int) async throws -> PlanningRun {
        guard let run = try await pool.withConnection({ try await runs.run(number, in: $0) }) else {
            throw RunRefusal.noRun(number)
        }
        return run
    }

    /// The newest first.
    package func latest(_ count: Int) async throws -> [PlanningRun] {
        try await pool.withConnection { try await runs.latest(count, in: $0) }
    }

    /// The search that a draft came of; nil where it came of none.
    package func making(_ draft: Int) async throws -> PlanningRun? {
        try await pool.withConnection { try await runs.run(making: draft, in: $0) }
    }

    /// Searches for suggestions for any of some plans, in their order, the newest of each first.
    package func advising(on plans: [Int]) async throws -> [PlanningRun] {
        try await pool.withConnection { connection in
            var found: [PlanningRun] = []
            for plan in plans { found += try await runs.advising(on: plan, in: connection) }
            return found
        }
    }
}

extension PlanRepository.Plan {
    /// The plan's days by the clocks of a zone, the day after the last excluded.
    package func dates(in zone: TimeZoneRules) -> Range<CivilDate> {
        let first = zone.civil(at: period.lowerBound).date
        let end = zone.civil(at: period.upperBound)
        return first..<max(first.advanced(byDays: 1), end.date.advanced(byDays: end.secondOfDay == 0 ? 0 : 1))
    }
}

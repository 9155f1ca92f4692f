package import Coverage
package import PostgresClient

/// The searches that people start from the pages, and which node has them.
///
/// A node has a search on a lease by the database's clock. Once that has run out the search is broken off, for whoever
/// looks, whether or not somebody has written that down.
package struct PlanningRunRepository: Sendable {
    package let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    // MARK: For those who ask

    /// Asks for a search.
    ///
    /// - Parameters:
    ///   - request: What is asked for.
    ///   - author: By whom.
    ///   - now: When.
    ///   - transaction: ``ConsortiumRepository/lock(in:)`` is held, as the number is counted here.
    /// - Returns: Its number.
    /// - Throws: ``PostgresError``, with the constraint `one_open_planning_run` where another one of its sort is open.
    package func ask(
        _ request: PlanningRun.Request, by author: String, at now: Instant, in transaction: some PostgresSession
    ) async throws -> Int {
        try await breakOffLost(at: now, in: transaction)
        return try await transaction.query(
            """
            INSERT INTO planning_run (consortium_id, run_number, purpose, first_day, last_day, plan_number, seconds,
                seed, asked_at, asked_by)
            SELECT \(consortium), 1 + coalesce(max(run_number), 0), \(request.purpose), \(request.days.lowerBound),
                \(request.days.upperBound), \(request.plan)::bigint::integer, \(request.seconds)::bigint::integer,
                \(request.seed)::bigint, \(now), \(author)
            FROM planning_run WHERE consortium_id = \(consortium)
            RETURNING run_number
            """
        ).single().decode(Int.self)
    }

    /// Asks for the end of a search: one that waits is over at once, one under way when its node hears of it.
    ///
    /// - Returns: Whether it was open.
    /// - Throws: ``PostgresError``.
    package func askToStop(
        _ number: Int, by author: String, at now: Instant, in transaction: some PostgresSession
    ) async throws -> Bool {
        try await breakOffLost(at: now, in: transaction)
        return try await transaction.execute(
            """
            UPDATE planning_run SET stop_asked_by = coalesce(stop_asked_by, \(author)),
                state = CASE state WHEN 'waiting' THEN 'stopped' ELSE state END,
                ended_at = CASE state WHEN 'waiting' THEN \(now)::timestamptz END
            WHERE consortium_id = \(consortium) AND run_number = \(number) AND state IN ('waiting', 'searching')
            """) > 0
    }

    package func run(_ number: Int, in session: some PostgresSession) async throws -> PlanningRun? {
        try await runs(in: session, number: number, limit: 1).first
    }

    /// The newest first.
    package func latest(_ count: Int, in session: some PostgresSession) async throws -> [PlanningRun] {
        try await runs(in: session, limit: count)
    }

    /// Those that look for suggestions for a plan, the newest first.
    package func advising(on plan: Int, in session: some PostgresSession) async throws -> [PlanningRun] {
        try await runs(in: session, plan: plan, limit: 20)
    }

    /// The search that a draft came of, if any did.
    package func run(making draft: Int, in session: some PostgresSession) async throws -> PlanningRun? {
        try await runs(in: session, draft: draft, limit: 1).first
    }

    /// Of an open search of a sort its number.
    package func open(advising: Bool, in session: some PostgresSession) async throws -> Int? {
        try await session.query(
            """
            SELECT run_number FROM planning_run
            WHERE consortium_id = \(consortium) AND state IN ('waiting', 'searching')
                AND (purpose = 'advise') = \(advising)
            """
        ).first?.decode(Int.self)
    }

    private func runs(
        in session: some PostgresSession, number: Int? = nil, plan: Int? = nil, draft: Int? = nil, limit: Int
    ) async throws -> [PlanningRun] {
        try await session.query(
            """
            SELECT run_number, purpose, first_day, last_day, plan_number, seconds, seed, asked_at, asked_by,
                CASE WHEN state = 'searching' AND leased_until <= clock_timestamp() THEN 'broken_off' ELSE state END,
                CASE WHEN state = 'searching' THEN
                    extract(epoch FROM clock_timestamp() - started_at)::bigint END,
                stop_asked_by, ended_at, draft_number, curve::text, findings::text, message
            FROM planning_run
            WHERE consortium_id = \(consortium)
                AND (\(number)::bigint IS NULL OR run_number = \(number)::bigint)
                AND (\(plan)::bigint IS NULL OR plan_number = \(plan)::bigint)
                AND (\(draft)::bigint IS NULL OR draft_number = \(draft)::bigint)
            ORDER BY run_number DESC LIMIT \(limit)
            """
        ).map(Self.run)
    }

    private static func run(_ row: PostgresRow) throws -> PlanningRun {
        let (
            number, purpose, first, last, plan, seconds, seed, askedAt, askedBy, state, elapsed, stopAskedBy, endedAt,
            draft, curve, findings, message
        ) = try row.decode(
            (
                Int, PlanningRun.Purpose, CivilDate, CivilDate, Int?, Int, Int, Instant, String, PlanningRun.State,
                Int?, String?, Instant?, Int?, String, String?, String
            ).self)
        return PlanningRun(
            number: number,
            request: PlanningRun.Request(
                purpose: purpose, days: first...max(first, last), plan: plan, seconds: seconds, seed: seed),
            askedAt: askedAt, askedBy: askedBy, state: state, elapsedSeconds: elapsed, stopAskedBy: stopAskedBy,
            endedAt: endedAt, draft: draft, curve: curve, findings: findings, message: message)
    }
}

package import Coverage
package import PostgresClient

/// For the nodes that do the work.
extension PlanningRunRepository {
    /// What a node hears when it says that it is still at it.
    package enum Renewal: Hashable, Sendable {
        case goOn
        /// Somebody wants it to end.
        case stop
        /// The lease had run out: the search is nobody's any more, and what is found is not wanted.
        case lost
    }

    /// Takes the search that has waited longest.
    ///
    /// - Parameters:
    ///   - advising: Whether it is one for suggestions.
    ///   - node: Who takes it: a text that no other taker has.
    ///   - leaseSeconds: For how long, unless it is renewed.
    ///   - now: When, to be written to those that are found broken off.
    ///   - session: Where.
    /// - Returns: Nil if none waits.
    /// - Throws: ``PostgresError``.
    package func claim(
        advising: Bool, as node: String, leaseSeconds: Int, at now: Instant, in session: some PostgresSession
    ) async throws -> PlanningRun? {
        try await breakOffLost(at: now, in: session)
        let taken = try await session.query(
            """
            UPDATE planning_run
            SET state = 'searching', node = \(node), started_at = clock_timestamp(),
                leased_until = clock_timestamp() + \(leaseSeconds) * interval '1 second'
            WHERE consortium_id = \(consortium) AND run_number = (
                SELECT run_number FROM planning_run
                WHERE consortium_id = \(consortium) AND state = 'waiting' AND (purpose = 'advise') = \(advising)
                ORDER BY run_number LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING run_number
            """
        ).first?.decode(Int.self)
        guard let taken else { return nil }
        return try await run(taken, in: session)
    }

    /// Says that a node is still at a search, and how far that has come.
    package func renew(
        _ number: Int, as node: String, leaseSeconds: Int, curve: String, in session: some PostgresSession
    ) async throws -> Renewal {
        let isStopAsked = try await session.query(
            """
            UPDATE planning_run
            SET leased_until = clock_timestamp() + \(leaseSeconds) * interval '1 second', curve = \(curve)::text::jsonb
            WHERE consortium_id = \(consortium) AND run_number = \(number) AND node = \(node) AND state = 'searching'
                AND leased_until > clock_timestamp()
            RETURNING stop_asked_by IS NOT NULL
            """
        ).first?.decode(Bool.self)
        return isStopAsked.map { $0 ? .stop : .goOn } ?? .lost
    }

    /// How a search ended.
    package struct Ending: Hashable, Sendable {
        package var state: PlanningRun.State
        package var draft: Int?
        /// A JSON object.
        package var findings: String?
        package var message: String
        package var curve: String

        package init(
            _ state: PlanningRun.State, draft: Int? = nil, findings: String? = nil, message: String = "",
            curve: String
        ) {
            self.state = state
            self.draft = draft
            self.findings = findings
            self.message = message
            self.curve = curve
        }
    }

    /// Ends a search, in the transaction that writes what came of it.
    ///
    /// - Returns: Whether the node still had it; otherwise the transaction is to be given up.
    /// - Throws: ``PostgresError``.
    package func end(
        _ number: Int, as node: String, _ ending: Ending, at now: Instant, in transaction: some PostgresSession
    ) async throws -> Bool {
        try await transaction.execute(
            """
            UPDATE planning_run
            SET state = \(ending.state), leased_until = NULL, ended_at = \(now),
                draft_number = \(ending.draft)::bigint::integer, findings = \(ending.findings)::text::jsonb,
                message = \(ending.message), curve = \(ending.curve)::text::jsonb
            WHERE consortium_id = \(consortium) AND run_number = \(number) AND node = \(node) AND state = 'searching'
            """) > 0
    }

    /// Writes down that searches are over whose nodes are gone.
    package func breakOffLost(at now: Instant, in session: some PostgresSession) async throws {
        try await session.execute(
            """
            UPDATE planning_run SET state = 'broken_off', leased_until = NULL, ended_at = \(now)
            WHERE consortium_id = \(consortium) AND state = 'searching' AND leased_until <= clock_timestamp()
            """)
    }
}

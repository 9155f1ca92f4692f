package import Coverage
package import PostgresClient

/// What operators ask of their time: to be away.
package struct LeaveRequestRepository: Sendable {
    /// A wish to be away that nobody has decided.
    package struct Request: Hashable, Sendable {
        /// Counted from 1 in the consortium.
        package var number: Int
        /// Who, when, and why; the reason may be empty.
        package var absence: Absence
        /// The operator's.
        package var library: Library.ID
        package var madeAt: Instant
    }

    package let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    /// Those that nobody has decided, the oldest first.
    package func open(in session: some PostgresSession) async throws -> [Request] {
        try await session.query(
            """
            SELECT leave_number, operator_id, lower(during), upper(during), reason, library_id, made_at
            FROM leave_request WHERE consortium_id = \(consortium) AND state = 'open' ORDER BY leave_number
            """
        ).map { row in
            let (number, person, start, end, reason, library, madeAt) = try row.decode(
                (Int, Operator.ID, Instant, Instant, String, Library.ID, Instant).self)
            return Request(
                number: number, absence: Absence(operator: person, during: start..<end, reason: reason),
                library: library, madeAt: madeAt)
        }
    }

    /// Adds one.
    ///
    /// - Returns: Its number; nil if the operator asks for some of the same time already.
    /// - Throws: ``PostgresError``.
    package func insert(
        _ absence: Absence, at library: Library.ID, by author: String, at now: Instant,
        in transaction: some PostgresSession
    ) async throws -> Int? {
        try await transaction.query(
            """
            INSERT INTO leave_request (consortium_id, leave_number, operator_id, library_id, during, reason, made_at,
                made_by)
            SELECT \(consortium), 1 + coalesce(max(leave_number), 0), \(absence.operator), \(library),
                tstzrange(\(absence.during.lowerBound), \(absence.during.upperBound)), \(absence.reason), \(now),
                \(author)
            FROM leave_request WHERE consortium_id = \(consortium)
            ON CONFLICT DO NOTHING RETURNING leave_number
            """
        ).first?.decode(Int.self)
    }

    /// Decides one.
    ///
    /// - Returns: False if it is not open any more.
    package func decide(
        _ number: Int, _ decision: ShiftRequestRepository.Decision, at now: Instant,
        in transaction: some PostgresSession
    ) async throws -> Bool {
        try await transaction.execute(
            """
            UPDATE leave_request SET state = \(decision.state.rawValue), decided_at = \(now),
                decided_by = \(decision.by), decision = \(decision.words)
            WHERE consortium_id = \(consortium) AND leave_number = \(number) AND state = 'open'
            """) == 1
    }
}

package import Coverage
package import PostgresClient

/// A request that was decided: what became of it, for whoever asked.
package struct DecidedRequest: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case swap, giveaway, claim, leave
    }

    package var kind: Kind
    package var `operator`: Operator.ID
    /// The operator's own shift, what a claim wanted, or the time of a leave.
    package var during: Range<Instant>
    /// Nil for leave, and where the shift is not known any more.
    package var queue: Queue.ID?
    package var state: ShiftRequestRepository.Decision.State
    package var by: String
    /// Why; may be empty.
    package var words: String
    package var at: Instant
}

extension ShiftRequestRepository {
    /// The requests that were decided after an instant, the latest first; those that were withdrawn are left out.
    package func decided(
        after start: Instant, atMost limit: Int, in session: some PostgresSession
    ) async throws -> [DecidedRequest] {
        try await session.query(
            """
            SELECT kind, operator_id, lower(during), upper(during), queue_id, is_granted, decided_by, decision, decided_at
            FROM (
                SELECT 'swap' AS kind, r.operator_id, s.during, s.queue_id, r.state = 'agreed' AS is_granted, decided_by,
                    decision, decided_at
                FROM swap_request AS r JOIN LATERAL requested_shift(r.consortium_id, r.plan_number, r.shift_number,
                    r.operator_id) AS s ON true
                WHERE r.consortium_id = \(consortium) AND r.state IN ('agreed', 'refused') AND decided_at > \(start)
                UNION ALL
                SELECT 'giveaway', r.operator_id, s.during, s.queue_id, r.state = 'taken', decided_by, decision, decided_at
                FROM shift_decline AS r JOIN LATERAL requested_shift(r.consortium_id, r.plan_number, r.shift_number,
                    r.operator_id) AS s ON true
                WHERE r.consortium_id = \(consortium) AND r.state IN ('taken', 'refused') AND decided_at > \(start)
                UNION ALL
                SELECT 'claim', operator_id, during, queue_id::text, state = 'granted', decided_by, decision, decided_at
                FROM shift_claim
                WHERE consortium_id = \(consortium) AND state IN ('granted', 'refused') AND decided_at > \(start)
                UNION ALL
                SELECT 'leave', operator_id, during, NULL, state = 'granted', decided_by, decision, decided_at
                FROM leave_request
                WHERE consortium_id = \(consortium) AND state IN ('granted', 'refused') AND decided_at > \(start)
            ) AS all_kinds ORDER BY decided_at DESC, kind, operator_id LIMIT \(limit)
            """
        ).map { row in
            let (kind, person, from, to, queue, isGranted, author, words, at) = try row.decode(
                (String, Operator.ID, Instant, Instant, Queue.ID?, Bool, String, String, Instant).self)
            return DecidedRequest(
                kind: DecidedRequest.Kind(rawValue: kind) ?? .leave, operator: person, during: from..<to, queue: queue,
                state: isGranted ? .granted : .refused, by: author, words: words, at: at)
        }
    }
}

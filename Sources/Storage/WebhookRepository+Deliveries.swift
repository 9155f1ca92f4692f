package import Coverage
package import PostgresClient

extension WebhookRepository {
    /// A delivery that is still to be made, or was given up.
    package struct Delivery: Hashable, Sendable {
        package var webhook: Int
        package var event: Int64
        package var since: Instant
        /// How often it was attempted, the attempt under way too.
        package var attempts: Int
        package var nextAttemptAt: Instant
        package var lastProblem: String?
    }

    /// Takes a webhook that lags behind the events, so that no other node does the same.
    ///
    /// - Returns: Number, event types and last event; nil if none lags that is not somebody else's now.
    package func lagging(
        behind event: Int64, in transaction: PostgresTransaction
    ) async throws -> (number: Int, eventTypes: [String], lastEvent: Int64)? {
        try await transaction.query(
            """
            SELECT webhook_number, event_types, last_event FROM webhook
            WHERE consortium_id = \(consortium) AND last_event < \(event)
            ORDER BY last_event LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
            """
        ).first.map { try $0.decode((Int, [String], Int64).self) }
    }

    /// Makes deliveries of events, and notes how far the webhook has come.
    package func enqueue(
        _ events: [Int64], upTo last: Int64, for webhook: Int, at now: Instant, in transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            INSERT INTO webhook_delivery (consortium_id, webhook_number, event_number, since, next_attempt_at)
            SELECT \(consortium), \(webhook)::bigint::integer, event_number, \(now), \(now)
            FROM unnest(\(events)) AS event_number
            ON CONFLICT DO NOTHING
            """)
        try await transaction.execute(
            """
            UPDATE webhook SET last_event = \(last)
            WHERE consortium_id = \(consortium) AND webhook_number = \(webhook)
            """)
    }

    /// Takes deliveries that are due, for as long as the lease: whoever dies with them has only delayed them.
    ///
    /// Webhooks whose endpoint failed give one delivery at a time, and none before their time has come.
    ///
    /// - Returns: The deliveries, the oldest event first.
    package func claim(
        atMost limit: Int, at now: Instant, leaseSeconds: Int, in session: some PostgresSession
    ) async throws -> [Delivery] {
        let lease = now.advanced(bySeconds: Int64(leaseSeconds))
        return try await session.query(
            """
            WITH due AS (
                SELECT webhook_number, event_number
                FROM webhook AS hook CROSS JOIN LATERAL (
                    SELECT event_number FROM webhook_delivery AS waiting
                    WHERE waiting.consortium_id = \(consortium) AND waiting.webhook_number = hook.webhook_number
                        AND waiting.state = 'due' AND waiting.next_attempt_at <= \(now)
                    ORDER BY waiting.next_attempt_at, waiting.event_number
                    LIMIT CASE WHEN hook.failures > 0 THEN 1 ELSE \(limit) END
                    FOR UPDATE SKIP LOCKED) AS few
                WHERE hook.consortium_id = \(consortium) AND hook.quiet_until <= \(now)
                LIMIT \(limit))
            UPDATE webhook_delivery AS delivery
            SET next_attempt_at = \(lease), attempts = attempts + 1
            FROM due
            WHERE delivery.consortium_id = \(consortium) AND delivery.webhook_number = due.webhook_number
                AND delivery.event_number = due.event_number
            RETURNING delivery.webhook_number, delivery.event_number, since, attempts, next_attempt_at, last_problem
            """
        ).map(Self.delivery).sorted { ($0.event, $0.webhook) < ($1.event, $1.webhook) }
    }

    /// A delivery has arrived: it is over, and the endpoint is well.
    package func finish(_ delivery: Delivery, in session: some PostgresSession) async throws {
        try await session.execute(
            """
            WITH gone AS (
                DELETE FROM webhook_delivery WHERE consortium_id = \(consortium)
                    AND webhook_number = \(delivery.webhook) AND event_number = \(delivery.event))
            UPDATE webhook SET failures = 0, quiet_until = '-infinity'
            WHERE consortium_id = \(consortium) AND webhook_number = \(delivery.webhook) AND failures > 0
            """)
    }

    /// A delivery has not arrived.
    ///
    /// What was given up meanwhile stays so, but with what happened; what somebody else has taken since is theirs.
    ///
    /// - Parameters:
    ///   - delivery: Which one.
    ///   - problem: What happened, for whoever looks.
    ///   - retryAt: When it is tried again; nil gives it up.
    ///   - quietUntil: Until when nothing is sent to the endpoint.
    ///   - session: Where to write.
    /// - Throws: ``PostgresError``.
    package func fail(
        _ delivery: Delivery, because problem: String, retryAt: Instant?, quietUntil: Instant,
        in session: some PostgresSession
    ) async throws {
        try await session.execute(
            """
            WITH failed AS (
                UPDATE webhook_delivery
                SET last_problem = \(problem), next_attempt_at = coalesce(\(retryAt), next_attempt_at),
                    state = CASE WHEN \(retryAt == nil) THEN 'given_up' ELSE state END
                WHERE consortium_id = \(consortium) AND webhook_number = \(delivery.webhook)
                    AND event_number = \(delivery.event) AND attempts = \(delivery.attempts))
            UPDATE webhook SET failures = failures + 1, quiet_until = greatest(quiet_until, \(quietUntil))
            WHERE consortium_id = \(consortium) AND webhook_number = \(delivery.webhook)
            """)
    }

    /// Gives up what has waited too long behind an endpoint that does not answer.
    ///
    /// - Returns: How many were given up.
    package func giveUp(waitingSince before: Instant, in session: some PostgresSession) async throws -> Int {
        try await session.execute(
            """
            UPDATE webhook_delivery
            SET state = 'given_up', last_problem = coalesce(last_problem, 'the endpoint did not answer for too long')
            WHERE consortium_id = \(consortium) AND state = 'due' AND since < \(before)
            """)
    }

    /// The deliveries of a webhook that were given up, the oldest event first.
    package func givenUp(
        of webhook: Int, after event: Int64, limit: Int, in session: some PostgresSession
    ) async throws -> [Delivery] {
        try await session.query(
            """
            SELECT webhook_number, event_number, since, attempts, next_attempt_at, last_problem
            FROM webhook_delivery
            WHERE consortium_id = \(consortium) AND webhook_number = \(webhook) AND state = 'given_up'
                AND event_number > \(event)
            ORDER BY event_number LIMIT \(limit)
            """
        ).map(Self.delivery)
    }

    /// Puts what was given up back among what is due.
    ///
    /// - Returns: How many deliveries.
    package func retryGivenUp(of webhook: Int, at now: Instant, in session: some PostgresSession) async throws -> Int {
        try await session.execute(
            """
            UPDATE webhook_delivery SET state = 'due', since = \(now), attempts = 0, next_attempt_at = \(now)
            WHERE consortium_id = \(consortium) AND webhook_number = \(webhook) AND state = 'given_up'
            """)
    }

    private static func delivery(_ row: PostgresRow) throws -> Delivery {
        let (webhook, event, since, attempts, nextAttemptAt, lastProblem) = try row.decode(
            (Int, Int64, Instant, Int, Instant, String?).self)
        return Delivery(
            webhook: webhook, event: event, since: since, attempts: attempts, nextAttemptAt: nextAttemptAt,
            lastProblem: lastProblem)
    }
}

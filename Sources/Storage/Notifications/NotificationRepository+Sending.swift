package import Coverage
package import PostgresClient

/// What nodes do that send: several at once, any of which may die.
extension NotificationRepository {
    /// How a piece of news is sent.
    package enum Way: Hashable, Sendable {
        case mail
        /// To a program's address, signed with a secret of 32 bytes.
        case post(url: String, secret: [UInt8])
    }

    /// A piece of news that is about to be sent.
    package struct Claim: Hashable, Sendable {
        package var number: Int64
        package var notice: Notice
        package var way: Way
        package var email: String
        package var name: String
        /// By whose clock times are told; nil is the consortium's.
        package var timeZone: String?
        package var happenedAt: Instant
        /// How often it was attempted, the attempt under way too.
        package var attempts: Int
        package var firstAttemptAt: Instant
    }

    /// Takes news that is due, for as long as the lease: whoever dies with it has only delayed it.
    ///
    /// - Parameters:
    ///   - limit: How many at most.
    ///   - mails: Whether what goes by mail can be sent.
    ///   - posts: Whether what is posted can be.
    ///   - now: The present.
    ///   - leaseSeconds: For how long nobody else takes them.
    ///   - session: Where to write.
    /// - Returns: The news, the oldest first.
    /// - Throws: ``PostgresError``.
    package func claim(
        atMost limit: Int, mails: Bool = true, posts: Bool = false, at now: Instant, leaseSeconds: Int,
        in session: some PostgresSession
    ) async throws -> [Claim] {
        let lease = now.advanced(bySeconds: Int64(leaseSeconds))
        return try await session.query(
            """
            WITH due AS (
                SELECT n.notification_number FROM notification AS n JOIN account AS a USING (consortium_id, account_number)
                WHERE n.consortium_id = \(consortium) AND n.state = 'due' AND n.next_attempt_at <= \(now)
                    AND a.disabled_at IS NULL AND CASE n.way WHEN 'mail' THEN \(mails) ELSE \(posts) END
                ORDER BY n.next_attempt_at, n.notification_number LIMIT \(limit)
                FOR UPDATE OF n SKIP LOCKED)
            UPDATE notification AS n SET next_attempt_at = \(lease), attempts = attempts + 1,
                first_attempt_at = coalesce(first_attempt_at, \(now))
            FROM due, account AS a
                LEFT JOIN operator AS o ON (o.consortium_id, o.operator_id) = (a.consortium_id, a.operator_id)
                LEFT JOIN library AS l ON l.consortium_id = a.consortium_id
                    AND l.library_id = coalesce(a.library_id, o.library_id)
                LEFT JOIN notification_address AS p
                    ON (p.consortium_id, p.account_number) = (a.consortium_id, a.account_number)
            WHERE n.consortium_id = \(consortium) AND n.notification_number = due.notification_number
                AND a.consortium_id = n.consortium_id AND a.account_number = n.account_number
            RETURNING n.notification_number, facts::text, a.email, a.name, l.time_zone, happened_at, attempts,
                first_attempt_at, CASE n.way WHEN 'post' THEN p.url END, p.secret
            """
        ).map { row in
            let (number, facts, email, name, zone, happenedAt, attempts, firstAttemptAt, url, secret) = try row.decode(
                (Int64, String, String, String, String?, Instant, Int, Instant, String?, PostgresBytes?).self)
            // An address that was taken away meanwhile leaves the mail.
            var way = Way.mail
            if let url, let secret { way = .post(url: url, secret: secret.bytes) }
            return Claim(
                number: number, notice: try Self.notice(facts), way: way, email: email, name: name, timeZone: zone,
                happenedAt: happenedAt, attempts: attempts, firstAttemptAt: firstAttemptAt)
        }.sorted { $0.number < $1.number }
    }

    /// News was sent and is over; what somebody else has taken since is theirs.
    package func finish(_ claim: Claim, in session: some PostgresSession) async throws {
        try await session.execute(
            """
            DELETE FROM notification WHERE consortium_id = \(consortium) AND notification_number = \(claim.number)
                AND attempts = \(claim.attempts)
            """)
    }

    /// News was not sent.
    ///
    /// - Parameters:
    ///   - claim: Which.
    ///   - problem: What happened, for whoever looks.
    ///   - retryAt: When it is tried again; nil gives it up.
    ///   - session: Where to write.
    /// - Throws: ``PostgresError``.
    package func fail(
        _ claim: Claim, because problem: String, retryAt: Instant?, in session: some PostgresSession
    ) async throws {
        try await session.execute(
            """
            UPDATE notification SET last_problem = \(problem),
                next_attempt_at = coalesce(\(retryAt), next_attempt_at),
                state = CASE WHEN \(retryAt == nil) THEN 'given_up' ELSE state END
            WHERE consortium_id = \(consortium) AND notification_number = \(claim.number)
                AND attempts = \(claim.attempts)
            """)
    }

    /// Forgets what nobody has sent for too long, and what was given up long ago.
    ///
    /// - Returns: How many.
    package func forget(happenedBefore time: Instant, in session: some PostgresSession) async throws -> Int {
        try await session.execute(
            "DELETE FROM notification WHERE consortium_id = \(consortium) AND happened_at < \(time)")
    }

    /// The latest problem with mail to an account that was given up; nil if there is none.
    package func latestProblem(of account: Int, in session: some PostgresSession) async throws -> String? {
        try await session.query(
            """
            SELECT coalesce(last_problem, 'it was not sent') FROM notification
            WHERE consortium_id = \(consortium) AND account_number = \(account) AND state = 'given_up'
            ORDER BY notification_number DESC LIMIT 1
            """
        ).first?.decode(String.self)
    }

    // MARK: Daily mails

    /// An account that may have a daily mail.
    package struct Reader: Hashable, Sendable {
        package var account: Int
        /// From which hour on, by the consortium's clock.
        package var hour: Int
        /// The last day whose mail was made.
        package var madeFor: CivilDate?
    }

    /// The accounts for which news is collected, or who have requests to decide on and want to be told so daily.
    package func readers(in session: some PostgresSession) async throws -> [Reader] {
        let standard = NotificationTopic.requests.standard.rawValue
        return try await session.query(
            """
            SELECT a.account_number, coalesce(d.hour, \(Self.standardHour)), d.made_for
            FROM account AS a
                LEFT JOIN notification_digest AS d
                    ON (d.consortium_id, d.account_number) = (a.consortium_id, a.account_number)
                LEFT JOIN notification_choice AS c
                    ON (c.consortium_id, c.account_number) = (a.consortium_id, a.account_number)
                        AND c.topic = \(NotificationTopic.requests.rawValue)
            WHERE a.consortium_id = \(consortium) AND a.disabled_at IS NULL AND (
                EXISTS (SELECT FROM notification AS n WHERE n.consortium_id = a.consortium_id
                    AND n.account_number = a.account_number AND n.state = 'collected')
                OR a.role IN ('coordinator', 'manager') AND coalesce(c.delivery, \(standard)) = 'daily')
            ORDER BY a.account_number
            """
        ).map { row in
            let (account, hour, madeFor) = try row.decode((Int, Int, CivilDate?).self)
            return Reader(account: account, hour: hour, madeFor: madeFor)
        }
    }

    /// Makes an account's daily mail of what was collected, once for a day: several nodes may try.
    ///
    /// - Parameters:
    ///   - reader: Whose.
    ///   - day: The day, by the consortium's clock.
    ///   - moment: What happened from then on is left for the next one.
    ///   - now: The present.
    ///   - transaction: All or nothing.
    /// - Returns: Whether there is a mail: none where nothing happened and nothing waits.
    /// - Throws: ``PostgresError``.
    package func makeDigest(
        for reader: Reader, day: CivilDate, before moment: Instant, at now: Instant,
        in transaction: PostgresTransaction
    ) async throws -> Bool {
        let isFirst = try await transaction.execute(
            """
            INSERT INTO notification_digest AS d (consortium_id, account_number, hour, made_for)
            VALUES (\(consortium), \(reader.account)::bigint::integer, \(reader.hour)::bigint::smallint, \(day))
            ON CONFLICT (consortium_id, account_number) DO UPDATE SET made_for = EXCLUDED.made_for
                WHERE d.made_for IS NULL OR d.made_for < EXCLUDED.made_for
            """)
        guard isFirst == 1 else { return false }
        let collected = try await transaction.query(
            """
            WITH gone AS (
                DELETE FROM notification WHERE consortium_id = \(consortium) AND account_number = \(reader.account)
                    AND state = 'collected' AND happened_at < \(moment)
                RETURNING notification_number, facts)
            SELECT facts::text FROM gone ORDER BY notification_number
            """
        ).map { try Self.notice(try $0.decode(String.self)) }
        let undecided = try await openRequests(of: reader.account, in: transaction)
        guard !collected.isEmpty || undecided > 0 else { return false }
        let digest = Notice.digest(collected, undecided: undecided)
        return try await enqueue(digest, to: .account(reader.account), by: "", at: now, in: transaction) > 0
    }

    /// How many requests wait for an account's owner: for coordinators all, for a library those that a colleague of
    /// theirs has not answered.
    private func openRequests(of account: Int, in session: some PostgresSession) async throws -> Int {
        try await session.query(
            """
            SELECT count(*) FROM account AS a JOIN (
                SELECT consortium_id,
                    CASE WHEN colleague_agreed_at IS NULL THEN with_library_id END AS library_id,
                    CASE WHEN colleague_agreed_at IS NULL THEN with_operator_id END AS operator_id
                FROM swap_request WHERE state = 'open'
                UNION ALL SELECT consortium_id, library_id, NULL FROM leave_request WHERE state = 'open'
                UNION ALL SELECT consortium_id, NULL, NULL FROM shift_decline WHERE state = 'open'
                UNION ALL SELECT consortium_id, NULL, NULL FROM shift_claim WHERE state = 'open') AS r
                ON r.consortium_id = a.consortium_id
            WHERE a.consortium_id = \(consortium) AND a.account_number = \(account)
                AND (a.role = 'coordinator' OR a.role = 'manager' AND a.library_id = r.library_id
                    OR a.role = 'operator' AND a.operator_id = r.operator_id)
                AND NOT EXISTS (SELECT FROM notification_choice AS c WHERE c.consortium_id = a.consortium_id
                    AND c.account_number = a.account_number AND c.topic = \(NotificationTopic.requests.rawValue)
                    AND c.delivery = 'never')
            """
        ).single().decode(Int.self)
    }
}

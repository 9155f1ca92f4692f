package import Calendars
package import Coverage
package import PostgresClient

/// Secret addresses of calendars, and what is to be seen under them.
package struct CalendarRepository: Sendable {
    /// An address, without its secret: only a hash of that is kept.
    package struct Feed: Hashable, Sendable {
        /// Counted from 1 in the consortium.
        package var number: Int
        package var subject: CalendarSubject
        /// What the subject is called.
        package var name: String
        package var createdAt: Instant
        package var createdBy: String
        package var revokedAt: Instant?
    }

    package let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    // MARK: Addresses

    /// All addresses, revoked ones too, the oldest first.
    package func all(in session: some PostgresSession) async throws -> [Feed] {
        try await feeds(in: session)
    }

    /// The address with a secret, known by its SHA-256; nil if there is none, or it was revoked.
    package func feed(hash: [UInt8], in session: some PostgresSession) async throws -> Feed? {
        try await feeds(hash: PostgresBytes(hash), in: session).first { $0.revokedAt == nil }
    }

    /// The addresses of one subject that were not revoked, the oldest first.
    package func current(of subject: CalendarSubject, in session: some PostgresSession) async throws -> [Feed] {
        try await feeds(of: subject, in: session).filter { $0.revokedAt == nil }
    }

    /// The address with a number; nil if there is none, or it was revoked.
    package func current(_ number: Int, in session: some PostgresSession) async throws -> Feed? {
        try await feeds(number: number, in: session).first { $0.revokedAt == nil }
    }

    private func feeds(
        hash: PostgresBytes? = nil, of subject: CalendarSubject? = nil, number: Int? = nil,
        in session: some PostgresSession
    ) async throws -> [Feed] {
        let (person, library, queue) = subject.map(Self.columns) ?? (nil, nil, nil)
        return try await session.query(
            """
            SELECT feed_number, feed.operator_id, feed.library_id, feed.queue_id,
                coalesce(operator.name, library.name, queue.name), feed.created_at, feed.created_by, feed.revoked_at
            FROM calendar_feed AS feed
                LEFT JOIN operator ON (operator.consortium_id, operator.operator_id)
                    = (feed.consortium_id, feed.operator_id)
                LEFT JOIN library ON (library.consortium_id, library.library_id)
                    = (feed.consortium_id, feed.library_id)
                LEFT JOIN queue ON (queue.consortium_id, queue.queue_id) = (feed.consortium_id, feed.queue_id)
            WHERE feed.consortium_id = \(consortium)
                AND (\(hash)::bytea IS NULL OR secret_hash = \(hash)::bytea)
                AND (\(number)::bigint IS NULL OR feed_number = \(number)::bigint)
                AND (\(person)::text IS NULL OR feed.operator_id = \(person)::text)
                AND (\(library)::text IS NULL OR feed.library_id = \(library)::text)
                AND (\(queue)::text IS NULL OR feed.queue_id = \(queue)::text)
            ORDER BY feed_number
            """
        ).compactMap { row in
            let (number, person, library, queue, name, createdAt, createdBy, revokedAt) = try row.decode(
                (Int, Operator.ID?, Library.ID?, Queue.ID?, String, Instant, String, Instant?).self)
            let subject = person.map(CalendarSubject.person) ?? library.map(CalendarSubject.library)
            guard let subject = subject ?? queue.map(CalendarSubject.queue) else { return nil }
            return Feed(
                number: number, subject: subject, name: name, createdAt: createdAt, createdBy: createdBy,
                revokedAt: revokedAt)
        }
    }

    /// Adds an address.
    ///
    /// - Parameters:
    ///   - subject: Whose calendar.
    ///   - hash: SHA-256 of the secret.
    ///   - author: Who makes it.
    ///   - now: When.
    ///   - transaction: All or nothing.
    /// - Returns: Its number.
    /// - Throws: ``PostgresError`` with the code `foreignKeyViolation` if there is no such subject.
    package func insert(
        _ subject: CalendarSubject, hash: [UInt8], by author: String, at now: Instant,
        in transaction: PostgresTransaction
    ) async throws -> Int {
        let (person, library, queue) = Self.columns(of: subject)
        // Two that add at once wait for each other here, so that no number is given twice.
        try await transaction.execute(
            "SELECT FROM consortium WHERE consortium_id = \(consortium) FOR NO KEY UPDATE")
        return try await transaction.query(
            """
            INSERT INTO calendar_feed (consortium_id, feed_number, secret_hash, operator_id, library_id, queue_id,
                created_at, created_by)
            SELECT \(consortium), coalesce(max(feed_number), 0) + 1, \(PostgresBytes(hash)), \(person)::text,
                \(library)::text, \(queue)::text, \(now), \(author)
            FROM calendar_feed WHERE consortium_id = \(consortium)
            RETURNING feed_number
            """
        ).single().decode(Int.self)
    }

    /// Revokes an address for good.
    ///
    /// - Returns: Whether there was such a one that was not revoked before.
    package func revoke(_ number: Int, at now: Instant, in session: some PostgresSession) async throws -> Bool {
        try await session.query(
            """
            UPDATE calendar_feed SET revoked_at = \(now)
            WHERE consortium_id = \(consortium) AND feed_number = \(number) AND revoked_at IS NULL
            RETURNING feed_number
            """
        ).first != nil
    }

    private static func columns(of subject: CalendarSubject) -> (Operator.ID?, Library.ID?, Queue.ID?) {
        switch subject {
        case .person(let id): (id, nil, nil)
        case .library(let id): (nil, id, nil)
        case .queue(let id): (nil, nil, id)
        }
    }

    // MARK: What is seen

    /// All plans that were ever published, as they were then and after each edit since.
    package func publications(in session: some PostgresSession) async throws -> [Publication] {
        try await session.query(
            """
            WITH touched AS (
                SELECT plan_number, since_edit AS edit_number FROM shift
                WHERE consortium_id = \(consortium) AND since_edit > 0
                UNION SELECT plan_number, since_edit FROM past_shift
                WHERE consortium_id = \(consortium) AND since_edit > 0
                UNION SELECT plan_number, until_edit FROM past_shift WHERE consortium_id = \(consortium)
            ), edited AS (
                SELECT plan_number, edit_number, made_at, made_at <= published_at AS is_before
                FROM touched JOIN plan USING (plan_number) JOIN plan_edit USING (consortium_id, edit_number)
                WHERE consortium_id = \(consortium) AND published_at IS NOT NULL
            )
            SELECT plan_number, coalesce((SELECT max(edit_number) FROM edited
                    WHERE edited.plan_number = plan.plan_number AND is_before), 0),
                lower(period), upper(period), published_at, superseded_at
            FROM plan WHERE consortium_id = \(consortium) AND published_at IS NOT NULL
            UNION ALL
            SELECT plan_number, edit_number, lower(period), upper(period), made_at, superseded_at
            FROM edited JOIN plan USING (plan_number) WHERE consortium_id = \(consortium) AND NOT is_before
            """
        ).map { row in
            let (plan, edit, from, to, publishedAt, supersededAt) = try row.decode(
                (Int, Int, Instant, Instant, Instant, Instant?).self)
            return Publication(
                plan: plan, edit: edit, period: from..<to, publishedAt: publishedAt, supersededAt: supersededAt)
        }
    }

    /// A subject's shifts in all plans that were ever published, those that end after an instant.
    ///
    /// - Complexity: O(the subject's shifts in all these plans)
    package func shifts(
        of subject: CalendarSubject, after start: Instant, in session: some PostgresSession
    ) async throws -> [PublishedShift] {
        let (person, library, queue) = Self.columns(of: subject)
        return try await session.query(
            """
            SELECT plan_number, since_edit, until_edit, queue_id, operator_id, lower(during), upper(during),
                operator.name, queue.name, library.library_id, library.name
            FROM (
                SELECT consortium_id, plan_number, since_edit, NULL::integer AS until_edit, queue_id, operator_id, during
                FROM shift
                UNION ALL
                SELECT consortium_id, plan_number, since_edit, until_edit, queue_id, operator_id, during
                FROM past_shift) AS shift
                JOIN plan USING (consortium_id, plan_number) JOIN operator USING (consortium_id, operator_id)
                JOIN queue USING (consortium_id, queue_id) JOIN library USING (consortium_id, library_id)
            WHERE consortium_id = \(consortium) AND published_at IS NOT NULL AND upper(period) > \(start)
                AND upper(during) > \(start)
                AND (\(person)::text IS NULL OR operator_id = \(person)::text)
                AND (\(library)::text IS NULL OR library_id = \(library)::text)
                AND (\(queue)::text IS NULL OR queue_id = \(queue)::text)
            """
        ).map { row in
            let (plan, since, until, queue, person, from, to, operatorName, queueName, library, libraryName) =
                try row.decode(
                    (Int, Int, Int?, Queue.ID, Operator.ID, Instant, Instant, String, String, Library.ID, String).self)
            return PublishedShift(
                plan: plan, edits: since..<(until ?? Int.max),
                shift: Shift(queue: queue, operator: person, during: from..<to),
                operatorName: operatorName, queueName: queueName, library: library, libraryName: libraryName)
        }
    }
}

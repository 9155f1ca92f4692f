package import Coverage
package import PostgresClient

/// Who did what, when.
package struct AuditRepository: Sendable {
    /// One act of a person.
    package struct Entry: Hashable, Sendable {
        package var at: Instant
        package var actor: String
        /// What was done, `import` or `publish`.
        package var action: String
        /// To what, `plan 3`.
        package var subject: String

        package init(at: Instant, actor: String, action: String, subject: String) {
            self.at = at
            self.actor = actor
            self.action = action
            self.subject = subject
        }
    }

    package let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    /// Records an act in the transaction that performs it.
    ///
    /// - Parameters:
    ///   - entry: The act.
    ///   - before: What was there before, as JSON.
    ///   - after: What is there now, as JSON.
    ///   - transaction: The act's own.
    /// - Throws: ``PostgresError``.
    package func record(
        _ entry: Entry, before: String? = nil, after: String? = nil, in transaction: some PostgresSession
    ) async throws {
        try await transaction.execute(
            """
            INSERT INTO audit_log (consortium_id, at, actor, action, subject, before, after)
            VALUES (\(consortium), \(entry.at), \(entry.actor), \(entry.action), \(entry.subject),
                \(before)::text::jsonb, \(after)::text::jsonb)
            """)
    }

    /// The latest acts, the newest first.
    package func latest(_ count: Int, in session: some PostgresSession) async throws -> [Entry] {
        try await session.query(
            """
            SELECT at, actor, action, subject FROM audit_log WHERE consortium_id = \(consortium)
            ORDER BY audit_number DESC LIMIT \(count)
            """
        ).map { row in
            let (at, actor, action, subject) = try row.decode((Instant, String, String, String).self)
            return Entry(at: at, actor: actor, action: action, subject: subject)
        }
    }

    /// The latest act that is one of some kinds; nil if there is none.
    package func latest(of actions: [String], in session: some PostgresSession) async throws -> Entry? {
        try await session.query(
            """
            SELECT at, actor, action, subject FROM audit_log
            WHERE consortium_id = \(consortium) AND action = ANY (\(actions))
            ORDER BY audit_number DESC LIMIT 1
            """
        ).first.map { row in
            let (at, actor, action, subject) = try row.decode((Instant, String, String, String).self)
            return Entry(at: at, actor: actor, action: action, subject: subject)
        }
    }
}

package import Coverage
package import PostgresClient

extension ConsortiumRepository {
    /// What became of those who are no longer in a bundle.
    package struct Leavers: Hashable, Sendable {
        /// Nothing refers to them: deleted.
        package var deleted = 0
        /// Past schedules or sessions name them: kept, marked as having left.
        package var retired = 0

        package init(deleted: Int = 0, retired: Int = 0) {
            self.deleted = deleted
            self.retired = retired
        }
    }

    /// Does what a difference says, and nothing else.
    ///
    /// Rows go to a temporary table by COPY and from there by one statement a kind, so the cost is a few dozen round
    /// trips whatever the size. The database's own constraints check each row again.
    ///
    /// - Parameters:
    ///   - difference: From what is stored now to what is wanted; computed in this transaction, under ``lock(in:)``.
    ///   - now: When those who left are marked as having left.
    ///   - transaction: All or nothing.
    /// - Returns: What became of those who are gone from the bundle.
    /// - Throws: ``PostgresError``.
    package func apply(
        _ difference: BundleDifference, at now: Instant, in transaction: some PostgresSession
    ) async throws -> Leavers {
        try await applySettings(difference, in: transaction)
        try await upsertLibraries(difference.libraries.arriving, in: transaction)
        try await upsertQueues(difference.queues.arriving, in: transaction)
        try await upsertOperators(difference.operators.arriving, in: transaction)
        try await applyHours(difference.hours, in: transaction)
        try await applyDemand(difference.demand, in: transaction)
        try await applyAvailability(difference.availability, in: transaction)
        try await applyAbsences(difference.absences, in: transaction)
        try await applyClosures(difference.closures, in: transaction)
        try await applyRoutings(difference.routings, in: transaction)
        try await applyLibraryHours(difference.libraryHours, in: transaction)
        var leavers = Leavers()
        // Operators first: a library that still has one stays.
        try await remove("operator", difference.operators.removed.map(\.id.rawValue), at: now, &leavers, transaction)
        try await remove("queue", difference.queues.removed.map(\.id.rawValue), at: now, &leavers, transaction)
        try await remove("library", difference.libraries.removed.map(\.id.rawValue), at: now, &leavers, transaction)
        return leavers
    }

    private func applySettings(_ difference: BundleDifference, in transaction: some PostgresSession) async throws {
        let settings = difference.consortium
        if difference.consortiumChanges {
            try await transaction.execute(
                """
                INSERT INTO consortium (consortium_id, name, time_zone, slot_minutes, starts_on, weeks)
                VALUES (\(consortium), \(settings.name), \(settings.timeZone), \(settings.slotMinutes),
                    \(settings.startsOn), \(settings.weeks))
                ON CONFLICT (consortium_id) DO UPDATE SET name = EXCLUDED.name, time_zone = EXCLUDED.time_zone,
                    slot_minutes = EXCLUDED.slot_minutes, starts_on = EXCLUDED.starts_on, weeks = EXCLUDED.weeks
                """)
        }
        try await removeRules(difference.rules.removed.map(\.name.rawValue), in: transaction)
        for rule in difference.rules.arriving {
            let keys = rule.parameters.keys.map(\.rawValue).sorted()
            let values = keys.map { rule.parameters[Rule.Parameter(rawValue: $0) ?? .weight]?.description ?? "0" }
            try await transaction.execute(
                """
                INSERT INTO rule (consortium_id, rule_name, class, parameters)
                VALUES (\(consortium), \(rule.name), \(rule.ruleClass), jsonb_object(\(keys)::text[], \(values)::text[]))
                ON CONFLICT (consortium_id, rule_name) DO UPDATE
                    SET class = EXCLUDED.class, parameters = EXCLUDED.parameters
                """)
        }
    }

    /// Optional rules that a bundle does not name any more, with the permissions to bend them, which mean nothing then.
    private func removeRules(_ names: [String], in transaction: some PostgresSession) async throws {
        guard !names.isEmpty else { return }
        for table in ["rule_override", "rule"] {
            try await transaction.execute(
                """
                DELETE FROM \(identifier: table) WHERE consortium_id = \(consortium) AND rule_name = ANY (\(names))
                """)
        }
    }

    private func upsertLibraries(_ libraries: [Library], in transaction: some PostgresSession) async throws {
        try await transaction.stage(
            libraries, as: "incoming_library",
            columns: "id text, name text, kind text, zone text, hours numeric, phone text, email text, url text"
        ) { writer, library in
            try await writer.writeRow(
                library.id, library.name, library.kind, library.timeZone, library.contributionHoursPerWeek,
                library.phone, library.email, library.url)
        } then: {
            """
            INSERT INTO library (consortium_id, library_id, name, kind, time_zone, contribution_hours_per_week,
                phone, email, url)
            SELECT \(consortium), id, name, kind, zone, hours, phone, email, url FROM incoming_library
            ON CONFLICT (consortium_id, library_id) DO UPDATE SET name = EXCLUDED.name, kind = EXCLUDED.kind,
                time_zone = EXCLUDED.time_zone, phone = EXCLUDED.phone, email = EXCLUDED.email, url = EXCLUDED.url,
                contribution_hours_per_week = EXCLUDED.contribution_hours_per_week, retired_at = NULL
            """
        }
    }

    private func upsertQueues(_ queues: [Queue], in transaction: some PostgresSession) async throws {
        try await transaction.stage(
            queues, as: "incoming_queue",
            columns: """
                id text, name text, channel text, skill text, shortest int, longest int, seconds int, share numeric,
                priority int
                """
        ) { writer, queue in
            try await writer.writeRow(
                queue.id, queue.name, queue.channel, queue.skill, Int32(queue.minShiftMinutes),
                Int32(queue.maxShiftMinutes), Int32(queue.answerSeconds), queue.answerShare, Int32(queue.priority))
        } then: {
            """
            INSERT INTO queue (consortium_id, queue_id, name, channel, skill, min_shift_minutes, max_shift_minutes,
                answer_seconds, answer_share, priority)
            SELECT \(consortium), id, name, channel, skill, shortest, longest, seconds, share, priority
            FROM incoming_queue
            ON CONFLICT (consortium_id, queue_id) DO UPDATE SET name = EXCLUDED.name, channel = EXCLUDED.channel,
                skill = EXCLUDED.skill, min_shift_minutes = EXCLUDED.min_shift_minutes,
                max_shift_minutes = EXCLUDED.max_shift_minutes, answer_seconds = EXCLUDED.answer_seconds,
                answer_share = EXCLUDED.answer_share, priority = EXCLUDED.priority, retired_at = NULL
            """
        }
    }

    private func upsertOperators(_ operators: [Operator], in transaction: some PostgresSession) async throws {
        try await transaction.stage(
            operators, as: "incoming_operator",
            columns: """
                id text, library text, name text, email text, per_week numeric, per_day numeric, capacity int,
                skills text[]
                """
        ) { writer, person in
            try await writer.writeRow(
                person.id, person.library, person.name, person.email, person.maxHoursPerWeek, person.maxHoursPerDay,
                Int32(person.chatCapacity), person.skills.map(\.rawValue))
        } then: {
            """
            INSERT INTO operator (consortium_id, operator_id, library_id, name, email, max_hours_per_week,
                max_hours_per_day, chat_capacity)
            SELECT \(consortium), id, library, name, email, per_week, per_day, capacity FROM incoming_operator
            ON CONFLICT (consortium_id, operator_id) DO UPDATE SET library_id = EXCLUDED.library_id,
                name = EXCLUDED.name, email = EXCLUDED.email, max_hours_per_week = EXCLUDED.max_hours_per_week,
                max_hours_per_day = EXCLUDED.max_hours_per_day, chat_capacity = EXCLUDED.chat_capacity,
                retired_at = NULL
            """
            """
            DELETE FROM operator_skill USING incoming_operator
            WHERE consortium_id = \(consortium) AND operator_id = id AND skill <> ALL (skills)
            """
            """
            INSERT INTO operator_skill (consortium_id, operator_id, skill)
            SELECT \(consortium), id, unnest(skills) FROM incoming_operator
            ON CONFLICT DO NOTHING
            """
        }
    }

    /// Deletes those that nothing refers to and marks the others as having left.
    private func remove(
        _ table: String, _ ids: [String], at now: Instant, _ leavers: inout Leavers,
        _ transaction: some PostgresSession
    ) async throws {
        guard !ids.isEmpty else { return }
        let references =
            switch table {
            case "operator":
                [
                    "shift", "past_shift", "rule_override", "presence", "session", "swap_request", "shift_decline",
                    "shift_claim", "leave_request",
                ]
            case "queue": ["shift", "past_shift", "shift_claim", "past_session", "live_session", "session"]
            default:
                [
                    "operator", "past_session", "session", "api_token", "swap_request", "shift_decline",
                    "leave_request", "intent",
                ]
            }
        let key = "\(table)_id"
        let unreferenced = references.map { other in
            "NOT EXISTS (SELECT FROM \(other) AS r WHERE r.consortium_id = t.consortium_id AND r.\(key) = t.\(key))"
        }.joined(separator: " AND ")
        leavers.deleted += try await transaction.execute(
            """
            DELETE FROM \(identifier: table) AS t
            WHERE consortium_id = \(consortium) AND \(identifier: key) = ANY (\(ids)) AND \(unescaped: unreferenced)
            """)
        leavers.retired += try await transaction.execute(
            """
            UPDATE \(identifier: table) SET retired_at = \(now)
            WHERE consortium_id = \(consortium) AND \(identifier: key) = ANY (\(ids))
            """)
    }
}

extension CollectionDifference {
    /// All elements that are to stand as they are in the later collection.
    fileprivate var arriving: [Element] { added + changed.map(\.after) }
}

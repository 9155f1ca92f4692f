package import Coverage
package import PostgresClient

/// A consortium with its libraries, operators, queues and their weekly hours: what a bundle holds.
package struct ConsortiumRepository: Sendable {
    package let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    /// Waits until no other import or publication of this consortium runs, and keeps others waiting until the
    /// transaction ends.
    package func lock(in transaction: some PostgresSession) async throws {
        try await transaction.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('coverdesk consortium ' || \(consortium), 0))")
    }

    /// The ids of all consortia in the database.
    package static func all(in session: some PostgresSession) async throws -> [Consortium.ID] {
        try await session.query("SELECT consortium_id FROM consortium ORDER BY consortium_id")
            .map { try $0.decode(Consortium.ID.self) }
    }

    /// The settings with the rules; nil if nothing was imported yet.
    package func settings(in session: some PostgresSession) async throws -> Consortium? {
        let rows = try await session.query(
            """
            SELECT name, time_zone, slot_minutes, starts_on, weeks FROM consortium
            WHERE consortium_id = \(consortium)
            """)
        guard let row = rows.first else { return nil }
        let (name, timeZone, slotMinutes, startsOn, weeks) = try row.decode(
            (String, String, Int, CivilDate, Int).self)
        return Consortium(
            name: name, timeZone: timeZone, slotMinutes: slotMinutes, startsOn: startsOn, weeks: weeks,
            rules: RuleBook(try await rules(in: session)))
    }

    /// All that a bundle holds, as stored: demand that touches `period`, absences and closures of all times.
    ///
    /// Libraries, operators and queues that have left are not in it. Each collection is sorted as bundles are.
    package func bundle(in session: some PostgresSession, demandIn period: Range<Instant>) async throws
        -> ConsortiumBundle?
    {
        guard let settings = try await settings(in: session) else { return nil }
        return ConsortiumBundle(
            consortium: settings,
            libraries: try await libraries(in: session),
            operators: try await operators(in: session),
            queues: try await queues(in: session),
            hours: try await openingHours(in: session),
            demand: try await demand(in: session, period: period),
            availability: try await availability(in: session),
            absences: try await absences(in: session),
            closures: try await closures(in: session),
            routings: try await routings(in: session).nonEmpty,
            libraryHours: try await libraryHours(in: session).nonEmpty)
    }

    /// The operators' recorded permissions to bend a yellow rule that touch a period.
    package func overrides(in session: some PostgresSession, touching period: Range<Instant>) async throws
        -> [RuleOverride]
    {
        try await session.query(
            """
            SELECT rule_name, operator_id, lower(during), upper(during), reason, approved_by
            FROM rule_override
            WHERE consortium_id = \(consortium)
                AND during && tstzrange(\(period.lowerBound), \(period.upperBound))
            ORDER BY override_number
            """
        ).map { row in
            let (rule, operatorID, start, end, reason, approvedBy) = try row.decode(
                (Rule.Name, Operator.ID, Instant, Instant, String, String).self)
            return RuleOverride(
                rule: rule, operator: operatorID, during: start..<end, reason: reason, approvedBy: approvedBy)
        }
    }
}

// MARK: - Collections

extension ConsortiumRepository {
    private func rules(in session: some PostgresSession) async throws -> [Rule] {
        try await session.query(
            """
            SELECT rule_name, class,
                ARRAY(SELECT key FROM jsonb_each_text(parameters) ORDER BY key),
                ARRAY(SELECT value FROM jsonb_each_text(parameters) ORDER BY key)
            FROM rule WHERE consortium_id = \(consortium)
            """
        ).map { row in
            let (name, ruleClass, keys, values) = try row.decode(
                (Rule.Name, Rule.Class, [String], [String]).self)
            var parameters: [Rule.Parameter: Thousandths] = [:]
            for (key, value) in zip(keys, values) {
                if let parameter = Rule.Parameter(rawValue: key) { parameters[parameter] = Thousandths(value) }
            }
            return Rule(name: name, ruleClass: ruleClass, parameters: parameters)
        }
    }

    /// The libraries that have not left, by id.
    package func libraries(in session: some PostgresSession) async throws -> [Library] {
        try await session.query(
            """
            SELECT library_id, name, kind, time_zone, contribution_hours_per_week, phone, email, url
            FROM library WHERE consortium_id = \(consortium) AND retired_at IS NULL ORDER BY library_id
            """
        ).map { row in
            let (id, name, kind, timeZone, hours, phone, email, url) = try row.decode(
                (Library.ID, String, Library.Kind, String, Thousandths, String, String, String).self)
            return Library(
                id: id, name: name, kind: kind, timeZone: timeZone, contributionHoursPerWeek: hours,
                phone: phone, email: email, url: url)
        }
    }

    /// All operators by id, those who have left included: what a schedule of the past may name.
    package func everyOperator(in session: some PostgresSession) async throws -> [Operator.ID: Operator] {
        let all = try await operators(in: session, includingRetired: true)
        return Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
    }

    /// All queues by id, those that were given up included.
    package func everyQueue(in session: some PostgresSession) async throws -> [Queue.ID: Queue] {
        let all = try await queues(in: session, includingRetired: true)
        return Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
    }

    private func operators(
        in session: some PostgresSession, includingRetired: Bool = false
    ) async throws -> [Operator] {
        try await session.query(
            """
            SELECT operator_id, library_id, name, email, max_hours_per_week, max_hours_per_day, chat_capacity,
                ARRAY(SELECT skill::text FROM operator_skill AS s
                    WHERE s.consortium_id = o.consortium_id AND s.operator_id = o.operator_id ORDER BY s.skill)
            FROM operator AS o
            WHERE consortium_id = \(consortium) AND (\(includingRetired) OR retired_at IS NULL) ORDER BY operator_id
            """
        ).map { row in
            let (id, library, name, email, perWeek, perDay, capacity, skills) = try row.decode(
                (Operator.ID, Library.ID, String, String, Thousandths, Thousandths, Int, [String]).self)
            return Operator(
                id: id, library: library, name: name, email: email, skills: skills.map { Skill($0) },
                maxHoursPerWeek: perWeek, maxHoursPerDay: perDay, chatCapacity: capacity)
        }
    }

    /// The queues, by id; without those that were given up, unless they are asked for.
    package func queues(in session: some PostgresSession, includingRetired: Bool = false) async throws -> [Queue] {
        try await session.query(
            """
            SELECT queue_id, name, channel, skill, min_shift_minutes, max_shift_minutes,
                answer_seconds, answer_share, priority
            FROM queue
            WHERE consortium_id = \(consortium) AND (\(includingRetired) OR retired_at IS NULL) ORDER BY queue_id
            """
        ).map { row in
            let (id, name, channel, skill, shortest, longest, seconds, share, priority) = try row.decode(
                (Queue.ID, String, Queue.Channel, Skill, Int, Int, Int, Thousandths, Int).self)
            return Queue(
                id: id, name: name, channel: channel, skill: skill, minShiftMinutes: shortest,
                maxShiftMinutes: longest, answerSeconds: seconds, answerShare: share, priority: priority)
        }
    }

    func openingHours(in session: some PostgresSession) async throws -> [OpeningHours] {
        try await session.query(
            """
            SELECT queue_id, weekday, opens, closes FROM opening_hours AS h JOIN queue AS q
                USING (consortium_id, queue_id)
            WHERE consortium_id = \(consortium) AND retired_at IS NULL ORDER BY queue_id, weekday, opens
            """
        ).map { row in
            let (queue, weekday, opens, closes) = try row.decode(
                (Queue.ID, Weekday, MinuteOfDay, MinuteOfDay).self)
            return OpeningHours(queue: queue, weekday: weekday, opens: opens, closes: closes)
        }
    }

    private func demand(in session: some PostgresSession, period: Range<Instant>) async throws -> [Demand] {
        try await session.query(
            """
            SELECT queue_id, lower(during), upper(during), minimum, target
            FROM demand JOIN queue USING (consortium_id, queue_id)
            WHERE consortium_id = \(consortium) AND retired_at IS NULL
                AND during && tstzrange(\(period.lowerBound), \(period.upperBound))
            ORDER BY queue_id, during
            """
        ).map { row in
            let (queue, start, end, minimum, target) = try row.decode((Queue.ID, Instant, Instant, Int, Int).self)
            return Demand(queue: queue, during: start..<end, minimum: minimum, target: target)
        }
    }

    private func availability(in session: some PostgresSession) async throws -> [Availability] {
        try await session.query(
            """
            SELECT operator_id, weekday, from_minute, to_minute, preference
            FROM availability JOIN operator USING (consortium_id, operator_id)
            WHERE consortium_id = \(consortium) AND retired_at IS NULL
            ORDER BY operator_id, weekday, from_minute, to_minute, preference
            """
        ).map { row in
            let (operatorID, weekday, from, to, preference) = try row.decode(
                (Operator.ID, Weekday, MinuteOfDay, MinuteOfDay, Int).self)
            return Availability(operator: operatorID, weekday: weekday, from: from, to: to, preference: preference)
        }
    }

    private func absences(in session: some PostgresSession) async throws -> [Absence] {
        try await session.query(
            """
            SELECT operator_id, lower(during), upper(during), reason
            FROM absence JOIN operator USING (consortium_id, operator_id)
            WHERE consortium_id = \(consortium) AND retired_at IS NULL ORDER BY operator_id, during, reason
            """
        ).map { row in
            let (operatorID, start, end, reason) = try row.decode((Operator.ID, Instant, Instant, String).self)
            return Absence(operator: operatorID, during: start..<end, reason: reason)
        }
    }

    func closures(in session: some PostgresSession) async throws -> [Closure] {
        try await session.query(
            """
            SELECT library_id, closed_on, reason FROM closure LEFT JOIN library
                USING (consortium_id, library_id)
            WHERE consortium_id = \(consortium) AND retired_at IS NULL ORDER BY library_id NULLS FIRST, closed_on
            """
        ).map { row in
            let (library, date, reason) = try row.decode((Library.ID?, CivilDate, String).self)
            return Closure(library: library, date: date, reason: reason)
        }
    }
}

// MARK: - Counts

extension ConsortiumRepository {
    /// How many there are of each kind of thing, those who have left not counted.
    package func counts(in session: some PostgresSession) async throws -> [(name: String, count: Int)] {
        try await session.query(
            """
            SELECT 'libraries', count(*) FROM library WHERE consortium_id = \(consortium) AND retired_at IS NULL
            UNION ALL
            SELECT 'operators', count(*) FROM operator WHERE consortium_id = \(consortium) AND retired_at IS NULL
            UNION ALL
            SELECT 'queues', count(*) FROM queue WHERE consortium_id = \(consortium) AND retired_at IS NULL
            UNION ALL
            SELECT 'demands', count(*) FROM demand WHERE consortium_id = \(consortium)
            UNION ALL
            SELECT 'absences', count(*) FROM absence WHERE consortium_id = \(consortium)
            UNION ALL
            SELECT 'past sessions', count(*) FROM past_session WHERE consortium_id = \(consortium)
            """
        ).map { row in
            let (name, count) = try row.decode((String, Int).self)
            return (name: name, count: count)
        }
    }

    /// The server's version as it names itself, `15.18`.
    package func serverVersion(in session: some PostgresSession) async throws -> String {
        let rows = try await session.query("SELECT split_part(current_setting('server_version'), ' ', 1)")
        return try rows.first?.decode(String.self) ?? "?"
    }
}

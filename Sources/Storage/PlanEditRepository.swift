package import Coverage
package import PostgresClient

/// Changes of single shifts in plans that stand, and what was there before.
package struct PlanEditRepository: Sendable {
    package enum Kind: String, Sendable, Hashable, PostgresEncodable, PostgresDecodable {
        /// By a coordinator.
        case edit
        /// Takes another back.
        case undo
        case swap, giveaway, pickup
    }

    /// A shift of a plan.
    package struct PlannedShift: Hashable, Sendable {
        package var plan: Int
        package var shift: Shift

        package init(plan: Int, shift: Shift) {
            self.plan = plan
            self.shift = shift
        }
    }

    /// An edit before it is stored.
    package struct NewEdit: Sendable {
        package var kind: Kind
        package var author: String
        /// Empty where none was needed.
        package var reason: String
        /// The edit that it takes back.
        package var undoes: Int?

        package init(kind: Kind, author: String, reason: String = "", undoes: Int? = nil) {
            self.kind = kind
            self.author = author
            self.reason = reason
            self.undoes = undoes
        }
    }

    /// An edit that was made.
    package struct Edit: Hashable, Sendable {
        /// Counted from 1 in the consortium.
        package var number: Int
        package var madeAt: Instant
        package var madeBy: String
        package var kind: Kind
        package var reason: String
        package var undoes: Int?
        /// The edit that took this one back.
        package var undoneBy: Int?
        package var removed: [PlannedShift]
        package var added: [PlannedShift]
    }

    package let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    // MARK: Writing

    /// Begins an edit.
    ///
    /// - Parameters:
    ///   - edit: What it is.
    ///   - now: When.
    ///   - transaction: All or nothing; ``ConsortiumRepository/lock(in:)`` is held, as the number is counted here.
    /// - Returns: Its number.
    /// - Throws: ``PostgresError``, with the code `uniqueViolation` where what it takes back was taken back before.
    package func insert(
        _ edit: NewEdit, at now: Instant, in transaction: some PostgresSession
    ) async throws -> Int {
        try await transaction.query(
            """
            INSERT INTO plan_edit (consortium_id, edit_number, made_at, made_by, kind, reason, undoes)
            SELECT \(consortium), 1 + coalesce(max(edit_number), 0), \(now), \(edit.author), \(edit.kind),
                \(edit.reason), \(edit.undoes)::integer
            FROM plan_edit WHERE consortium_id = \(consortium)
            RETURNING edit_number
            """
        ).single().decode(Int.self)
    }

    /// Takes a shift out of its plan.
    ///
    /// - Returns: Its number in the plan; nil if the plan has no such shift, and then nothing was done.
    /// - Throws: ``PostgresError``.
    package func take(
        _ planned: PlannedShift, by edit: Int, in transaction: some PostgresSession
    ) async throws -> Int? {
        let shift = planned.shift
        return try await transaction.query(
            """
            WITH taken AS (
                DELETE FROM shift
                WHERE consortium_id = \(consortium) AND plan_number = \(planned.plan)
                    AND operator_id = \(shift.operator) AND queue_id = \(shift.queue)
                    AND during = tstzrange(\(shift.during.lowerBound), \(shift.during.upperBound))
                RETURNING *
            )
            INSERT INTO past_shift (consortium_id, plan_number, shift_number, since_edit, until_edit, queue_id,
                operator_id, during)
            SELECT consortium_id, plan_number, shift_number, since_edit, \(edit)::integer, queue_id, operator_id, during
            FROM taken
            RETURNING shift_number
            """
        ).first?.decode(Int.self)
    }

    /// Puts a shift into a plan.
    ///
    /// - Parameters:
    ///   - planned: The shift.
    ///   - number: Its number in the plan; nil is one that no shift of the plan had yet.
    ///   - edit: The edit's number.
    ///   - transaction: The edit's own.
    /// - Throws: ``PostgresError`` with the code `exclusionViolation` where the operator is in another place then.
    package func put(
        _ planned: PlannedShift, numbered number: Int?, by edit: Int, in transaction: some PostgresSession
    ) async throws {
        let shift = planned.shift
        try await transaction.execute(
            """
            INSERT INTO shift (consortium_id, plan_number, shift_number, plan_period, queue_id, operator_id, during,
                since_edit)
            SELECT consortium_id, plan_number,
                coalesce(\(number)::integer, (SELECT 1 + coalesce(max(shift_number), 0) FROM (
                    SELECT shift_number FROM shift
                    WHERE consortium_id = \(consortium) AND plan_number = \(planned.plan)
                    UNION ALL SELECT shift_number FROM past_shift
                    WHERE consortium_id = \(consortium) AND plan_number = \(planned.plan)) AS used)),
                period, \(shift.queue), \(shift.operator),
                tstzrange(\(shift.during.lowerBound), \(shift.during.upperBound)), \(edit)::integer
            FROM plan WHERE consortium_id = \(consortium) AND plan_number = \(planned.plan)
            """)
    }

    /// Marks plans as changed by an edit.
    package func mark(_ plans: [Int], edit: Int, in transaction: some PostgresSession) async throws {
        try await transaction.execute(
            """
            UPDATE plan SET last_edit = \(edit)
            WHERE consortium_id = \(consortium) AND plan_number = ANY (\(plans))
            """)
    }

    /// Records a permission to bend a yellow rule.
    ///
    /// - Parameters:
    ///   - override: The permission.
    ///   - edit: The edit that needs it; undoing that takes it away. Nil where there is none.
    ///   - now: When it is given.
    ///   - transaction: All or nothing; ``ConsortiumRepository/lock(in:)`` is held, as its number is counted here.
    /// - Throws: ``PostgresError``.
    package func permit(
        _ override: RuleOverride, by edit: Int?, at now: Instant, in transaction: some PostgresSession
    ) async throws {
        try await transaction.execute(
            """
            INSERT INTO rule_override (consortium_id, override_number, rule_name, operator_id, during, reason,
                approved_by, approved_at, edit_number)
            SELECT \(consortium), 1 + coalesce(max(override_number), 0), \(override.rule), \(override.operator),
                tstzrange(\(override.during.lowerBound), \(override.during.upperBound)), \(override.reason),
                \(override.approvedBy), \(now), \(edit)::integer
            FROM rule_override WHERE consortium_id = \(consortium)
            """)
    }

    /// Takes the permissions away that were given with an edit.
    package func forbid(edit: Int, in transaction: some PostgresSession) async throws {
        try await transaction.execute(
            "DELETE FROM rule_override WHERE consortium_id = \(consortium) AND edit_number = \(edit)")
    }

    // MARK: Reading

    /// An edit with all that it changed.
    package func edit(_ number: Int, in session: some PostgresSession) async throws -> Edit? {
        try await edits([number], in: session).first
    }

    /// The edits that changed some plans last, the newest first.
    package func latest(
        _ count: Int, of plans: [Int], in session: some PostgresSession
    ) async throws -> [Edit] {
        let numbers = try await session.query(
            """
            SELECT DISTINCT edit_number FROM (
                (SELECT since_edit AS edit_number FROM shift WHERE consortium_id = \(consortium)
                    AND since_edit > 0 AND plan_number = ANY (\(plans)) ORDER BY since_edit DESC LIMIT \(count))
                UNION ALL
                (SELECT until_edit FROM past_shift WHERE consortium_id = \(consortium)
                    AND plan_number = ANY (\(plans)) ORDER BY until_edit DESC LIMIT \(count))) AS touched
            ORDER BY edit_number DESC LIMIT \(count)
            """
        ).map { try $0.decode(Int.self) }
        return try await edits(numbers, in: session)
    }

    /// Plans that were published for some of a period and changed shift by shift, and that others have taken the place of
    /// since; the newest first.
    package func predecessors(
        touching period: Range<Instant>, atMost limit: Int, in session: some PostgresSession
    ) async throws -> [Int] {
        try await session.query(
            """
            SELECT plan_number FROM plan WHERE consortium_id = \(consortium) AND state = 'superseded' AND last_edit > 0
                AND period && tstzrange(\(period.lowerBound), \(period.upperBound))
            ORDER BY plan_number DESC LIMIT \(limit)
            """
        ).map { try $0.decode(Int.self) }
    }

    /// The edit that changed an operator's shifts in a plan last.
    package func latest(
        changing person: Operator.ID, inPlan plan: Int, in session: some PostgresSession
    ) async throws -> Edit? {
        let number = try await session.query(
            """
            SELECT max(edit_number) FROM (
                SELECT max(since_edit) AS edit_number FROM shift WHERE consortium_id = \(consortium)
                    AND plan_number = \(plan) AND operator_id = \(person) AND since_edit > 0
                UNION ALL SELECT max(until_edit) FROM past_shift WHERE consortium_id = \(consortium)
                    AND plan_number = \(plan) AND operator_id = \(person)) AS touched
            """
        ).single().decode(Int?.self)
        guard let number else { return nil }
        return try await edit(number, in: session)
    }

    private func edits(_ numbers: [Int], in session: some PostgresSession) async throws -> [Edit] {
        guard !numbers.isEmpty else { return [] }
        let removed = try await shifts(
            """
            SELECT until_edit, plan_number, queue_id, operator_id, lower(during), upper(during) FROM past_shift
            WHERE consortium_id = \(consortium) AND until_edit = ANY (\(numbers))
            ORDER BY shift_number
            """, in: session)
        let added = try await shifts(
            """
            SELECT since_edit, plan_number, queue_id, operator_id, lower(during), upper(during) FROM (
                SELECT since_edit, plan_number, shift_number, queue_id, operator_id, during FROM shift
                WHERE consortium_id = \(consortium) AND since_edit = ANY (\(numbers))
                UNION ALL
                SELECT since_edit, plan_number, shift_number, queue_id, operator_id, during FROM past_shift
                WHERE consortium_id = \(consortium) AND since_edit = ANY (\(numbers))) AS brought
            ORDER BY shift_number
            """, in: session)
        return try await session.query(
            """
            SELECT edit_number, made_at, made_by, kind, reason, undoes,
                (SELECT u.edit_number FROM plan_edit AS u
                    WHERE u.consortium_id = plan_edit.consortium_id AND u.undoes = plan_edit.edit_number)
            FROM plan_edit WHERE consortium_id = \(consortium) AND edit_number = ANY (\(numbers))
            ORDER BY plan_edit.edit_number DESC
            """
        ).map { row in
            let (number, madeAt, madeBy, kind, reason, undoes, undoneBy) = try row.decode(
                (Int, Instant, String, Kind, String, Int?, Int?).self)
            return Edit(
                number: number, madeAt: madeAt, madeBy: madeBy, kind: kind, reason: reason, undoes: undoes,
                undoneBy: undoneBy, removed: removed[number] ?? [], added: added[number] ?? [])
        }
    }

    private func shifts(
        _ statement: PostgresQuery, in session: some PostgresSession
    ) async throws -> [Int: [PlannedShift]] {
        var found: [Int: [PlannedShift]] = [:]
        for row in try await session.query(statement) {
            let (edit, plan, queue, person, start, end) = try row.decode(
                (Int, Int, Queue.ID, Operator.ID, Instant, Instant).self)
            found[edit, default: []].append(
                PlannedShift(plan: plan, shift: Shift(queue: queue, operator: person, during: start..<end)))
        }
        return found
    }
}

package import Coverage
package import PostgresClient

extension PlanRepository {
    /// Writes a draft.
    ///
    /// - Parameters:
    ///   - shifts: All inside `period`.
    ///   - period: What the plan covers.
    ///   - author: Who made it.
    ///   - now: When.
    ///   - making: How it was made, a JSON object.
    ///   - transaction: All or nothing; ``ConsortiumRepository/lock(in:)`` is held, as the number is counted here.
    /// - Returns: The plan's number.
    /// - Throws: ``PostgresError``.
    package func insertDraft(
        _ shifts: [Shift], period: Range<Instant>, author: String, at now: Instant, making: String,
        in transaction: some PostgresSession
    ) async throws -> Int {
        try await insertDraft(
            shifts, period: period, author: author, at: now, making: making, continues: nil, in: transaction)
    }

    /// Publishes a draft in the place of whatever is published for its period.
    ///
    /// A published plan that reaches beyond the draft's period is split: what lies outside goes on in plans of its
    /// own, with the same shifts, so that no instant loses its schedule. A shift across the boundary is cut there; the
    /// draft was planned around it (it holds the other part).
    ///
    /// - Parameters:
    ///   - number: The draft; it must exist and be a draft, which the caller has checked in this transaction.
    ///   - author: Who publishes.
    ///   - message: What the libraries are told.
    ///   - now: When.
    ///   - transaction: All or nothing; ``ConsortiumRepository/lock(in:)`` is held.
    /// - Returns: The numbers of the plans that it took the place of.
    /// - Throws: ``PostgresError``.
    package func publish(
        _ number: Int, by author: String, message: String, at now: Instant, in transaction: some PostgresSession
    ) async throws -> [Int] {
        guard let draft = try await plan(number, in: transaction) else { return [] }
        let replaced = try await published(touching: draft.period, in: transaction)
        for old in replaced {
            try await transaction.execute(
                """
                UPDATE plan SET state = 'superseded', superseded_at = \(now)
                WHERE consortium_id = \(consortium) AND plan_number = \(old.number)
                """)
            for rest in old.period.parts(outside: draft.period) {
                try await carryOn(old, in: rest, at: now, transaction)
            }
        }
        try await markPublished(number, by: author, message: message, at: now, transaction)
        return replaced.map(\.number)
    }

    private func carryOn(
        _ old: Plan, in rest: Range<Instant>, at now: Instant, _ transaction: some PostgresSession
    ) async throws {
        let shifts = try await shifts(of: old.number, in: transaction).compactMap { shift -> Shift? in
            guard shift.during.overlaps(rest) else { return nil }
            return Shift(queue: shift.queue, operator: shift.operator, during: shift.during.clamped(to: rest))
        }
        let number = try await insertDraft(
            shifts, period: rest, author: old.createdBy, at: now, making: old.making, continues: old.number,
            in: transaction)
        try await markPublished(number, by: old.createdBy, message: old.message, at: now, transaction)
    }

    private func markPublished(
        _ number: Int, by author: String, message: String, at now: Instant, _ transaction: some PostgresSession
    ) async throws {
        try await transaction.execute(
            """
            UPDATE plan SET state = 'published', published_at = \(now), published_by = \(author), message = \(message)
            WHERE consortium_id = \(consortium) AND plan_number = \(number)
            """)
    }

    private func insertDraft(
        _ shifts: [Shift], period: Range<Instant>, author: String, at now: Instant, making: String,
        continues: Int?, in transaction: some PostgresSession
    ) async throws -> Int {
        let number = try await transaction.query(
            """
            INSERT INTO plan (consortium_id, plan_number, period, created_at, created_by, making, continues)
            SELECT \(consortium), 1 + coalesce(max(plan_number), 0), tstzrange(\(period.lowerBound),
                \(period.upperBound)), \(now), \(author), \(making)::jsonb, \(continues)::integer
            FROM (
                SELECT plan_number FROM plan WHERE consortium_id = \(consortium)
                UNION ALL
                SELECT plan_number FROM discarded_plan WHERE consortium_id = \(consortium)
            ) AS given
            RETURNING plan_number
            """
        ).single().decode(Int.self)
        let numbered = Array(zip(1..., shifts.sorted(by: Shift.precedes)))
        try await transaction.stage(
            numbered, as: "incoming_shift_\(number)",
            columns: "number int, queue text, operator text, starts timestamptz, ends timestamptz"
        ) { writer, row in
            try await writer.writeRow(
                Int32(row.0), row.1.queue, row.1.operator, row.1.during.lowerBound, row.1.during.upperBound)
        } then: {
            """
            INSERT INTO shift (consortium_id, plan_number, shift_number, plan_period, queue_id, operator_id, during)
            SELECT \(consortium), \(number)::integer, number, tstzrange(\(period.lowerBound), \(period.upperBound)),
                queue, operator, tstzrange(starts, ends)
            FROM \(identifier: "incoming_shift_\(number)")
            """
        }
        return number
    }
}

extension PlanRepository {
    /// Throws a draft away, with its shifts; its number is never given again.
    ///
    /// - Returns: Whether there was such a draft.
    /// - Throws: ``PostgresError``.
    package func discard(_ number: Int, in transaction: some PostgresSession) async throws -> Bool {
        try await transaction.execute(
            """
            DELETE FROM plan
            WHERE consortium_id = \(consortium) AND plan_number = \(number) AND state = 'draft'
            """) > 0
    }

    /// Whether there is such a plan, whatever its state.
    package func exists(_ number: Int, in session: some PostgresSession) async throws -> Bool {
        try await session.query(
            """
            SELECT EXISTS (SELECT FROM plan WHERE consortium_id = \(consortium) AND plan_number = \(number))
            """
        ).single().decode(Bool.self)
    }
}

extension Range<Instant> {
    /// What remains of this range outside another: nothing, one part or two.
    package func parts(outside other: Range<Instant>) -> [Range<Instant>] {
        [
            lowerBound..<Swift.max(lowerBound, Swift.min(upperBound, other.lowerBound)),
            Swift.min(upperBound, Swift.max(lowerBound, other.upperBound))..<upperBound,
        ].filter { !$0.isEmpty }
    }
}

package import Coverage
package import PostgresClient

/// What libraries asked for while they were away, and what became of it.
///
/// All of it in one transaction an intent, under ``ConsortiumRepository/lock(in:)``: so the plan stands still while one
/// is decided, and of two that are sent at once with the same id the second finds the first one's outcome.
package struct IntentRepository: Sendable {
    /// A shift of a published plan.
    package struct PublishedShift: Hashable, Sendable {
        package var plan: Int
        package var number: Int
        package var queue: Queue.ID
        package var `operator`: Operator.ID
        /// The operator's.
        package var library: Library.ID
        package var during: Range<Instant>

        package init(
            plan: Int, number: Int, queue: Queue.ID, operator id: Operator.ID, library: Library.ID,
            during: Range<Instant>
        ) {
            self.plan = plan
            self.number = number
            self.queue = queue
            self.operator = id
            self.library = library
            self.during = during
        }

        package var planned: Shift { Shift(queue: queue, operator: self.operator, during: during) }
    }

    package enum State: String, Sendable, Hashable, PostgresEncodable, PostgresDecodable {
        case applied, rejected, conflicting
    }

    package struct Outcome: Hashable, Sendable {
        package var state: State
        /// For people; empty where it was applied.
        package var reason: String
        /// What a conflicting intent's shift is now, as JSON.
        package var theirs: String?
        package var decidedAt: Instant

        package init(state: State, reason: String, theirs: String?, decidedAt: Instant) {
            self.state = state
            self.reason = reason
            self.theirs = theirs
            self.decidedAt = decidedAt
        }
    }

    /// An intent that was decided before.
    package struct Stored: Hashable, Sendable {
        /// Whether the same was asked as now.
        package var isSame: Bool
        package var outcome: Outcome
    }

    package let consortium: Consortium.ID
    package let library: Library.ID

    package init(consortium: Consortium.ID, library: Library.ID) {
        self.consortium = consortium
        self.library = library
    }

    /// What became of an intent, if it was decided before.
    ///
    /// - Parameters:
    ///   - id: The intent's, a UUID.
    ///   - request: What is asked now, a JSON object.
    ///   - transaction: The intent's own.
    /// - Returns: Nil if it is new.
    /// - Throws: ``PostgresError``.
    package func stored(
        _ id: String, asking request: String, in transaction: some PostgresSession
    ) async throws -> Stored? {
        try await transaction.query(
            """
            SELECT request = \(request)::text::jsonb, state, reason, theirs::text, decided_at FROM intent
            WHERE consortium_id = \(consortium) AND library_id = \(library) AND intent_id = \(id)::text::uuid
            """
        ).first.map { row in
            let (isSame, state, reason, theirs, decidedAt) = try row.decode(
                (Bool, State, String, String?, Instant).self)
            return Stored(
                isSame: isSame,
                outcome: Outcome(state: state, reason: reason, theirs: theirs, decidedAt: decidedAt))
        }
    }

    package func store(
        _ id: String, kind: String, request: String, _ outcome: Outcome, in transaction: some PostgresSession
    ) async throws {
        try await transaction.execute(
            """
            INSERT INTO intent (consortium_id, library_id, intent_id, kind, request, state, reason, theirs, decided_at)
            VALUES (\(consortium), \(library), \(id)::text::uuid, \(kind), \(request)::text::jsonb, \(outcome.state),
                \(outcome.reason), \(outcome.theirs)::text::jsonb, \(outcome.decidedAt))
            """)
    }

    // MARK: What is decided upon

    /// Whether the library has the operator, who has not left.
    package func has(_ id: Operator.ID, in transaction: some PostgresSession) async throws -> Bool {
        try await transaction.query(
            """
            SELECT EXISTS (SELECT FROM operator WHERE consortium_id = \(consortium) AND operator_id = \(id)
                AND library_id = \(library) AND retired_at IS NULL)
            """
        ).single().decode(Bool.self)
    }

    /// A shift by its number; nil if its plan is not published, or has no such shift any more.
    package func shift(
        _ number: Int, ofPlan plan: Int, in transaction: some PostgresSession
    ) async throws -> PublishedShift? {
        try await transaction.query(
            """
            SELECT plan_number, shift_number, queue_id, operator_id, library_id, lower(during), upper(during)
            FROM shift JOIN plan USING (consortium_id, plan_number) JOIN operator USING (consortium_id, operator_id)
            WHERE consortium_id = \(consortium) AND plan_number = \(plan) AND shift_number = \(number)
                AND plan.state = 'published'
            """
        ).first.map(Self.shift)
    }

    /// The published shifts of an operator that touch a period, in its order.
    package func shifts(
        of id: Operator.ID, touching period: Range<Instant>, in transaction: some PostgresSession
    ) async throws -> [PublishedShift] {
        try await transaction.query(
            """
            SELECT plan_number, shift_number, queue_id, operator_id, library_id, lower(during), upper(during)
            FROM shift JOIN plan USING (consortium_id, plan_number) JOIN operator USING (consortium_id, operator_id)
            WHERE consortium_id = \(consortium) AND operator_id = \(id) AND plan.state = 'published'
                AND during && tstzrange(\(period.lowerBound), \(period.upperBound))
            ORDER BY lower(during)
            """
        ).map(Self.shift)
    }

    private static func shift(_ row: PostgresRow) throws -> PublishedShift {
        let (plan, number, queue, operatorID, library, start, end) = try row.decode(
            (Int, Int, Queue.ID, Operator.ID, Library.ID, Instant, Instant).self)
        return PublishedShift(
            plan: plan, number: number, queue: queue, operator: operatorID, library: library, during: start..<end)
    }

    // MARK: What is done

    /// Records that an operator cannot work a shift.
    ///
    /// - Returns: False if there is an open one for the shift, or the id is another's.
    /// - Throws: ``PostgresError``.
    package func decline(
        _ shift: PublishedShift, id: String, reason: String, at now: Instant, in transaction: some PostgresSession
    ) async throws -> Bool {
        try await transaction.execute(
            """
            INSERT INTO shift_decline (consortium_id, request_id, plan_number, shift_number, operator_id, library_id,
                reason, made_at)
            VALUES (\(consortium), \(id)::text::uuid, \(shift.plan)::bigint, \(shift.number)::bigint,
                \(shift.operator), \(shift.library), \(reason), \(now))
            ON CONFLICT DO NOTHING
            """) == 1
    }

    /// Records that an operator wants to be rid of a shift, or to have another for it.
    ///
    /// - Returns: False if there is an open one for the shift, or the id is another's.
    /// - Throws: ``PostgresError``.
    package func askForSwap(
        of shift: PublishedShift, with other: PublishedShift?, id: String, reason: String, at now: Instant,
        in transaction: some PostgresSession
    ) async throws -> Bool {
        try await transaction.execute(
            """
            INSERT INTO swap_request (consortium_id, request_id, plan_number, shift_number, operator_id, library_id,
                with_plan_number, with_shift_number, with_library_id, with_operator_id, reason, made_at)
            VALUES (\(consortium), \(id)::text::uuid, \(shift.plan)::bigint, \(shift.number)::bigint,
                \(shift.operator), \(shift.library), \(other?.plan)::bigint, \(other?.number)::bigint,
                \(other?.library)::text, \(other?.operator)::text, \(reason), \(now))
            ON CONFLICT DO NOTHING
            """) == 1
    }
}

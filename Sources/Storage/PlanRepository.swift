package import Coverage
package import PostgresClient

/// The schedule's versions and their shifts.
package struct PlanRepository: Sendable {
    /// A version of the schedule, without its shifts.
    package struct Plan: Hashable, Sendable {
        /// Counted from 1 in the consortium.
        package var number: Int
        package var state: PlanState
        package var period: Range<Instant>
        package var createdAt: Instant
        package var createdBy: String
        package var publishedAt: Instant?
        package var supersededAt: Instant?
        package var message: String
        package var shiftCount: Int
        /// How it was made, as JSON: seed, threads, steps, cost.
        package var making: String
        /// The edit that changed single shifts of it last; 0 is none.
        package var lastEdit: Int
    }

    package let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    /// All versions, the newest first.
    package func all(in session: some PostgresSession) async throws -> [Plan] {
        try await plans(in: session)
    }

    package func plan(_ number: Int, in session: some PostgresSession) async throws -> Plan? {
        try await plans(in: session, number: number).first
    }

    /// The draft made last, if it was not published.
    package func latestDraft(in session: some PostgresSession) async throws -> Plan? {
        try await plans(in: session, state: .draft).first
    }

    /// The published plans that cover some of a period, in its order.
    package func published(touching period: Range<Instant>, in session: some PostgresSession) async throws -> [Plan] {
        try await plans(in: session, state: .published, touching: period)
            .sorted { $0.period.lowerBound < $1.period.lowerBound }
    }

    /// The shifts of a plan, in the order in which plans are written.
    package func shifts(of number: Int, in session: some PostgresSession) async throws -> [Shift] {
        try await session.query(
            """
            SELECT queue_id, operator_id, lower(during), upper(during) FROM shift
            WHERE consortium_id = \(consortium) AND plan_number = \(number) ORDER BY shift_number
            """
        ).map(Self.shift)
    }

    /// The published shifts that touch a period, in the order in which plans are written.
    package func publishedShifts(touching period: Range<Instant>, in session: some PostgresSession) async throws
        -> [Shift]
    {
        try await session.query(
            """
            SELECT queue_id, operator_id, lower(during), upper(during)
            FROM shift JOIN plan USING (consortium_id, plan_number)
            WHERE consortium_id = \(consortium) AND state = 'published'
                AND during && tstzrange(\(period.lowerBound), \(period.upperBound))
            ORDER BY lower(during), queue_id, operator_id
            """
        ).map(Self.shift)
    }

    /// The edit that changed a plan last; nil if there is no such plan.
    package func lastEdit(of number: Int, in session: some PostgresSession) async throws -> Int? {
        try await session.query(
            "SELECT last_edit FROM plan WHERE consortium_id = \(consortium) AND plan_number = \(number)"
        ).first?.decode(Int.self)
    }

    private static func shift(_ row: PostgresRow) throws -> Shift {
        let (queue, operatorID, start, end) = try row.decode((Queue.ID, Operator.ID, Instant, Instant).self)
        return Shift(queue: queue, operator: operatorID, during: start..<end)
    }

    private func plans(
        in session: some PostgresSession, number: Int? = nil, state: PlanState? = nil,
        touching period: Range<Instant>? = nil
    ) async throws -> [Plan] {
        try await session.query(
            """
            SELECT plan_number, state, lower(period), upper(period), created_at, created_by, published_at,
                superseded_at, message, making::text, last_edit,
                (SELECT count(*) FROM shift WHERE shift.consortium_id = plan.consortium_id
                    AND shift.plan_number = plan.plan_number)
            FROM plan
            WHERE consortium_id = \(consortium)
                AND (\(number)::bigint IS NULL OR plan_number = \(number)::bigint)
                AND (\(state?.rawValue)::text IS NULL OR state = \(state?.rawValue)::text)
                AND (\(period?.lowerBound)::timestamptz IS NULL
                    OR period && tstzrange(\(period?.lowerBound), \(period?.upperBound)))
            ORDER BY plan_number DESC
            """
        ).map { row in
            let (
                number, state, start, end, createdAt, createdBy, publishedAt, supersededAt, message, making, lastEdit,
                count
            ) = try row.decode(
                (Int, PlanState, Instant, Instant, Instant, String, Instant?, Instant?, String, String, Int, Int)
                    .self)
            return Plan(
                number: number, state: state, period: start..<end, createdAt: createdAt, createdBy: createdBy,
                publishedAt: publishedAt, supersededAt: supersededAt, message: message, shiftCount: count,
                making: making, lastEdit: lastEdit)
        }
    }
}

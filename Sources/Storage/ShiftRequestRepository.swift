package import Coverage
package import PostgresClient

/// What people ask of single shifts: to swap one, to give one away, to take one.
package struct ShiftRequestRepository: Sendable {
    /// A wish to be rid of a shift, or to have another for it.
    package struct Swap: Hashable, Sendable {
        /// A UUID.
        package var id: String
        package var shift: Shift
        /// What is wanted for it; nil is whatever anybody gives.
        package var other: Shift?
        package var reason: String
        package var madeAt: Instant
        /// When whoever has the other shift agreed; nil is not yet.
        package var agreedAt: Instant?
        /// Whether both shifts are still published as they are here.
        package var stands: Bool
    }

    /// A shift that somebody cannot work; it stays theirs until another takes it.
    package struct Giveaway: Hashable, Sendable {
        /// A UUID.
        package var id: String
        package var shift: Shift
        package var reason: String
        package var madeAt: Instant
        /// Whether the shift is still published as it is here.
        package var stands: Bool
    }

    /// A wish to have time that nobody has, or a shift that somebody gives away.
    package struct Claim: Hashable, Sendable {
        /// Counted from 1 in the consortium.
        package var number: Int
        package var shift: Shift
        /// The giveaway's id; nil where nobody has the time.
        package var giveaway: String?
        package var madeAt: Instant
        package var madeBy: String
        /// Until when others can ask for the same.
        package var openUntil: Instant
        /// How many others were granted to the operator in the four weeks before.
        package var grantedLately: Int
    }

    /// What was decided on a request.
    package struct Decision: Hashable, Sendable {
        package enum State: String, Sendable, Hashable {
            case granted, refused, withdrawn
        }

        package var state: State
        package var by: String
        /// For whoever asked; may be empty.
        package var words: String
        /// The edit that did it.
        package var edit: Int?

        package init(_ state: State, by: String, words: String = "", edit: Int? = nil) {
            self.state = state
            self.by = by
            self.words = words
            self.edit = edit
        }
    }

    package let consortium: Consortium.ID

    package init(consortium: Consortium.ID) {
        self.consortium = consortium
    }

    // MARK: Reading

    /// The swaps that nobody has decided, the oldest first.
    package func openSwaps(in session: some PostgresSession) async throws -> [Swap] {
        try await session.query(
            """
            SELECT r.request_id::text, r.reason, r.made_at, s.queue_id, s.operator_id, lower(s.during), upper(s.during),
                r.colleague_agreed_at, s.stands, o.queue_id, o.operator_id, lower(o.during), upper(o.during), o.stands
            FROM swap_request AS r
                JOIN LATERAL requested_shift(r.consortium_id, r.plan_number, r.shift_number, r.operator_id) AS s
                    ON true
                LEFT JOIN LATERAL requested_shift(r.consortium_id, r.with_plan_number, r.with_shift_number,
                    coalesce(r.with_operator_id, (SELECT t.operator_id FROM shift AS t
                        WHERE t.consortium_id = r.consortium_id AND t.plan_number = r.with_plan_number
                            AND t.shift_number = r.with_shift_number))) AS o ON true
            WHERE r.consortium_id = \(consortium) AND r.state = 'open' ORDER BY r.made_at, r.request_id
            """
        ).map { row in
            let (
                id, reason, madeAt, queue, person, start, end, agreedAt, stands, otherQueue, otherPerson, otherStart,
                otherEnd, otherStands
            ) = try row.decode(
                (
                    String, String, Instant, Queue.ID, Operator.ID, Instant, Instant, Instant?, Bool, Queue.ID?,
                    Operator.ID?, Instant?, Instant?, Bool?
                ).self)
            var other: Shift?
            if let otherQueue, let otherPerson, let otherStart, let otherEnd {
                other = Shift(queue: otherQueue, operator: otherPerson, during: otherStart..<otherEnd)
            }
            return Swap(
                id: id, shift: Shift(queue: queue, operator: person, during: start..<end), other: other,
                reason: reason, madeAt: madeAt, agreedAt: agreedAt, stands: stands && (otherStands ?? true))
        }
    }

    /// The giveaways that nobody has taken, the oldest first.
    package func openGiveaways(in session: some PostgresSession) async throws -> [Giveaway] {
        try await session.query(
            """
            SELECT r.request_id::text, r.reason, r.made_at, s.queue_id, s.operator_id, lower(s.during), upper(s.during),
                s.stands
            FROM shift_decline AS r
                JOIN LATERAL requested_shift(r.consortium_id, r.plan_number, r.shift_number, r.operator_id) AS s
                    ON true
            WHERE r.consortium_id = \(consortium) AND r.state = 'open' ORDER BY r.made_at, r.request_id
            """
        ).map { row in
            let (id, reason, madeAt, queue, person, start, end, stands) = try row.decode(
                (String, String, Instant, Queue.ID, Operator.ID, Instant, Instant, Bool).self)
            return Giveaway(
                id: id, shift: Shift(queue: queue, operator: person, during: start..<end), reason: reason,
                madeAt: madeAt, stands: stands)
        }
    }

    /// The claims that nobody has decided: by time, and of those for the same those first who were granted least.
    package func openClaims(in session: some PostgresSession) async throws -> [Claim] {
        try await session.query(
            """
            SELECT claim_number, operator_id, queue_id, lower(during), upper(during), decline_id::text, made_at, made_by,
                open_until, (SELECT count(*) FROM shift_claim AS g WHERE g.consortium_id = c.consortium_id
                    AND g.operator_id = c.operator_id AND g.state = 'granted'
                    AND g.decided_at > c.made_at - interval '28 days') AS granted
            FROM shift_claim AS c WHERE consortium_id = \(consortium) AND state = 'open'
            ORDER BY lower(during), queue_id, during, granted, made_at, claim_number
            """
        ).map { row in
            let (number, person, queue, start, end, giveaway, madeAt, madeBy, openUntil, granted) = try row.decode(
                (Int, Operator.ID, Queue.ID, Instant, Instant, String?, Instant, String, Instant, Int).self)
            return Claim(
                number: number, shift: Shift(queue: queue, operator: person, during: start..<end), giveaway: giveaway,
                madeAt: madeAt, madeBy: madeBy, openUntil: openUntil, grantedLately: granted)
        }
    }

    /// The number of a published shift in its plan.
    package func place(
        of shift: Shift, in session: some PostgresSession
    ) async throws -> (plan: Int, number: Int)? {
        try await session.query(
            """
            SELECT plan_number, shift_number FROM shift JOIN plan USING (consortium_id, plan_number)
            WHERE consortium_id = \(consortium) AND state = 'published' AND operator_id = \(shift.operator)
                AND queue_id = \(shift.queue)
                AND during = tstzrange(\(shift.during.lowerBound), \(shift.during.upperBound))
            """
        ).first.map { row in
            let (plan, number) = try row.decode((Int, Int).self)
            return (plan, number)
        }
    }

    // MARK: Writing

    /// How many hours people can ask for the same before it is decided.
    package func claimHours(in session: some PostgresSession) async throws -> Int {
        try await session.query("SELECT claim_hours FROM consortium WHERE consortium_id = \(consortium)")
            .first?.decode(Int.self) ?? 0
    }

    /// Sets it; claims that are open already keep their time.
    package func set(claimHours hours: Int, in transaction: some PostgresSession) async throws {
        try await transaction.execute(
            "UPDATE consortium SET claim_hours = \(hours)::bigint::integer WHERE consortium_id = \(consortium)")
    }

    /// Adds a claim.
    ///
    /// - Parameters:
    ///   - shift: The wanted time, with whoever wants it.
    ///   - giveaway: By which somebody gives it away; nil where nobody has it.
    ///   - openUntil: Until when others can ask for the same, unless somebody has asked before: then it is theirs.
    ///   - author: Who asks.
    ///   - now: When.
    ///   - transaction: All or nothing.
    /// - Returns: Its number; nil if the operator has an open one for the same.
    /// - Throws: ``PostgresError``.
    package func insertClaim(
        _ shift: Shift, giveaway: String?, openUntil: Instant, by author: String, at now: Instant,
        in transaction: some PostgresSession
    ) async throws -> Int? {
        try await transaction.query(
            """
            INSERT INTO shift_claim (consortium_id, claim_number, operator_id, queue_id, during, decline_id, made_at,
                made_by, open_until)
            SELECT \(consortium), 1 + coalesce(max(claim_number), 0), \(shift.operator), \(shift.queue),
                tstzrange(\(shift.during.lowerBound), \(shift.during.upperBound)), \(giveaway)::text::uuid, \(now),
                \(author), coalesce(min(open_until) FILTER (WHERE state = 'open' AND queue_id = \(shift.queue)
                    AND during = tstzrange(\(shift.during.lowerBound), \(shift.during.upperBound))
                    AND decline_id IS NOT DISTINCT FROM \(giveaway)::text::uuid), \(openUntil))
            FROM shift_claim WHERE consortium_id = \(consortium)
            ON CONFLICT DO NOTHING RETURNING claim_number
            """
        ).first?.decode(Int.self)
    }

    /// Notes that whoever has the wanted shift agrees to a swap.
    ///
    /// - Returns: False if it is not open any more, asks for no certain shift, or they have agreed before.
    package func agree(
        toSwap id: String, by author: String, at now: Instant, in transaction: some PostgresSession
    ) async throws -> Bool {
        try await transaction.execute(
            """
            UPDATE swap_request SET colleague_agreed_at = \(now), colleague_agreed_by = \(author)
            WHERE consortium_id = \(consortium) AND request_id = \(id)::text::uuid AND state = 'open'
                AND with_plan_number IS NOT NULL AND colleague_agreed_at IS NULL
            """) == 1
    }

    /// - Returns: False if it is not open any more.
    package func decide(
        swap id: String, _ decision: Decision, at now: Instant, in transaction: some PostgresSession
    ) async throws -> Bool {
        let state = decision.state == .granted ? "agreed" : decision.state.rawValue
        return try await transaction.execute(
            """
            UPDATE swap_request SET state = \(state), decided_at = \(now), decided_by = \(decision.by),
                decision = \(decision.words), edit_number = \(decision.edit)::integer
            WHERE consortium_id = \(consortium) AND request_id = \(id)::text::uuid AND state = 'open'
            """) == 1
    }

    /// - Returns: False if it is not open any more.
    package func decide(
        giveaway id: String, _ decision: Decision, at now: Instant, in transaction: some PostgresSession
    ) async throws -> Bool {
        let state = decision.state == .granted ? "taken" : decision.state.rawValue
        return try await transaction.execute(
            """
            UPDATE shift_decline SET state = \(state), decided_at = \(now), decided_by = \(decision.by),
                decision = \(decision.words), edit_number = \(decision.edit)::integer
            WHERE consortium_id = \(consortium) AND request_id = \(id)::text::uuid AND state = 'open'
            """) == 1
    }

    /// - Returns: False if it is not open any more.
    package func decide(
        claim number: Int, _ decision: Decision, at now: Instant, in transaction: some PostgresSession
    ) async throws -> Bool {
        try await transaction.execute(
            """
            UPDATE shift_claim SET state = \(decision.state.rawValue), decided_at = \(now),
                decided_by = \(decision.by), decision = \(decision.words), edit_number = \(decision.edit)::integer,
                is_early = \(decision.state == .granted) AND open_until > \(now)
            WHERE consortium_id = \(consortium) AND claim_number = \(number) AND state = 'open'
            """) == 1
    }

    /// Refuses all other open claims for what was given to somebody.
    ///
    /// - Returns: Whose they were.
    package func refuseOthers(
        than number: Int, for shift: Shift, giveaway: String?, _ decision: Decision, at now: Instant,
        in transaction: some PostgresSession
    ) async throws -> [Operator.ID] {
        try await transaction.query(
            """
            UPDATE shift_claim SET state = 'refused', decided_at = \(now), decided_by = \(decision.by),
                decision = \(decision.words)
            WHERE consortium_id = \(consortium) AND claim_number <> \(number) AND state = 'open'
                AND ((\(giveaway)::text IS NOT NULL AND decline_id = \(giveaway)::text::uuid)
                    OR (\(giveaway)::text IS NULL AND decline_id IS NULL AND queue_id = \(shift.queue)
                        AND during = tstzrange(\(shift.during.lowerBound), \(shift.during.upperBound))))
            RETURNING operator_id
            """
        ).map { try $0.decode(Operator.ID.self) }
    }

    /// What came to its end because a shift was changed, and not because anybody decided on it.
    package struct Ended: Hashable, Sendable {
        /// Whether the shift was given away: its operator is rid of it.
        package let isGivenAway: Bool
        /// Whether another shift was wanted for it: there is none of theirs any more to give.
        package let isSwap: Bool
        /// Who had asked for the shift that was given away.
        package let claimants: [Operator.ID]
    }

    /// Closes what is asked of a shift that its operator does not have any more.
    ///
    /// - Parameters:
    ///   - number: The shift's number in its plan.
    ///   - plan: The plan's.
    ///   - person: Whose it was.
    ///   - decision: By whom, and why.
    ///   - now: When.
    ///   - transaction: The change's own.
    /// - Returns: What was open.
    /// - Throws: ``PostgresError``.
    package func close(
        shift number: Int, ofPlan plan: Int, of person: Operator.ID, _ decision: Decision, at now: Instant,
        in transaction: some PostgresSession
    ) async throws -> Ended {
        let givenAway = try await transaction.query(
            """
            UPDATE shift_decline SET state = 'taken', decided_at = \(now), decided_by = \(decision.by),
                decision = \(decision.words), edit_number = \(decision.edit)::integer
            WHERE consortium_id = \(consortium) AND plan_number = \(plan) AND shift_number = \(number)
                AND operator_id = \(person) AND state = 'open'
            RETURNING operator_id
            """)
        let swaps = try await transaction.query(
            """
            UPDATE swap_request SET state = 'refused', decided_at = \(now), decided_by = \(decision.by),
                decision = \(decision.words), edit_number = \(decision.edit)::integer
            WHERE consortium_id = \(consortium) AND plan_number = \(plan) AND shift_number = \(number)
                AND operator_id = \(person) AND state = 'open'
            RETURNING operator_id
            """)
        let claimants = try await transaction.query(
            """
            UPDATE shift_claim AS c SET state = 'refused', decided_at = \(now), decided_by = \(decision.by),
                decision = \(decision.words)
            FROM shift_decline AS d
            WHERE c.consortium_id = \(consortium) AND c.state = 'open' AND d.consortium_id = c.consortium_id
                AND d.request_id = c.decline_id AND d.plan_number = \(plan) AND d.shift_number = \(number)
                AND d.operator_id = \(person) AND d.state <> 'open'
            RETURNING c.operator_id
            """
        ).map { try $0.decode(Operator.ID.self) }
        return Ended(isGivenAway: !givenAway.isEmpty, isSwap: !swaps.isEmpty, claimants: claimants)
    }
}

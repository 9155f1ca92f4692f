package import Coverage
package import Planning
package import PostgresClient
package import Storage

/// What people ask of single shifts, and deciding it.
///
/// A request changes nothing by itself: a shift that is given away stays its operator's until another has it. What is
/// granted is an edit like a coordinator's own, judged by all rules on the schedule as it stands then, and recorded in the
/// transaction that closes the request.
package struct ShiftRequests: Sendable {
    /// All that is open.
    package struct Open: Sendable {
        package let swaps: [ShiftRequestRepository.Swap]
        package let giveaways: [ShiftRequestRepository.Giveaway]
        package let claims: [ShiftRequestRepository.Claim]

        package var count: Int { swaps.count + giveaways.count + claims.count }
    }

    /// Why a request is not made or decided; then everything is as it was.
    package enum Refusal: Error, Sendable {
        /// It was decided or withdrawn meanwhile, or there never was one.
        case notOpen
        /// The shift is not published as it was seen.
        case shiftIsGone
        case hasBegun
        /// The part is not inside the shift, or all of it.
        case noPart
        case asksTwice
        /// The shift is the operator's own.
        case ownShift
        /// A giveaway is granted to somebody who asks for it.
        case nobodyTakesIt
    }

    private let consortium: Consortium.ID
    private let editing: PlanEditing
    private let pool: PostgresPool
    private let now: @Sendable () -> Instant
    /// A new UUID in lower case.
    private let newID: @Sendable () -> String

    package init(
        consortium: Consortium.ID, editing: PlanEditing, pool: PostgresPool, now: @escaping @Sendable () -> Instant,
        newID: @escaping @Sendable () -> String
    ) {
        self.consortium = consortium
        self.editing = editing
        self.pool = pool
        self.now = now
        self.newID = newID
    }

    private var repository: ShiftRequestRepository { ShiftRequestRepository(consortium: consortium) }

    /// All requests that nobody has decided.
    package func open() async throws -> Open {
        try await pool.withTransaction(isolation: .repeatableRead, access: .readOnly) { transaction in
            Open(
                swaps: try await repository.openSwaps(in: transaction),
                giveaways: try await repository.openGiveaways(in: transaction),
                claims: try await repository.openClaims(in: transaction))
        }
    }

    // MARK: What granting would do

    /// The change that a swap asks for; nil where it asks for no certain shift.
    package static func edit(granting swap: ShiftRequestRepository.Swap) -> ShiftEdit? {
        guard let other = swap.other else { return nil }
        var (first, second) = (swap.shift, other)
        (first.operator, second.operator) = (second.operator, first.operator)
        return ShiftEdit(removed: [swap.shift, other], added: [first, second])
    }

    /// The change that a claim asks for.
    package static func edit(
        granting claim: ShiftRequestRepository.Claim, _ giveaways: [ShiftRequestRepository.Giveaway]
    ) -> ShiftEdit {
        let given = giveaways.first { $0.id == claim.giveaway }.map { [$0.shift] } ?? []
        return ShiftEdit(removed: given, added: [claim.shift])
    }

    /// What a change would mean, on what is published now.
    ///
    /// - Throws: ``EditRefusal`` where it cannot be tried.
    package func effect(of edit: ShiftEdit) async throws -> EditEffect {
        try await editing.effect(of: edit, in: .published)
    }

    // MARK: Asking

    /// Gives a shift away, or a part of it: a part becomes a shift by itself first.
    ///
    /// - Parameters:
    ///   - shift: As it was seen.
    ///   - part: What is given away of it; nil is all.
    ///   - reason: For whoever decides; may be empty.
    ///   - author: Who asks, for the audit log.
    /// - Throws: ``Refusal``, ``EditRefusal``
    package func giveAway(
        _ shift: Shift, part: Range<Instant>?, reason: String, by author: String
    ) async throws {
        let part = part ?? shift.during
        guard shift.during.lowerBound <= part.lowerBound, part.upperBound <= shift.during.upperBound, !part.isEmpty
        else { throw Refusal.noPart }
        guard now() < part.lowerBound else { throw Refusal.hasBegun }
        let given = Shift(queue: shift.queue, operator: shift.operator, during: part)
        if part != shift.during {
            let kept = shift.during.parts(outside: part).map {
                Shift(queue: shift.queue, operator: shift.operator, during: $0)
            }
            let edit = ShiftEdit(removed: [shift], added: kept + [given])
            _ = try await editing.apply(
                PlanEditing.Request(edit, of: .published, kind: .giveaway, author: author)
            ) { transaction, _ in try await decline(given, reason, author, transaction) }
            return
        }
        try await pool.withTransaction { transaction in
            try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
            try await decline(given, reason, author, transaction)
        }
    }

    private func decline(
        _ shift: Shift, _ reason: String, _ author: String, _ transaction: PostgresTransaction
    ) async throws {
        let (found, library) = try await published(shift, transaction)
        let intents = IntentRepository(consortium: consortium, library: library)
        guard
            try await intents.decline(found, id: newID(), reason: reason, at: now(), in: transaction)
        else { throw Refusal.asksTwice }
        try await record("decline shift", found, author, transaction)
    }

    /// Asks for another shift in exchange.
    ///
    /// - Parameters:
    ///   - shift: As it was seen.
    ///   - other: Somebody else's, as it was seen.
    ///   - reason: For whoever decides; may be empty.
    ///   - author: Who asks, for the audit log.
    /// - Throws: ``Refusal``
    package func askForSwap(
        of shift: Shift, with other: Shift, reason: String, by author: String
    ) async throws {
        guard shift.operator != other.operator else { throw Refusal.ownShift }
        guard now() < min(shift.during.lowerBound, other.during.lowerBound) else { throw Refusal.hasBegun }
        try await pool.withTransaction { transaction in
            try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
            let (own, library) = try await published(shift, transaction)
            let (wanted, _) = try await published(other, transaction)
            let intents = IntentRepository(consortium: consortium, library: library)
            guard
                try await intents.askForSwap(
                    of: own, with: wanted, id: newID(), reason: reason, at: now(), in: transaction)
            else { throw Refusal.asksTwice }
            try await record("request swap", own, author, transaction)
        }
    }

    /// Asks for time that nobody has, or for a shift that somebody gives away.
    ///
    /// - Returns: The claim's number.
    /// - Throws: ``Refusal``
    package func claim(_ shift: Shift, giveaway: String?, by author: String) async throws -> Int {
        guard now() < shift.during.lowerBound else { throw Refusal.hasBegun }
        return try await pool.withTransaction { transaction in
            try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
            if let giveaway {
                let open = try await repository.openGiveaways(in: transaction).first { $0.id == giveaway }
                guard let open, open.stands else { throw Refusal.notOpen }
                guard open.shift.operator != shift.operator else { throw Refusal.ownShift }
                guard open.shift.queue == shift.queue, open.shift.during == shift.during else { throw Refusal.noPart }
            }
            guard
                let number = try await repository.insertClaim(
                    shift, giveaway: giveaway, by: author, at: now(), in: transaction)
            else { throw Refusal.asksTwice }
            try await AuditRepository(consortium: consortium).record(
                AuditRepository.Entry(
                    at: now(), actor: author, action: "claim shift", subject: "claim \(number)"), in: transaction)
            return number
        }
    }

    private func published(
        _ shift: Shift, _ transaction: PostgresTransaction
    ) async throws -> (IntentRepository.PublishedShift, Library.ID) {
        guard let place = try await repository.place(of: shift, in: transaction),
            let person = try await ConsortiumRepository(consortium: consortium)
                .everyOperator(in: transaction)[shift.operator]
        else { throw Refusal.shiftIsGone }
        let found = IntentRepository.PublishedShift(
            plan: place.plan, number: place.number, queue: shift.queue, operator: shift.operator,
            library: person.library, during: shift.during)
        return (found, person.library)
    }

    private func record(
        _ action: String, _ shift: IntentRepository.PublishedShift, _ author: String, _ transaction: PostgresTransaction
    ) async throws {
        try await AuditRepository(consortium: consortium).record(
            AuditRepository.Entry(
                at: now(), actor: author, action: action, subject: "shift \(shift.number) of plan \(shift.plan)"),
            in: transaction)
    }

    // MARK: Deciding

    /// Does what a request asks for.
    ///
    /// - Parameters:
    ///   - reference: The request.
    ///   - author: The coordinator.
    ///   - reason: Why yellow rules are bent, where they are.
    /// - Returns: The edit's number.
    /// - Throws: ``Refusal``, ``EditRefusal``
    package func grant(_ reference: RequestReference, by author: String, reason: String?) async throws -> Int {
        let open = try await open()
        switch reference {
        case .swap(let id):
            guard let swap = open.swaps.first(where: { $0.id == id }) else { throw Refusal.notOpen }
            guard let edit = Self.edit(granting: swap) else { throw Refusal.nobodyTakesIt }
            return try await apply(edit, .swap, author, reason) { transaction, number in
                let decision = ShiftRequestRepository.Decision(.granted, by: author, edit: number)
                guard try await repository.decide(swap: id, decision, at: now(), in: transaction) else {
                    throw Refusal.notOpen
                }
            }
        case .giveaway: throw Refusal.nobodyTakesIt
        case .claim(let number):
            guard let claim = open.claims.first(where: { $0.number == number }) else { throw Refusal.notOpen }
            let edit = Self.edit(granting: claim, open.giveaways)
            guard claim.giveaway == nil || !edit.removed.isEmpty else { throw Refusal.notOpen }
            return try await apply(edit, claim.giveaway == nil ? .pickup : .giveaway, author, reason) {
                transaction, edit in
                try await close(claim, author, edit, transaction)
            }
        }
    }

    private func apply(
        _ edit: ShiftEdit, _ kind: PlanEditRepository.Kind, _ author: String, _ reason: String?,
        completion: @escaping PlanEditing.Completion
    ) async throws -> Int {
        try await editing.apply(
            PlanEditing.Request(edit, of: .published, kind: kind, author: author, reason: reason),
            completion: completion
        ).number
    }

    private func close(
        _ claim: ShiftRequestRepository.Claim, _ author: String, _ edit: Int, _ transaction: PostgresTransaction
    ) async throws {
        let granted = ShiftRequestRepository.Decision(.granted, by: author, edit: edit)
        guard try await repository.decide(claim: claim.number, granted, at: now(), in: transaction) else {
            throw Refusal.notOpen
        }
        let others = ShiftRequestRepository.Decision(.refused, by: author, words: "somebody else has it now")
        try await repository.refuseOthers(
            than: claim.number, for: claim.shift, giveaway: claim.giveaway, others, at: now(), in: transaction)
    }

    /// Refuses a request, or withdraws it where whoever asked for it wants it no longer.
    ///
    /// - Throws: ``Refusal/notOpen``
    package func close(
        _ reference: RequestReference, _ decision: ShiftRequestRepository.Decision
    ) async throws {
        try await pool.withTransaction { transaction in
            try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
            let isDone =
                switch reference {
                case .swap(let id): try await repository.decide(swap: id, decision, at: now(), in: transaction)
                case .giveaway(let id): try await repository.decide(giveaway: id, decision, at: now(), in: transaction)
                case .claim(let number):
                    try await repository.decide(claim: number, decision, at: now(), in: transaction)
                }
            guard isDone else { throw Refusal.notOpen }
            try await AuditRepository(consortium: consortium).record(
                AuditRepository.Entry(
                    at: now(), actor: decision.by, action: "\(decision.state.rawValue) request",
                    subject: reference.text), in: transaction)
        }
    }
}

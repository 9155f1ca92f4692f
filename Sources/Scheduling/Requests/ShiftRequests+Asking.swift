package import Coverage
import Planning
import PostgresClient
import Storage

extension ShiftRequests {
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
        let offer = ShiftOffer(of: given, on: try await editing.board(for: ShiftEdit(removed: [given]), .published))
        if part != shift.during {
            let kept = shift.during.parts(outside: part).map {
                Shift(queue: shift.queue, operator: shift.operator, during: $0)
            }
            var request = PlanEditing.Request(
                ShiftEdit(removed: [shift], added: kept + [given]), of: .published, kind: .giveaway, author: author)
            // Nothing changes for them yet.
            request.toldOtherwise = [shift.operator]
            _ = try await editing.apply(request) { transaction, _ in
                try await decline(given, offer, reason, author, transaction)
            }
            return
        }
        try await pool.withTransaction { transaction in
            try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
            try await decline(given, offer, reason, author, transaction)
        }
    }

    private func decline(
        _ shift: Shift, _ offer: ShiftOffer, _ reason: String, _ author: String, _ transaction: PostgresTransaction
    ) async throws {
        let (found, library) = try await published(shift, transaction)
        let intents = IntentRepository(consortium: consortium, library: library)
        guard
            try await intents.decline(found, id: newID(), reason: reason, at: now(), in: transaction)
        else { throw Refusal.asksTwice }
        try await record("decline shift", found, author, transaction)
        try await news(author).asked(.giveaway, shift, because: reason, in: transaction)
        try await offer.tell(consortium, by: author, at: now(), in: transaction)
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
        let (_, zone) = try await editing.boards.settings()
        let mondays = [shift, other].map { zone.civil(at: $0.during.lowerBound).date.startOfWeek }
        guard mondays[0] == mondays[1] else { throw Refusal.otherWeek }
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
            try await news(author).asked(.swap, shift, for: other, because: reason, in: transaction)
        }
    }

    /// Asks for time that nobody has, or for a shift that somebody gives away.
    ///
    /// - Returns: The claim's number.
    /// - Throws: ``Refusal``, ``EditRefusal`` where the rules are against it.
    package func claim(_ shift: Shift, giveaway: String?, by author: String) async throws -> Int {
        let now = now()
        guard now < shift.during.lowerBound else { throw Refusal.hasBegun }
        try await requirePossible(shift, giveaway)
        return try await pool.withTransaction { transaction in
            try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
            var given: Shift?
            if let giveaway { given = try await self.given(giveaway, to: shift, transaction) }
            let hours = try await repository.claimHours(in: transaction)
            guard
                let number = try await repository.insertClaim(
                    shift, giveaway: giveaway,
                    openUntil: ClaimPeriod.end(from: now, shiftAt: shift.during.lowerBound, hours: hours), by: author,
                    at: now, in: transaction)
            else { throw Refusal.asksTwice }
            try await AuditRepository(consortium: consortium).record(
                AuditRepository.Entry(at: now, actor: author, action: "claim shift", subject: "claim \(number)"),
                in: transaction)
            try await news(author).asked(.claim, shift, for: given, in: transaction)
            return number
        }
    }

    /// Refuses what no permission could let be granted, so that nobody waits for it in vain.
    private func requirePossible(_ shift: Shift, _ giveaway: String?) async throws {
        let giveaways = try await open().giveaways
        let given = giveaways.first { $0.id == giveaway }.map { [$0.shift] } ?? []
        let effect = try await effect(of: ShiftEdit(removed: given, added: [shift]))
        guard effect.refusals.isEmpty else { throw EditRefusal.refused(effect) }
    }

    /// The shift that a giveaway gives away, if it is what the claim wants.
    private func given(_ id: String, to shift: Shift, _ transaction: PostgresTransaction) async throws -> Shift {
        let open = try await repository.openGiveaways(in: transaction).first { $0.id == id }
        guard let open, open.stands else { throw Refusal.notOpen }
        guard open.shift.operator != shift.operator else { throw Refusal.ownShift }
        guard open.shift.queue == shift.queue, open.shift.during == shift.during else { throw Refusal.noPart }
        return open.shift
    }

    /// Agrees to a swap, for whoever has the wanted shift.
    ///
    /// - Parameters:
    ///   - id: The swap's.
    ///   - author: Who agrees, for the audit log.
    /// - Throws: ``Refusal/notOpen``
    package func agree(toSwap id: String, by author: String) async throws {
        try await pool.withTransaction { transaction in
            try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
            guard try await repository.agree(toSwap: id, by: author, at: now(), in: transaction) else {
                throw Refusal.notOpen
            }
            try await AuditRepository(consortium: consortium).record(
                AuditRepository.Entry(at: now(), actor: author, action: "agree to swap", subject: "swap-\(id)"),
                in: transaction)
        }
    }

    /// Sets how many hours people can ask for the same time before it is decided; what is asked for already keeps its own.
    ///
    /// - Parameters:
    ///   - hours: 0…336.
    ///   - author: The coordinator, for the audit log.
    /// - Throws: ``PostgresError``.
    package func set(claimHours hours: Int, by author: String) async throws {
        try await pool.withTransaction { transaction in
            try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
            let before = try await repository.claimHours(in: transaction)
            try await repository.set(claimHours: hours, in: transaction)
            try await AuditRepository(consortium: consortium).record(
                AuditRepository.Entry(
                    at: now(), actor: author, action: "set claim period", subject: "consortium \(consortium)"),
                before: #"{"hours":\#(before)}"#, after: #"{"hours":\#(hours)}"#, in: transaction)
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
}

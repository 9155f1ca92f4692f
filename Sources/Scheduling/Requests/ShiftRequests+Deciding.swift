import Coverage
import Planning
import PostgresClient
package import Storage

extension ShiftRequests {
    /// Does what a request asks for.
    ///
    /// - Parameters:
    ///   - reference: The request.
    ///   - author: The coordinator.
    ///   - reason: Why yellow rules are bent, where they are.
    ///   - isEarly: Whether a claim is granted while others could still ask for the same.
    /// - Returns: The edit's number.
    /// - Throws: ``Refusal``, ``EditRefusal``
    package func grant(
        _ reference: RequestReference, by author: String, reason: String?, isEarly: Bool = false
    ) async throws -> Int {
        let open = try await open()
        switch reference {
        case .swap(let id):
            guard let swap = open.swaps.first(where: { $0.id == id }) else { throw Refusal.notOpen }
            return try await grant(swap, author, reason)
        case .giveaway: throw Refusal.nobodyTakesIt
        case .leave: throw Refusal.notOpen
        case .claim(let number):
            guard let claim = open.claims.first(where: { $0.number == number }) else { throw Refusal.notOpen }
            guard isEarly || claim.openUntil <= now() else { throw Refusal.othersMayAsk(until: claim.openUntil) }
            return try await grant(claim, open.giveaways, author, reason)
        }
    }

    private func grant(_ swap: ShiftRequestRepository.Swap, _ author: String, _ reason: String?) async throws -> Int {
        guard let edit = Self.edit(granting: swap) else { throw Refusal.nobodyTakesIt }
        return try await apply(edit, .swap, of: swap.shift.operator, author, reason) { transaction, number in
            let decision = ShiftRequestRepository.Decision(.granted, by: author, edit: number)
            guard try await repository.decide(swap: swap.id, decision, at: now(), in: transaction) else {
                throw Refusal.notOpen
            }
            try await news(author).decided(.swap, swap.shift, for: swap.other, isGranted: true, in: transaction)
        }
    }

    private func grant(
        _ claim: ShiftRequestRepository.Claim, _ giveaways: [ShiftRequestRepository.Giveaway], _ author: String,
        _ reason: String?
    ) async throws -> Int {
        let edit = Self.edit(granting: claim, giveaways)
        guard claim.giveaway == nil || !edit.removed.isEmpty else { throw Refusal.notOpen }
        let kind = claim.giveaway == nil ? PlanEditRepository.Kind.pickup : .giveaway
        return try await apply(edit, kind, of: claim.shift.operator, author, reason) { transaction, number in
            try await close(claim, given: edit.removed.first, author, number, transaction)
        }
    }

    private func apply(
        _ edit: ShiftEdit, _ kind: PlanEditRepository.Kind, of asker: Operator.ID, _ author: String, _ reason: String?,
        completion: @escaping PlanEditing.Completion
    ) async throws -> Int {
        var request = PlanEditing.Request(edit, of: .published, kind: kind, author: author, reason: reason)
        request.toldOtherwise = [asker]
        return try await editing.apply(request, completion: completion).number
    }

    private func close(
        _ claim: ShiftRequestRepository.Claim, given: Shift?, _ author: String, _ edit: Int,
        _ transaction: PostgresTransaction
    ) async throws {
        let granted = ShiftRequestRepository.Decision(.granted, by: author, edit: edit)
        guard try await repository.decide(claim: claim.number, granted, at: now(), in: transaction) else {
            throw Refusal.notOpen
        }
        try await news(author).decided(.claim, claim.shift, for: given, isGranted: true, in: transaction)
        let others = ShiftRequestRepository.Decision(.refused, by: author, words: "somebody else has it now")
        let refused = try await repository.refuseOthers(
            than: claim.number, for: claim.shift, giveaway: claim.giveaway, others, at: now(), in: transaction)
        for person in refused {
            var shift = claim.shift
            shift.operator = person
            try await news(author).decided(
                .claim, shift, for: given, isGranted: false, because: others.words, in: transaction)
        }
    }

    /// Refuses a request, or withdraws it where whoever asked for it wants it no longer.
    ///
    /// - Throws: ``Refusal/notOpen``
    package func close(
        _ reference: RequestReference, _ decision: ShiftRequestRepository.Decision
    ) async throws {
        let given = try await pool.withTransaction { transaction -> Shift? in
            try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
            let asked = try await asked(reference, transaction)
            let isDone =
                switch reference {
                case .swap(let id): try await repository.decide(swap: id, decision, at: now(), in: transaction)
                case .giveaway(let id): try await repository.decide(giveaway: id, decision, at: now(), in: transaction)
                case .claim(let number):
                    try await repository.decide(claim: number, decision, at: now(), in: transaction)
                // Of leave others keep the book.
                case .leave: false
                }
            guard isDone else { throw Refusal.notOpen }
            try await AuditRepository(consortium: consortium).record(
                AuditRepository.Entry(
                    at: now(), actor: decision.by, action: "\(decision.state.rawValue) request",
                    subject: reference.text), in: transaction)
            if case .giveaway(let id) = reference, let asked {
                try await closeClaims(of: id, asked.shift, decision, transaction)
            }
            guard let asked else { return nil }
            let given = asked.kind == .giveaway ? asked.shift : nil
            guard decision.state == .refused else { return given }
            try await news(decision.by).decided(
                asked.kind, asked.shift, for: asked.other, isGranted: false, because: decision.words, in: transaction)
            return given
        }
        do {
            if let given { try await join(given, by: decision.by) }
        } catch is EditRefusal {
            // Somebody has changed the parts meanwhile, or they are over: they stay as they are.
        }
    }

    /// Makes one shift again of what was parted to be given away; it is the same work either way.
    private func join(_ shift: Shift, by author: String) async throws {
        let board = try await editing.board(for: ShiftEdit(removed: [shift]), .published)
        let parts = board.shifts.filter { other in
            other.operator == shift.operator && other.queue == shift.queue
                && (other.during.upperBound == shift.during.lowerBound
                    || other.during.lowerBound == shift.during.upperBound)
        }
        let open = try await open()
        let asked = Set(open.giveaways.map(\.shift) + open.swaps.flatMap { [$0.shift, $0.other].compactMap { $0 } })
        guard !parts.isEmpty, asked.isDisjoint(with: parts), board.shifts.contains(shift) else { return }
        let all = (parts + [shift]).sorted(by: Shift.precedes)
        var whole = shift
        whole.during = all[0].during.lowerBound..<all[all.count - 1].during.upperBound
        var request = PlanEditing.Request(
            ShiftEdit(removed: all, added: [whole]), of: .published, kind: .giveaway, author: author)
        request.toldOtherwise = [shift.operator]
        _ = try await editing.apply(request)
    }

    /// Whoever would have had a shift that is given away no more is told so.
    private func closeClaims(
        of giveaway: String, _ shift: Shift, _ decision: ShiftRequestRepository.Decision,
        _ transaction: PostgresTransaction
    ) async throws {
        let refused = ShiftRequestRepository.Decision(
            .refused, by: decision.by, words: "the shift is not given away any more")
        let people = try await repository.refuseOthers(
            than: 0, for: shift, giveaway: giveaway, refused, at: now(), in: transaction)
        for person in people {
            var wanted = shift
            wanted.operator = person
            try await news(decision.by).decided(
                .claim, wanted, for: shift, isGranted: false, because: refused.words, in: transaction)
        }
    }

    private func asked(
        _ reference: RequestReference, _ transaction: PostgresTransaction
    ) async throws -> (kind: NoticeRequest.Kind, shift: Shift, other: Shift?)? {
        switch reference {
        case .swap(let id):
            try await repository.openSwaps(in: transaction).first { $0.id == id }.map { (.swap, $0.shift, $0.other) }
        case .giveaway(let id):
            try await repository.openGiveaways(in: transaction).first { $0.id == id }
                .map { (.giveaway, $0.shift, nil) }
        case .claim(let number):
            try await repository.openClaims(in: transaction).first { $0.number == number }
                .map { (.claim, $0.shift, nil) }
        case .leave: nil
        }
    }
}

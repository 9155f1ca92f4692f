package import Coverage
package import Planning
package import PostgresClient
package import Storage

/// Changing single shifts of a draft, or of what is published.
///
/// A change is judged by all rules on the schedule as it stands, and committed only if that has not changed meanwhile:
/// so two who change the same at once cannot together break a rule that each of them kept.
package struct PlanEditing: Sendable {
    /// What is wanted, by whom and why.
    package struct Request: Sendable {
        package var edit: ShiftEdit
        /// Which schedule: a draft, or what is published.
        package var source: WeekBoard.Source
        package var kind: PlanEditRepository.Kind
        /// Who does it, for the audit log; who permits what it bends.
        package var author: String
        /// Why yellow rules are bent; nil permits none.
        package var reason: String?
        /// Whose news of the change is another: that their request is granted.
        package var toldOtherwise: Set<Operator.ID> = []

        package init(
            _ edit: ShiftEdit, of source: WeekBoard.Source, kind: PlanEditRepository.Kind = .edit, author: String,
            reason: String? = nil
        ) {
            self.edit = edit
            self.source = source
            self.kind = kind
            self.author = author
            self.reason = reason
        }
    }

    /// What was done.
    package struct Outcome: Sendable {
        /// The edit's number.
        package let number: Int
        package let effect: EditEffect
    }

    /// More to be done in the edit's own transaction, with its number.
    package typealias Completion = @Sendable (PostgresTransaction, Int) async throws -> Void

    let consortium: Consortium.ID
    let boards: WeekBoards
    let pool: PostgresPool
    let now: @Sendable () -> Instant

    package init(
        consortium: Consortium.ID, boards: WeekBoards, pool: PostgresPool, now: @escaping @Sendable () -> Instant
    ) {
        self.consortium = consortium
        self.boards = boards
        self.pool = pool
        self.now = now
    }

    /// What a change would mean, on the schedule as it stands when this is called.
    ///
    /// - Throws: ``EditRefusal`` where it cannot be tried; broken rules are in what is returned.
    package func effect(of edit: ShiftEdit, in source: WeekBoard.Source) async throws -> EditEffect {
        let board = try await board(for: edit, source)
        _ = try await plans(of: edit, on: board)
        return PlanTrial(board.table, in: board.problem).effect(of: edit)
    }

    /// What changes would mean, each by itself, on the schedule as it stands when this is called: each week is looked up
    /// once.
    ///
    /// - Returns: In the order of the edits; why one cannot be tried.
    /// - Throws: ``PostgresError``; ``SchedulingRefusal`` where a week cannot be read.
    package func effects(
        of edits: [ShiftEdit], in source: WeekBoard.Source
    ) async throws -> [Result<EditEffect, EditRefusal>] {
        var known: [CivilDate: WeekBoard] = [:]
        var effects: [Result<EditEffect, EditRefusal>] = []
        for edit in edits {
            do {
                let board = try await board(for: edit, source, &known)
                _ = try await plans(of: edit, on: board)
                effects.append(.success(PlanTrial(board.table, in: board.problem).effect(of: edit)))
            } catch let refusal as EditRefusal {
                effects.append(.failure(refusal))
            }
        }
        return effects
    }

    /// Makes a change.
    ///
    /// - Parameters:
    ///   - request: What is wanted.
    ///   - completion: Done in the same transaction.
    /// - Returns: The edit's number, and what it means.
    /// - Throws: ``EditRefusal``
    package func apply(
        _ request: Request, completion: @escaping Completion = { _, _ in }
    ) async throws -> Outcome {
        try await apply(request, undoing: nil, completion)
    }

    /// Takes an edit back: its shifts are again as they were, and its permissions are gone.
    ///
    /// - Parameters:
    ///   - number: The edit.
    ///   - author: Who does it.
    ///   - reason: Why yellow rules are bent by that, where they are.
    /// - Returns: The number of the edit that takes it back, and what that means.
    /// - Throws: ``EditRefusal``, `changedMeanwhile` where what it brought has been changed since.
    package func undo(_ number: Int, by author: String, reason: String? = nil) async throws -> Outcome {
        let repository = PlanEditRepository(consortium: consortium)
        let (found, state) = try await pool.withConnection { connection in
            let edit = try await repository.edit(number, in: connection)
            let plan = (edit?.removed ?? []).first?.plan ?? (edit?.added ?? []).first?.plan
            guard let edit, let plan else { return (edit, PlanState?.none) }
            return (
                edit, try await PlanRepository(consortium: consortium).plan(plan, in: connection)?.state
            )
        }
        guard let found, let state, let plan = (found.removed + found.added).first?.plan else {
            throw EditRefusal.noEdit(number)
        }
        guard found.undoneBy == nil else { throw EditRefusal.undoneBefore(found) }
        // A plan that took only other times leaves what the edit brought, and it can be taken back there.
        guard state != .superseded || !found.added.isEmpty else { throw EditRefusal.superseded(plan) }
        let edit = ShiftEdit(removed: found.added.map(\.shift), added: found.removed.map(\.shift))
        return try await apply(
            Request(
                edit, of: state == .draft ? .plan(plan) : .published, kind: .undo, author: author, reason: reason),
            undoing: number, { _, _ in })
    }

    /// The edits of a week's plans, the newest first; of what is published also those that were made before the plan of
    /// another time took some of theirs, if they stand still.
    package func latest(_ count: Int, on board: WeekBoard) async throws -> [PlanEditRepository.Edit] {
        let own = board.plans.filter { $0.lastEdit > 0 }.map(\.number)
        let repository = PlanEditRepository(consortium: consortium)
        return try await pool.withConnection { connection in
            let before =
                board.source == .published
                ? try await repository.predecessors(
                    touching: board.period, atMost: Self.mostPredecessors, in: connection)
                : []
            guard !own.isEmpty || !before.isEmpty else { return [] }
            let edits = try await repository.latest(count + Self.mostEarlier, of: own + before, in: connection)
            let replaced = Set(before)
            let people = Set(edits.flatMap { ($0.removed + $0.added).map(\.shift.operator) })
            let shifts = Set(before.isEmpty ? [] : board.shifts.filter { people.contains($0.operator) })
            let standing = edits.filter { edit in
                let plans = Set((edit.removed + edit.added).map(\.plan))
                return plans.isDisjoint(with: replaced) || edit.stands(in: shifts)
            }
            return Array(standing.prefix(count))
        }
    }

    private static let mostPredecessors = 10
    /// How many edits are looked through for those that stand, beyond those that are asked for.
    private static let mostEarlier = 20

    // MARK: Judging

    /// How often a change is judged anew because others changed the schedule meanwhile.
    private static let mostTrials = 12

    private func apply(
        _ request: Request, undoing: Int?, _ completion: @escaping Completion
    ) async throws -> Outcome {
        for _ in 0..<Self.mostTrials {
            let board = try await board(for: request.edit, request.source)
            let plans = try await plans(of: request.edit, on: board)
            let effect = PlanTrial(board.table, in: board.problem).effect(of: request.edit)
            guard effect.refusals.isEmpty else { throw EditRefusal.refused(effect) }
            guard effect.bends.isEmpty || request.reason != nil else { throw EditRefusal.needsReason(effect) }
            let number = try await pool.withTransaction { transaction -> Int? in
                try await ConsortiumRepository(consortium: consortium).lock(in: transaction)
                guard try await board.stands(of: consortium, in: transaction) else { return nil }
                let writing = EditWriting(
                    consortium: consortium, request: request, plans: plans, effect: effect, undoing: undoing,
                    now: now())
                let written = try await writing.write(in: transaction)
                try await completion(transaction, written.edit)
                try await writing.closeRequests(written, in: transaction)
                if board.source == .published { try await writing.tell(in: transaction) }
                return written.edit
            }
            if let number { return Outcome(number: number, effect: effect) }
        }
        throw EditRefusal.tooBusy
    }

    /// The week that judges a change.
    func board(for edit: ShiftEdit, _ source: WeekBoard.Source) async throws -> WeekBoard {
        var known: [CivilDate: WeekBoard] = [:]
        return try await board(for: edit, source, &known)
    }

    /// The same, of weeks that were looked up before.
    private func board(
        for edit: ShiftEdit, _ source: WeekBoard.Source, _ known: inout [CivilDate: WeekBoard]
    ) async throws -> WeekBoard {
        guard !edit.isEmpty, let during = edit.during else { throw EditRefusal.nothing }
        let (settings, zone) = try await boards.settings()
        let day = zone.civil(at: during.lowerBound).date
        guard settings.dates.contains(day) else { throw EditRefusal.outsideThePlan(during) }
        let found = known[day.startOfWeek]
        let board = if let found { found } else { try await boards.board(weekOf: day, source) }
        known[day.startOfWeek] = board
        guard during.upperBound > board.problem.period.upperBound else { return board }
        // Across the week's end.
        guard source == .published, settings.dates.contains(board.monday.advanced(byDays: 13)) else {
            throw EditRefusal.outsideThePlan(during)
        }
        return try await WeekBoard.read(consortium, weekOf: day, source, reachingOn: true, in: pool)
    }

    /// The plan of each shift, those that go before those that come.
    private func plans(of edit: ShiftEdit, on board: WeekBoard) async throws -> [Int] {
        if case .plan(let number) = board.source {
            guard let plan = board.plans.first, plan.state != .superseded else { throw EditRefusal.superseded(number) }
        }
        let (present, calendar) = (now(), board.problem.calendar)
        for shift in edit.added where calendar.instants(of: calendar.slots(of: shift.during)) != shift.during {
            throw EditRefusal.badTime(shift.during, slotMinutes: calendar.slotMinutes)
        }
        // A few, looked up in what may be tens of thousands.
        for shift in edit.removed where !board.shifts.contains(shift) {
            throw try await changed(shift, on: board)
        }
        return try (edit.removed + edit.added).map { shift in
            guard let plan = board.plan(of: shift.during) else { throw EditRefusal.outsideThePlan(shift.during) }
            if plan.state == .published, shift.during.upperBound <= present { throw EditRefusal.isOver(shift) }
            return plan.number
        }
    }

    private func changed(_ shift: Shift, on board: WeekBoard) async throws -> EditRefusal {
        let day = shift.during.lowerBound.advanced(byMinutes: -720)..<shift.during.upperBound.advanced(byMinutes: 720)
        let now = board.shifts.filter { $0.operator == shift.operator && $0.during.overlaps(day) }
        guard let plan = board.plan(of: shift.during) else { return .changedMeanwhile(shift, now: now, by: nil) }
        let edit = try await pool.withConnection {
            try await PlanEditRepository(consortium: consortium).latest(
                changing: shift.operator, inPlan: plan.number, in: $0)
        }
        return .changedMeanwhile(shift, now: now, by: edit)
    }
}

extension PlanEditRepository.Edit {
    /// Whether what it brought is there, and what it took is not.
    fileprivate func stands(in shifts: Set<Shift>) -> Bool {
        !added.isEmpty && added.allSatisfy { shifts.contains($0.shift) }
            && removed.allSatisfy { !shifts.contains($0.shift) }
    }
}

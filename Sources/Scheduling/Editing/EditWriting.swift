import Coverage
import Foundation
import Planning
import PostgresClient
import Storage

/// Storing a change that was judged, with its permissions and its entry in the audit log.
struct EditWriting: Sendable {
    let consortium: Consortium.ID
    let request: PlanEditing.Request
    /// Of each shift, those that go before those that come.
    let plans: [Int]
    let effect: EditEffect
    let undoing: Int?
    let now: Instant

    private var edit: ShiftEdit { request.edit }

    /// What was stored.
    struct Written: Sendable {
        /// The edit's number.
        let edit: Int
        /// The numbers of the removed shifts in their plans.
        let numbers: [Int]
    }

    /// - Parameter transaction: All or nothing; ``ConsortiumRepository/lock(in:)`` is held.
    /// - Returns: The edit's number, and those of the shifts that it took.
    /// - Throws: ``EditRefusal`` where a shift is not there.
    func write(in transaction: PostgresTransaction) async throws -> Written {
        let repository = PlanEditRepository(consortium: consortium)
        let number = try await repository.insert(
            PlanEditRepository.NewEdit(
                kind: request.kind, author: request.author, reason: request.reason ?? "", undoes: undoing),
            at: now, in: transaction)
        var numbers: [Int] = []
        for (shift, plan) in zip(edit.removed, plans) {
            let planned = PlanEditRepository.PlannedShift(plan: plan, shift: shift)
            guard let taken = try await repository.take(planned, by: number, in: transaction) else {
                throw EditRefusal.changedMeanwhile(shift, now: [], by: nil)
            }
            numbers.append(taken)
        }
        for (index, shift) in edit.added.enumerated() {
            let plan = plans[edit.removed.count + index]
            // What comes in the place of something keeps its number.
            let kept = index < numbers.count && plans[index] == plan ? numbers[index] : nil
            try await repository.put(
                PlanEditRepository.PlannedShift(plan: plan, shift: shift), numbered: kept, by: number, in: transaction)
        }
        try await repository.mark(Array(Set(plans)), edit: number, in: transaction)
        if let undoing { try await repository.forbid(edit: undoing, in: transaction) }
        for bend in effect.bends {
            guard let reason = request.reason, let permission = bend.permission(because: reason, by: request.author)
            else { continue }
            try await repository.permit(permission, by: number, at: now, in: transaction)
        }
        try await record(number, in: transaction)
        return Written(edit: number, numbers: numbers)
    }

    /// Closes what was asked of shifts that their operators do not have any more, and tells whoever asked; what the edit
    /// granted is closed before.
    func closeRequests(_ written: Written, in transaction: PostgresTransaction) async throws {
        let decision = ShiftRequestRepository.Decision(
            .granted, by: request.author, words: "the shift was changed", edit: written.edit)
        for (index, number) in written.numbers.enumerated() {
            let person = edit.removed[index].operator
            let isKept = index < edit.added.count && edit.added[index].operator == person
            guard !isKept else { continue }
            let ended = try await ShiftRequestRepository(consortium: consortium).close(
                shift: number, ofPlan: plans[index], of: person, decision, at: now, in: transaction)
            try await tell(ended, of: edit.removed[index], because: decision.words, in: transaction)
        }
    }

    private func tell(
        _ ended: ShiftRequestRepository.Ended, of shift: Shift, because words: String,
        in transaction: PostgresTransaction
    ) async throws {
        let news = RequestNews(consortium: consortium, actor: request.author, now: now)
        if ended.isGivenAway {
            try await news.decided(.giveaway, shift, isGranted: true, because: words, in: transaction)
        }
        if ended.isSwap {
            try await news.decided(.swap, shift, isGranted: false, because: words, in: transaction)
        }
        for claimant in ended.claimants {
            var wanted = shift
            wanted.operator = claimant
            try await news.decided(
                .claim, wanted, for: shift, isGranted: false, because: words, in: transaction)
        }
    }

    /// Tells those whose shifts it changes.
    func tell(in transaction: PostgresTransaction) async throws {
        let news = ScheduleNews(consortium: consortium, actor: request.author, message: "", now: now)
        try await news.tell(
            ofChange: edit.removed, to: edit.added, besides: request.toldOtherwise, in: transaction)
    }

    private func record(_ number: Int, in transaction: PostgresTransaction) async throws {
        let action = undoing.map { "undo edit \($0)" } ?? "\(request.kind.rawValue) shifts"
        try await AuditRepository(consortium: consortium).record(
            AuditRepository.Entry(
                at: now, actor: request.author, action: action,
                subject: "edit \(number) of plan \(Set(plans).sorted().map(String.init).joined(separator: ", "))"),
            before: try Self.json(edit.removed.map(AuditedShift.init)),
            after: try Self.json(
                Audited(
                    shifts: edit.added.map(AuditedShift.init), reason: request.reason,
                    bends: effect.bends.map(\.violation.name))), in: transaction)
    }

    private struct AuditedShift: Encodable {
        let `operator`: String
        let queue: String
        /// Seconds since 1970.
        let start: Int64
        let end: Int64

        init(_ shift: Shift) {
            `operator` = shift.operator.rawValue
            queue = shift.queue.rawValue
            start = shift.during.lowerBound.secondsSince1970
            end = shift.during.upperBound.secondsSince1970
        }
    }

    private struct Audited: Encodable {
        let shifts: [AuditedShift]
        let reason: String?
        let bends: [String]
    }

    private static func json(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }
}

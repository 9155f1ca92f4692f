import Coverage
import PostgresClient
import Scheduling
import Storage

/// Decides one intent and does it, in one transaction.
struct IntentDecision: Sendable {
    let repository: IntentRepository
    /// Who asks, for the audit log.
    let actor: String
    let now: Instant
    let transaction: PostgresTransaction

    private var news: RequestNews { RequestNews(consortium: repository.consortium, actor: actor, now: now) }

    private typealias Outcome = IntentRepository.Outcome

    /// The outcome of an intent: what it was the first time, however often it comes.
    func outcome(of intent: Intent) async throws -> IntentRepository.Outcome {
        try await ConsortiumRepository(consortium: repository.consortium).lock(in: transaction)
        let request = String(decoding: intent.request.bytes, as: UTF8.self)
        if let stored = try await repository.stored(intent.id, asking: request, in: transaction) {
            // What was done under the id stays; this is something else.
            return stored.isSame
                ? stored.outcome
                : rejected("another intent had this id: send it again with a new one")
        }
        let outcome = try await decide(intent)
        try await repository.store(intent.id, kind: intent.kind, request: request, outcome, in: transaction)
        return outcome
    }

    private func decide(_ intent: Intent) async throws -> IntentRepository.Outcome {
        switch intent.wish {
        case .failure(let unclear): rejected(unclear.reason)
        case .success(.addAbsence(let absence)): try await add(absence)
        case .success(.declineShift(let seen, let reason)):
            try await withOwn(seen) { shift in
                let isDone = try await repository.decline(
                    shift, id: intent.id, reason: reason, at: now, in: transaction)
                if isDone { try await news.asked(.giveaway, shift.planned, because: reason, in: transaction) }
                return try await done(isDone, "decline shift", shift, intent)
            }
        case .success(.requestSwap(let seen, let other, let reason)):
            try await withOwn(seen) { shift in
                try await askForSwap(of: shift, with: other, reason: reason, intent)
            }
        }
    }

    private func add(_ absence: Absence) async throws -> IntentRepository.Outcome {
        do {
            try await AbsenceBook(consortium: repository.consortium, library: repository.library)
                .add(absence, by: actor, at: now, in: transaction)
            return applied
        } catch LibraryRefusal.notOurs(let person, _) {
            return notOurs(person)
        }
    }

    private func askForSwap(
        of shift: IntentRepository.PublishedShift, with seen: Intent.SeenShift?, reason: String, _ intent: Intent
    ) async throws -> IntentRepository.Outcome {
        var other: IntentRepository.PublishedShift?
        if let seen {
            guard seen.operator != shift.operator else { return rejected("both shifts are the same operator’s") }
            switch try await standing(of: seen) {
            case .over(let reason): return rejected("the other shift: \(reason)")
            case .differs(let theirs): return conflicting(theirs)
            case .same(let found): other = found
            }
        }
        let isDone = try await repository.askForSwap(
            of: shift, with: other, id: intent.id, reason: reason, at: now, in: transaction)
        if isDone {
            try await news.asked(.swap, shift.planned, for: other?.planned, because: reason, in: transaction)
        }
        return try await done(isDone, "request swap", shift, intent)
    }

    /// Goes on with a shift of one of the library's operators that is as it was seen.
    private func withOwn(
        _ seen: Intent.SeenShift,
        _ body: (IntentRepository.PublishedShift) async throws -> IntentRepository.Outcome
    ) async throws -> IntentRepository.Outcome {
        guard try await repository.has(seen.operator, in: transaction) else { return notOurs(seen.operator) }
        switch try await standing(of: seen) {
        case .over(let reason): return rejected(reason)
        case .differs(let theirs): return conflicting(theirs)
        case .same(let shift): return try await body(shift)
        }
    }

    private func standing(of seen: Intent.SeenShift) async throws -> ShiftStanding {
        ShiftStanding(
            of: seen, numbered: try await repository.shift(seen.number, ofPlan: seen.plan, in: transaction),
            overlapping: try await repository.shifts(of: seen.operator, touching: seen.during, in: transaction),
            at: now)
    }

    // MARK: Outcomes

    private var applied: IntentRepository.Outcome {
        Outcome(state: .applied, reason: "", theirs: nil, decidedAt: now)
    }

    private func rejected(_ reason: String) -> IntentRepository.Outcome {
        Outcome(state: .rejected, reason: reason, theirs: nil, decidedAt: now)
    }

    private func notOurs(_ id: Operator.ID) -> IntentRepository.Outcome {
        rejected("\(id) is no operator of \(repository.library)")
    }

    private func conflicting(_ theirs: IntentRepository.PublishedShift) -> IntentRepository.Outcome {
        Outcome(
            state: .conflicting, reason: "the shift was changed meanwhile",
            theirs: String(decoding: theirs.json.bytes, as: UTF8.self), decidedAt: now)
    }

    private func done(
        _ isDone: Bool, _ action: String, _ shift: IntentRepository.PublishedShift, _ intent: Intent
    ) async throws -> IntentRepository.Outcome {
        guard isDone else { return rejected("the same was asked for this shift already, and is still open") }
        try await record(action, "shift \(shift.number) of plan \(shift.plan)", intent)
        return applied
    }

    private func record(_ action: String, _ subject: String, _ intent: Intent) async throws {
        try await AuditRepository(consortium: repository.consortium).record(
            AuditRepository.Entry(at: now, actor: actor, action: action, subject: subject),
            after: String(decoding: intent.request.bytes, as: UTF8.self), in: transaction)
    }
}

extension IntentRepository.PublishedShift {
    var json: JSONValue {
        [
            "plan_number": .integer(plan), "shift_number": .integer(number), "queue_id": .string(queue.rawValue),
            "library_id": .string(library.rawValue), "operator_id": .string(`operator`.rawValue),
            "starts_at": .integer(during.lowerBound.secondsSince1970),
            "ends_at": .integer(during.upperBound.secondsSince1970),
        ]
    }
}

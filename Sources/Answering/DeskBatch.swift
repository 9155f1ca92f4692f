import Coverage
import Routing
import Storage

/// Requests decided together, and what is to be stored of it.
struct DeskBatch {
    var outcomes: [Result<DeskAnswer, any Error>] = []
    var changes = DeskChanges()
    var keys: [DeskRepository.KeyedRequest] = []

    var isEmpty: Bool { changes.isEmpty && keys.isEmpty }

    /// Decides requests in their order, after all that is due.
    ///
    /// - Parameters:
    ///   - requests: What is asked.
    ///   - past: The ended sessions that they name.
    ///   - used: Which of their keys were used before, and for what.
    ///   - desk: Changed as decided; ``LiveDesk/undo(_:)`` takes it back.
    ///   - now: The time.
    init(
        deciding requests: [PendingRequest], knowing past: KnownPast,
        _ used: [RequestKey: DeskRepository.UsedKey] = [:], on desk: inout LiveDesk, at now: Instant
    ) {
        var used = used
        var past = past
        desk.advance(to: now)
        outcomes.reserveCapacity(requests.count)
        for request in requests {
            do throws(DeskRefusal) {
                outcomes.append(.success(try decide(request, &past, &used, &desk)))
            } catch {
                outcomes.append(.failure(error))
            }
        }
        changes = desk.takeChanges()
    }

    private mutating func decide(
        _ pending: PendingRequest, _ past: inout KnownPast, _ used: inout [RequestKey: DeskRepository.UsedKey],
        _ desk: inout LiveDesk
    ) throws(DeskRefusal) -> DeskAnswer {
        switch pending.ask {
        case .decision(let number):
            return .session(try desk.decision(on: number, known: past))
        case .request(let request, _):
            guard let key = pending.key else { return try perform(request, &past, &desk) }
            if let before = used[key] {
                guard before.request == request.fingerprint, let number = before.session else {
                    throw .keyUsedBefore(key.text)
                }
                return .session(try desk.decision(on: number, known: past, isRepeat: true))
            }
            let answer = try perform(request, &past, &desk)
            let use = DeskRepository.UsedKey(request: request.fingerprint, session: request.session, operator: nil)
            used[key] = use
            keys.append(.init(key: key, used: use))
            return answer
        }
    }

    private func perform(
        _ request: DeskRequest, _ past: inout KnownPast, _ desk: inout LiveDesk
    ) throws(DeskRefusal) -> DeskAnswer {
        let answer = try desk.perform(request, known: past)
        // Ended just now: who asks again in the same batch is to find it.
        if case .session(let decision) = answer, case .ended(let outcome, let at) = decision.standing {
            past.insert(
                .init(
                    number: decision.number, origin: decision.origin, queue: decision.queue,
                    createdAt: decision.createdAt, outcome: outcome, endedAt: at))
        }
        return answer
    }
}

extension DeskRequest {
    /// The request in words, the same for the same request.
    var fingerprint: String {
        switch self {
        case .accept(let number, let id): "accept \(number) \(id)"
        case .decline(let number, let id): "decline \(number) \(id)"
        case .requeue(let number, let id, let toFront): "requeue \(number) \(id?.rawValue ?? "-") \(toFront)"
        case .transfer(let number, let target, let id): "transfer \(number) \(target) \(id?.rawValue ?? "-")"
        case .note(let number, let text, let id): "note \(number) \(id?.rawValue ?? "-") \(text)"
        case .activity(let number, let id): "activity \(number) \(id)"
        case .wrapUp(let number, let id): "wrap up \(number) \(id?.rawValue ?? "-")"
        case .end(let number, let outcome, let id): "end \(number) \(outcome.rawValue) \(id?.rawValue ?? "-")"
        // Their effect is the same if they come twice.
        case .create, .setPresence, .renewPresence, .leave: ""
        }
    }
}

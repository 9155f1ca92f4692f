import Coverage

/// What the chat server of a day was told, held against what the service tells of the same sessions.
package struct DayComparison: Hashable, Sendable {
    /// A session to ask the service about.
    package struct Question: Hashable, Sendable {
        package var visit: Int
        package var number: Int64
    }

    /// Sessions that the service acknowledged.
    package var created = 0
    /// Those of them that the service tells of, ended and with the same story.
    package var ended = 0
    /// Steps that were noted, each of which must be there once.
    package var notes = 0
    package var refused = 0
    /// Sessions for which the service was not reached until the day was over.
    package var unanswered = 0
    /// One sentence each.
    package var differences: [String] = []

    package init() {}
}

extension DaySimulation {
    /// The sessions that the service must be able to tell of.
    package var questions: [DayComparison.Question] {
        visits.enumerated().compactMap { index, visit in
            visit.number.map { DayComparison.Question(visit: index, number: $0) }
        }
    }

    /// Holds the service's trails against what it had acknowledged.
    ///
    /// - Parameter trails: By the session's number; nil where the service knows no such session, none where it could
    ///   not be asked.
    /// - Returns: The counts, and each difference in a sentence.
    package func compare(_ trails: [Int64: [ToldEvent]?]) -> DayComparison {
        var comparison = DayComparison()
        for visit in visits {
            if case .refused = visit.state { comparison.refused += 1 }
            guard let number = visit.number else {
                if visit.state == .unknown { comparison.unanswered += 1 }
                continue
            }
            comparison.created += 1
            comparison.notes += visit.acknowledged.notes.count
            let faults = faults(of: visit, number, trails[number])
            if faults.isEmpty { comparison.ended += 1 }
            comparison.differences += faults
        }
        if missedEvents > 0 { comparison.differences.append("\(missedEvents) events never came by the stream") }
        return comparison
    }

    private func faults(of visit: Visit, _ number: Int64, _ told: [ToldEvent]??) -> [String] {
        let name = "session \(number) (\(visit.id))"
        guard let asked = told else { return ["\(name): the service could not be asked"] }
        guard let trail = asked else { return ["\(name) was acknowledged, and the service does not know it"] }
        var faults: [String] = []
        let created = trail.filter { $0.kind == .created(id: visit.id) }.count
        if created != 1 { faults.append("\(name) was created \(created) times") }
        let outcomes = trail.compactMap { event in
            if case .ended(let outcome) = event.kind { outcome } else { nil }
        }
        if outcomes.count != 1 { faults.append("\(name) ended \(outcomes.count) times") }
        if let wanted = visit.acknowledged.outcome, let outcome = outcomes.first, wanted.rawValue != outcome {
            faults.append("\(name) was acknowledged to end as \(wanted.rawValue), and ended as \(outcome)")
        }
        for note in visit.acknowledged.notes {
            let count = trail.filter { $0.kind == .noted(note) }.count
            if count != 1 { faults.append("\(name): the note “\(note)” is there \(count) times") }
        }
        return faults + overlappingHolders(in: trail, name)
    }

    /// Two operators must never have a session at once: between two acceptances it went back or on.
    private func overlappingHolders(in trail: [ToldEvent], _ name: String) -> [String] {
        var holder: Operator.ID?
        for event in trail {
            switch event.kind {
            case .accepted:
                if let holder {
                    let other = event.operator?.rawValue ?? "somebody"
                    return ["\(name) was accepted by \(other) while \(holder) had it"]
                }
                holder = event.operator
            case .requeued, .transferred, .ended: holder = nil
            default: break
            }
        }
        return []
    }
}

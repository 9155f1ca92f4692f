import Coverage

/// What is to be looked at when, the soonest first.
struct DeadlineHeap: Sendable {
    enum Subject: Hashable, Sendable {
        case session(Session.Number)
        case presence(Operator.ID)
    }

    private var entries: [(at: Instant, subject: Subject)] = []
    /// The time at which each subject is looked at next; entries for other times are outdated.
    private var times: [Subject: Instant] = [:]

    /// Looks at a subject at a time, or earlier if that was asked for before: whoever looks then asks anew.
    ///
    /// - Complexity: O(log n)
    mutating func schedule(_ subject: Subject, at time: Instant) {
        if let earlier = times[subject], earlier <= time { return }
        times[subject] = time
        entries.append((time, subject))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].at < entries[parent].at else { break }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    mutating func forget(_ subject: Subject) {
        times[subject] = nil
    }

    /// The soonest time, or an earlier one that is outdated.
    var soonest: Instant? { entries.first?.at }

    /// The next subject that is due.
    ///
    /// - Complexity: O(log n)
    mutating func popDue(at now: Instant) -> Subject? {
        while let first = entries.first, first.at <= now {
            removeFirst()
            if times[first.subject] == first.at {
                times[first.subject] = nil
                return first.subject
            }
        }
        return nil
    }

    private mutating func removeFirst() {
        guard let last = entries.popLast(), !entries.isEmpty else { return }
        entries[0] = last
        var parent = 0
        while true {
            var best = parent
            for child in 2 * parent + 1...2 * parent + 2 where child < entries.count {
                if entries[child].at < entries[best].at { best = child }
            }
            guard best != parent else { return }
            entries.swapAt(parent, best)
            parent = best
        }
    }
}

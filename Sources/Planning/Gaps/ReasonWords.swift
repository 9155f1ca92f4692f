import Coverage

/// What is said of the slots of a gap, or of all gaps of a kind.
struct ReasonWords {
    private let findings: [SlotFindings]
    private let queue: Queue
    private let problem: PlanningProblem

    init(_ findings: [SlotFindings], on queue: Int, in problem: PlanningProblem) {
        self.findings = findings
        self.queue = problem.queues[queue]
        self.problem = problem
    }

    // MARK: A gap

    /// The obstacle, then how the others who have the skill stand to the gap.
    func text(of kind: GapReason.Kind, _ candidates: Candidates, from start: Instant) -> String {
        switch kind {
        case .nobodyHasSkill, .allPlacedHere: return summary(of: kind)
        case .nobodyAvailable:
            return summary(of: kind) + ": " + others(than: kind)
        case .placedElsewhere:
            return "\(count(\.here).high > 0 ? "all others" : "all") who are available are placed elsewhere "
                + "(\(places()))" + rest(than: kind)
        case .stretchTooShort:
            return tooShort() + rest(than: kind)
        case .heldByLimit:
            return limits().joined(separator: ", ") + rest(than: kind)
        case .leftForCost, .couldBePlaced:
            let consequence =
                kind == .couldBePlaced ? "and the plan would be better for it" : "but the plan would not be cheaper"
            let words = CandidateWords(candidates, in: problem, from: start)
            return "could be placed, \(consequence): \(words.text)" + rest(than: kind)
        }
    }

    private func rest(than kind: GapReason.Kind) -> String {
        let others = others(than: kind)
        return others.isEmpty ? "" : "; " + others
    }

    /// `of 12 with the skill 7 are not available, 3 are placed elsewhere (ask 2, email 1)`.
    private func others(than kind: GapReason.Kind) -> String {
        var parts: [String] = []
        let here = count(\.here)
        if here.high > 0 { parts.append("\(here.are) here already") }
        if kind != .placedElsewhere, count(\.placedElsewhere).high > 0 {
            parts.append("\(count(\.placedElsewhere).are) placed elsewhere (\(places()))")
        }
        if kind != .heldByLimit { parts += limits() }
        if kind != .stretchTooShort, count(\.tooShort.count).high > 0 { parts.append(tooShort()) }
        parts += away()
        guard !parts.isEmpty else { return "" }
        return "of \(count(\.skilled)) with the skill " + parts.joined(separator: ", ")
    }

    private func away() -> [String] {
        [
            (count(\.notAvailable), "not available by their week"), (count(\.absent), "absent"),
            (count(\.libraryClosed), "at a closed library"),
        ].filter { $0.0.high > 0 }.map { "\($0.0.are) \($0.1)" }
    }

    private func tooShort() -> String {
        let who = names(findings.map(\.tooShort))
        return "\(count(\.tooShort.count).are) free for less than the shortest shift of "
            + "\(queue.minShiftMinutes) min (\(who))"
    }

    private func limits() -> [String] {
        OperatorStanding.Limit.all(in: problem).compactMap { limit in
            let named = findings.map { found in
                found.held.first { $0.limit == limit }?.named ?? SlotFindings.Named()
            }
            let count = CountRange(named.map(\.count))
            guard count.high > 0 else { return nil }
            return "\(limit.words(for: .hold, in: problem)) \(count) (\(names(named)))"
        }
    }

    /// The queues on which the others are, those with most first: `ask 2, email 1`.
    private func places() -> String {
        let shown = placesByWeight()
        let texts = shown.prefix(Self.mostPlaces).map { place in
            let counts = findings.map { found in found.elsewhere.first { $0.queue == place }?.count ?? 0 }
            return "\(problem.queues[place].id) \(CountRange(counts))"
        }
        return texts.joined(separator: ", ") + (shown.count > Self.mostPlaces ? ", …" : "")
    }

    private static let mostPlaces = 3

    private func placesByWeight() -> [Int] {
        var weights: [Int: Int] = [:]
        for found in findings {
            for place in found.elsewhere { weights[place.queue, default: 0] += place.count }
        }
        return weights.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    }

    /// Those who are named in most slots; `…` where there are others.
    private func names(_ slots: [SlotFindings.Named]) -> String {
        var weights: [Int: Int] = [:]
        for named in slots {
            for person in named.people { weights[person, default: 0] += 1 }
        }
        let people = weights.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
        let shown = people.prefix(SlotFindings.mostNames).map { problem.operators[$0].id.rawValue }
        let areMore = people.count > shown.count || slots.contains { $0.count > shown.count }
        return shown.joined(separator: ", ") + (areMore ? ", …" : "")
    }

    private func count(_ path: KeyPath<SlotFindings, Int>) -> CountRange {
        CountRange(findings.map { $0[keyPath: path] })
    }

    // MARK: All gaps of a kind

    /// The obstacle in words that hold for every gap of the kind.
    func summary(of kind: GapReason.Kind) -> String {
        switch kind {
        case .nobodyHasSkill: return "nobody has the skill “\(queue.skill)”"
        case .allPlacedHere: return "all who have the skill “\(queue.skill)” are here already"
        case .nobodyAvailable:
            return count(\.here).high > 0
                ? "nobody else with the skill “\(queue.skill)” is available"
                : "nobody with the skill “\(queue.skill)” is available"
        case .placedElsewhere:
            let places = placesByWeight()
            let shown = places.prefix(Self.mostPlaces).map { problem.queues[$0].id.rawValue }
            return "all others who are available are placed elsewhere (\(shown.joined(separator: ", "))"
                + (places.count > shown.count ? ", …)" : ")")
        case .stretchTooShort: return "those who are free are so for less than the shortest shift"
        case .heldByLimit:
            let limits = OperatorStanding.Limit.all(in: problem).filter { limit in
                findings.contains { $0.limits.contains(limit) }
            }
            return
                "limits hold those who are free: \(limits.map { $0.words(for: .list, in: problem) }.joined(separator: ", "))"
        case .leftForCost: return "somebody could be placed within all rules, but the plan would not be cheaper"
        case .couldBePlaced: return "somebody could be placed within all rules, and the plan would be better for it"
        }
    }
}

extension OperatorStanding.Limit {
    /// Those that can hold somebody, in the order in which they are told.
    package static func all(in problem: PlanningProblem) -> [Self] {
        [.week, .day, .rest] + problem.rowRules.all.map { .rule($0.name) } + [.length, .several]
    }

    fileprivate enum Form {
        case hold, list
    }

    /// `weekly hours hold`, or `weekly hours` in a list.
    fileprivate func words(for form: Form, in problem: PlanningProblem) -> String {
        switch (self, form) {
        case (.rule(let name), _):
            let (noun, verb) = problem.rowRules[name]?.obstacle ?? (name.rawValue, "holds")
            return form == .hold ? "\(noun) \(verb)" : noun
        case (.week, .hold): return "weekly hours hold"
        case (.day, .hold): return "daily hours hold"
        case (.rest, .hold): return "the rest between shifts holds"
        case (.length, .hold): return "the longest shift holds"
        case (.several, .hold): return "hours and rest together hold"
        case (.week, .list): return "weekly hours"
        case (.day, .list): return "daily hours"
        case (.rest, .list): return "the rest between shifts"
        case (.length, .list): return "the longest shift"
        case (.several, .list): return "hours and rest together"
        }
    }
}

import Coverage

/// A suggestion as a coordinator reads it.
package struct SuggestionWords {
    /// Where it is read.
    package enum Place: Hashable, Sendable {
        /// With the ids that other commands take.
        case commandLine
        /// With names and days alone.
        case page
    }

    private let suggestion: Suggestion
    private let problem: PlanningProblem
    private let place: Place

    package init(_ suggestion: Suggestion, in problem: PlanningProblem, for place: Place = .commandLine) {
        self.suggestion = suggestion
        self.problem = problem
        self.place = place
    }

    /// What to do, one operator a line: whoever needs a permission first.
    package var lines: [String] {
        suggestion.changes.enumerated().map { index, change in
            index == 0 && !suggestion.permissions.isEmpty ? asking(change) : line(change)
        }
    }

    /// What comes of it: `closes it, cost -979.00` or `closes 2 h of 3 h, opens 1 h below a target elsewhere, cost …`.
    package var consequence: String {
        let closed = suggestion.missingBefore - suggestion.missingAfter
        var parts = [
            suggestion.closesGap
                ? "closes it"
                : "closes \(CertificateWords.hours(closed)) of \(CertificateWords.hours(suggestion.missingBefore))"
        ]
        if suggestion.openedMinutes > 0 {
            parts.append("leaves \(CertificateWords.hours(suggestion.openedMinutes)) below a target elsewhere")
        }
        let cost = suggestion.costChange
        parts.append("cost \(cost < .zero ? "" : "+")\(cost)")
        return parts.joined(separator: ", ")
    }

    // MARK: Permissions

    /// `ask Ada Byron (pub01-02, Cecil County) for 1 h beyond their week: ask Mon 2026-10-26 09:00–11:00`.
    private func asking(_ change: Suggestion.Change) -> String {
        let requests = suggestion.permissions.map(request).joined(separator: " and ")
        let rules = suggestion.permissions.map(\.override.rule.rawValue).joined(separator: " and of ")
        let asked = "ask \(name(change.operator)) \(requests): \(times(change))"
        return place == .page ? asked : "\(asked) (override of \(rules))"
    }

    private func request(_ permission: Suggestion.Permission) -> String {
        let excess = CertificateWords.hours(permission.excessMinutes)
        switch permission.override.rule {
        case .maxHoursPerWeek: return "for \(excess) beyond their week"
        case .maxHoursPerDay: return "for \(excess) beyond their day"
        case .minRestHours: return "to rest \(excess) less than a full rest"
        case .shiftLength: return "for a shift that is \(excess) off the lengths allowed"
        case .availability: return "to come outside their availability"
        case .absence: return "to come although they are absent"
        case .libraryClosed: return "to come although their library is closed"
        case .skill: return "to come although they lack the skill"
        case let rule: return problem.rowRules[rule]?.request ?? "for an exception"
        }
    }

    private func times(_ change: Suggestion.Change) -> String {
        change.added.map { added in
            let before = change.removed.filter { $0.queue == added.queue && touches($0.during, added.during) }
            let instead = before.map { hours($0.during, after: added.during.lowerBound) }.joined(separator: " and ")
            return "\(name(added.queue)) \(time(added.during))" + (instead.isEmpty ? "" : " in place of \(instead)")
        }.joined(separator: ", ")
    }

    // MARK: Moves

    /// `Ada Byron (pub01-02, Cecil County) moves from email to ask Mon 2026-10-26 14:00–16:00`, or where several things
    /// change for them a list after a colon.
    private func line(_ change: Suggestion.Change) -> String {
        let acts = acts(change)
        return acts.count == 1
            ? "\(name(change.operator)) \(acts[0])" : "\(name(change.operator)): \(acts.joined(separator: "; "))"
    }

    private func acts(_ change: Suggestion.Change) -> [String] {
        var removed = change.removed
        var acts: [String] = []
        for added in change.added {
            let place = removed.filter { touches($0.during, added.during) }
            removed.removeAll { place.contains($0) }
            let new = "\(name(added.queue)) \(time(added.during))"
            let old = place.map { old in
                let time = hours(old.during, after: added.during.lowerBound)
                return old.queue == added.queue ? time : "\(name(old.queue)) \(time)"
            }
            if place.isEmpty {
                acts.append("comes to \(new)")
            } else if place.allSatisfy({ $0.queue == added.queue }) {
                acts.append("has \(new) in place of \(old.joined(separator: " and "))")
            } else {
                acts.append("moves to \(new) from \(old.joined(separator: " and "))")
            }
        }
        return acts + removed.map { "leaves \(name($0.queue)) \(time($0.during))" }
    }

    private func touches(_ left: Range<Instant>, _ right: Range<Instant>) -> Bool {
        left.lowerBound <= right.upperBound && right.lowerBound <= left.upperBound
    }

    // MARK: Names and times

    private func name(_ id: Operator.ID) -> String {
        guard let person = problem.operatorIndex[id] else { return id.rawValue }
        let record = problem.operators[person]
        let library = problem.libraries[problem.libraryOfOperator[person]].name
        return place == .page ? "\(record.name) (\(library))" : "\(record.name) (\(id), \(library))"
    }

    private func name(_ id: Queue.ID) -> String {
        guard place == .page, let queue = problem.queueIndex[id] else { return id.rawValue }
        return "“\(problem.queues[queue].name)”"
    }

    private func time(_ during: Range<Instant>) -> String {
        let date = problem.zone.civil(at: during.lowerBound).date
        let (_, month, day) = date.components
        let named = place == .page ? "\(day) \(Self.months[month - 1])" : date.description
        return "\(date.weekday.abbreviation) \(named) \(hours(during, after: during.lowerBound))"
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `09:00–11:00`, with the day where it is another than that of an instant.
    private func hours(_ during: Range<Instant>, after known: Instant) -> String {
        let zone = problem.zone
        let (from, to) = (zone.civil(at: during.lowerBound), zone.civil(at: during.upperBound))
        let start = from.date == zone.civil(at: known).date ? "" : "\(from.date.weekday.abbreviation) "
        if to.date == from.date { return "\(start)\(from.timeText)–\(to.timeText)" }
        if to.date == from.date.advanced(byDays: 1), to.secondOfDay == 0 { return "\(start)\(from.timeText)–24:00" }
        return "\(start)\(from.timeText)–\(to.date.weekday.abbreviation) \(to.timeText)"
    }
}

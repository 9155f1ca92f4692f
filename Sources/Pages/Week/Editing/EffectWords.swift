import Coverage
import Planning

/// What a change would mean, in a coordinator's words.
struct EffectWords {
    let effect: EditEffect
    let problem: PlanningProblem

    /// Values for the template `edit-effect`.
    var values: [String: Any] {
        .present([
            "verdict": verdict, "style": style, "isRefused": !effect.refusals.isEmpty,
            "refusals": effect.refusals.map(item), "hasRefusals": !effect.refusals.isEmpty,
            "bends": effect.bends.map { item($0.violation) }, "hasBends": !effect.bends.isEmpty,
            "mended": effect.mended.map(item), "hasMended": !effect.mended.isEmpty,
            "prices": prices, "hasPrices": !prices.isEmpty,
            "coverage": effect.coverage.map(coverage), "hasCoverage": !effect.coverage.isEmpty,
        ])
    }

    private var style: String {
        if !effect.refusals.isEmpty { return "is-red" }
        return effect.bends.isEmpty ? "is-green" : "is-yellow"
    }

    /// The whole of it in a line: `12 points better`.
    var verdict: String {
        if !effect.refusals.isEmpty { return "This cannot be done" }
        if !effect.bends.isEmpty { return "This bends a rule: \(Self.points(effect.cost))" }
        return Self.points(effect.cost).prefix(1).uppercased() + Self.points(effect.cost).dropFirst()
    }

    /// `12 points better`, `3.5 points worse`, `no better and no worse`.
    static func points(_ cost: PlanCost) -> String {
        if cost == .zero { return "no better and no worse" }
        return "\(number(cost)) \(cost < .zero ? "better" : "worse")"
    }

    private static func number(_ cost: PlanCost) -> String {
        var text = PlanCost(rawValue: Int(cost.rawValue.magnitude)).description
        if text.hasSuffix(".00") { text.removeLast(3) }
        // `1,992`, as everywhere.
        let whole = text.prefix { $0 != "." }
        let grouped = Int(whole).map { PlanningWords.grouped(Double($0)) } ?? String(whole)
        return text == "1" ? "1 point" : "\(grouped)\(text.dropFirst(whole.count)) points"
    }

    private func item(_ violation: RuleViolation) -> [String: Any] {
        let person = problem.operatorIndex[violation.operator].map { problem.operators[$0].name }
        return [
            "rule": Self.rule(violation.cause), "person": person ?? violation.operator.rawValue,
            "times": DayText.timesOrDays(violation.during, in: problem.zone), "detail": violation.detail,
        ]
    }

    private var prices: [[String: Any]] {
        PlanScore.Part.allCases.compactMap { part in
            effect.parts[part].map { ["part": Self.words(of: part), "points": Self.points($0)] }
        }
    }

    private func coverage(_ change: EditEffect.CoverageChange) -> [String: Any] {
        let name = problem.queueIndex[change.queue].map { problem.queues[$0].name } ?? change.queue.rawValue
        return [
            "queue": name, "times": DayText.times(change.during, in: problem.zone),
            "counts": "\(change.before) → \(change.after)",
            "spoken": "from \(change.before) to \(change.after)",
            "wanted": change.target == 0
                ? "nobody wanted" : "\(change.target) wanted, at least \(change.minimum)",
            "style": Self.style(change),
        ]
    }

    private static func style(_ change: EditEffect.CoverageChange) -> String {
        if change.after < change.minimum { return "is-critical" }
        if change.after < change.target { return "is-thin" }
        return change.after > change.target ? "is-over" : "is-covered"
    }

    /// What a rule is called on pages.
    static func rule(_ cause: RuleViolation.Cause) -> String {
        guard case .rule(let name) = cause else {
            switch cause {
            case .noDemand: return "Nobody is wanted"
            case .outsidePeriod: return "Outside the plan"
            default: return "Not in the consortium"
            }
        }
        return rule(name)
    }

    static func rule(_ name: Rule.Name) -> String {
        switch name {
        case .skill: "Skill"
        case .availability: "Availability"
        case .absence: "Absence"
        case .libraryClosed: "Library closed"
        case .onePlaceAtATime: "One place at a time"
        case .shiftLength: "Length of a shift"
        case .minRestHours: "Rest between shifts"
        case .maxHoursPerDay: "Hours a day"
        case .maxHoursPerWeek: "Hours a week"
        case .libraryContribution: "The library’s promise"
        case .preference: "What people like"
        case .blocksPerDay: "Coming once a day"
        case .maxLateShiftsPerWeek: "Late shifts a week"
        case .restAfterNight: "Rest after a night"
        }
    }

    static func words(of part: PlanScore.Part) -> String {
        switch part {
        case .gap: "Hours below the minimum"
        case .thin: "Hours below what is wanted"
        case .over: "More people than wanted"
        case .libraryContribution: rule(.libraryContribution)
        case .preference: rule(.preference)
        case .blocksPerDay: rule(.blocksPerDay)
        case .minRestHours: rule(.minRestHours)
        case .maxHoursPerDay: rule(.maxHoursPerDay)
        case .maxHoursPerWeek: rule(.maxHoursPerWeek)
        case .maxLateShiftsPerWeek: rule(.maxLateShiftsPerWeek)
        case .restAfterNight: rule(.restAfterNight)
        }
    }
}

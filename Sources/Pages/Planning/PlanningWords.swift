import Coverage
import Foundation
import Planning
import Scheduling
import Storage

/// Plans and searches in words.
enum PlanningWords {
    /// A number with its thousands set apart: `12,345`.
    static func grouped(_ number: Double) -> String {
        var digits = Array(String(Int(min(number.magnitude, 1e15).rounded())))
        var at = digits.count - 3
        while at > 0 {
            digits.insert(",", at: at)
            at -= 3
        }
        return (number.rounded() < 0 ? "−" : "") + String(digits)
    }

    /// `12 h`, `1.5 h`, with no sign.
    static func hours(_ minutes: Int) -> String {
        let tenths = (abs(minutes) * 10 + 30) / 60
        return grouped(Double(tenths / 10)) + (tenths % 10 == 0 ? " h" : ".\(tenths % 10) h")
    }

    /// `+12 h`, `−3 h`, `0 h`.
    static func signedHours(_ minutes: Int) -> String {
        minutes == 0 ? "0 h" : (minutes > 0 ? "+" : "−") + hours(minutes)
    }

    /// Percent with one digit after the point, never 100 where something is missing.
    static func percent(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "–" }
        let perMille = part * 1000 / whole
        return perMille % 10 == 0 ? "\(perMille / 10) %" : "\(perMille / 10).\(perMille % 10) %"
    }

    /// `1 person`, `3 people`.
    static func count(_ number: Int, _ one: String, _ many: String) -> String {
        "\(grouped(Double(number))) \(number == 1 ? one : many)"
    }

    // MARK: Days

    /// The days of a plan: `26 October – 22 November 2026`.
    static func days(_ plan: PlanRepository.Plan, in zone: TimeZoneRules) -> String {
        let dates = plan.dates(in: zone)
        return days(dates.lowerBound...dates.upperBound.advanced(byDays: -1))
    }

    static func days(_ days: ClosedRange<CivilDate>) -> String {
        days.lowerBound == days.upperBound
            ? DayText.long(days.lowerBound) : DayText.span(days.lowerBound, days.upperBound)
    }

    /// `Mon 26 Oct, 09:00–11:00`; with both days where it ends on another one than at midnight.
    static func times(_ during: Range<Instant>, in zone: TimeZoneRules) -> String {
        let (from, to) = (zone.civil(at: during.lowerBound), zone.civil(at: during.upperBound))
        let day = { (date: CivilDate) in "\(date.weekday.abbreviation) \(DayText.short(date))" }
        let endsThen = to.date == from.date || to.date == from.date.advanced(byDays: 1) && to.secondOfDay == 0
        if endsThen { return "\(day(from.date)), \(DayText.times(during, in: zone))" }
        return "\(day(from.date)), \(DayText.time(during.lowerBound, in: zone)) – \(day(to.date)), "
            + DayText.time(during.upperBound, in: zone)
    }

    // MARK: Plans

    static func state(_ state: PlanState) -> String {
        switch state {
        case .draft: "Draft"
        case .published: "Published"
        case .superseded: "Replaced"
        }
    }

    /// Where a plan comes from, in a sentence without its end.
    static func origin(_ plan: PlanRepository.Plan) -> String {
        let origin = PlanOrigin(json: plan.making)
        if let restored = origin.restores { return "Plan \(restored), restored" }
        if let revised = origin.revises { return "Plan \(revised) with one change: \(origin.advice?.words ?? "")" }
        if let mended = origin.replans, !mended.isEmpty { return "Plan \(list(mended)), mended" }
        return origin.cost == nil ? "Made elsewhere" : "Made from nothing"
    }

    /// `3`, `3 and 4`, `3, 4 and 5`.
    static func list(_ numbers: [Int]) -> String {
        let texts = numbers.map { "\($0)" }
        guard let last = texts.last, texts.count > 1 else { return texts.first ?? "" }
        return texts.dropLast().joined(separator: ", ") + " and " + last
    }

    // MARK: Searches

    static func purpose(_ run: PlanningRun) -> String {
        switch run.request.purpose {
        case .search: "A plan from nothing"
        case .mend: "What is published, mended"
        case .advise: "Suggestions for plan \(run.request.plan ?? 0)"
        }
    }

    static func state(_ state: PlanningRun.State) -> String {
        switch state {
        case .waiting: "Waiting for its turn"
        case .searching: "Searching"
        case .finished: "Finished"
        case .stopped: "Stopped"
        case .failed: "Failed"
        case .brokenOff: "Broken off"
        }
    }

    /// `10 s`, `2 min`.
    static func duration(_ seconds: Int) -> String {
        seconds >= 120 && seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds) s"
    }

    // MARK: Rules

    /// What somebody must not, or what is wrong with their hours.
    static func broken(_ cause: RuleViolation.Cause) -> String {
        switch cause {
        case .rule(let rule): broken(rule)
        case .noDemand: "nobody is wanted then"
        case .outsidePeriod: "it lies outside the plan’s days"
        case .unknown: "the person or the queue has left"
        }
    }

    private static func broken(_ rule: Rule.Name) -> String {
        switch rule {
        case .skill: "lacks the skill"
        case .availability: "is not available"
        case .absence: "is absent"
        case .libraryClosed: "the library is closed"
        case .onePlaceAtATime: "is in two places at a time"
        case .shiftLength: "the shift is too short or too long"
        case .minRestHours: "the rest is too short"
        case .maxHoursPerDay: "works too long on a day"
        case .maxHoursPerWeek: "works too long in a week"
        case .maxLateShiftsPerWeek: "has too many late shifts in a week"
        case .restAfterNight: "has no day off after a night"
        case .libraryContribution, .preference, .blocksPerDay: rule.rawValue
        }
    }

    /// What a permission is about, `hours in a week`.
    static func bent(_ rule: String) -> String {
        switch Rule.Name(rawValue: rule) {
        case .maxHoursPerWeek: "hours in a week"
        case .maxHoursPerDay: "hours on a day"
        case .minRestHours: "rest between shifts"
        case .shiftLength: "length of a shift"
        case .availability: "availability"
        case .absence: "absences"
        case .libraryClosed: "closed libraries"
        case .skill: "skills"
        case .maxLateShiftsPerWeek: "late shifts in a week"
        case .restAfterNight: "rest after a night"
        default: rule
        }
    }

    /// `Ada Byron (Cecil County), Mon 26 Oct, 09:00–11:00: works too long on a day (4 h on a day of at most 3 h)`.
    static func violation(_ violation: RuleViolation, in problem: PlanningProblem) -> String {
        let queue = violation.queue.map { ", “\(name($0, in: problem))”" } ?? ""
        return "\(person(violation.operator, in: problem))\(queue), \(times(violation.during, in: problem.zone)): "
            + "\(broken(violation.cause)) (\(violation.detail))"
    }

    // MARK: Names

    /// `Ada Byron (Cecil County)`; the id of somebody who has left.
    static func person(_ id: Operator.ID, in problem: PlanningProblem) -> String {
        guard let index = problem.operatorIndex[id] else { return "\(id.rawValue) (has left)" }
        return "\(problem.operators[index].name) (\(problem.libraries[problem.libraryOfOperator[index]].name))"
    }

    static func name(_ id: Queue.ID, in problem: PlanningProblem) -> String {
        problem.queueIndex[id].map { problem.queues[$0].name } ?? id.rawValue
    }
}

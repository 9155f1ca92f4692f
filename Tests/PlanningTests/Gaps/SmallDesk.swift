import Coverage
import Planning

/// A consortium small enough to be checked by hand: one week from Monday 2026-10-26 by the clocks of New York, in
/// slots of an hour; its last night is the one on which clocks go back.
struct SmallDesk {
    var bundle: ConsortiumBundle
    var overrides: [RuleOverride] = []
    var fixed: [Shift] = []
    /// Days of the week to plan.
    var days = 7

    init(startsOn: String = "2026-10-26") {
        bundle = ConsortiumBundle(
            consortium: Consortium(
                name: "Small", timeZone: Self.zoneName, slotMinutes: 60,
                startsOn: CivilDate(startsOn) ?? CivilDate(daysSince1970: 0), weeks: 1),
            libraries: [SmallDesk.library("lib")])
    }

    static let zoneName = "America/New_York"

    static func library(_ id: String, hours: Thousandths = .zero) -> Library {
        Library(
            id: Library.ID(id), name: id, kind: .public, timeZone: zoneName, contributionHoursPerWeek: hours)
    }

    /// Looked up once: it is tens of thousands of questions to Foundation.
    private static let zone = Result { () throws(UnknownTimeZone) in try TimeZoneRules(identifier: zoneName) }

    func problem() throws -> PlanningProblem {
        let start = bundle.consortium.startsOn
        let period = try instant(start, 0)..<instant(start.advanced(byDays: days), 0)
        return try PlanningProblem(bundle, period: period, fixed: fixed, overrides: overrides)
    }

    func report(_ shifts: [Shift] = []) throws -> GapReport { GapReport(of: shifts, in: try problem()) }

    private func instant(_ date: CivilDate, _ hour: Int) throws -> Instant {
        try Self.zone.get().firstInstant(ofDate: date, time: MinuteOfDay(rawValue: hour * 60) ?? .startOfDay)
    }

    /// Some hours of a day by the clocks of New York; day 0 is the first, -1 the one before.
    func time(_ day: Int, _ hours: Range<Int>) throws -> Range<Instant> {
        let date = bundle.consortium.startsOn.advanced(byDays: day)
        return try instant(date, hours.lowerBound)..<instant(date, hours.upperBound)
    }

    // MARK: Building

    /// Adds a queue that asks for a skill; shifts on it have `shift` hours.
    mutating func add(
        queue id: String, skill: String = "general", shift hours: ClosedRange<Int> = 1...4, priority: Int = 1
    ) {
        bundle.queues.append(
            Queue(
                id: Queue.ID(id), name: id, channel: .chat, skill: Skill(skill),
                minShiftMinutes: hours.lowerBound * 60, maxShiftMinutes: hours.upperBound * 60, priority: priority))
    }

    /// Adds an operator who is available in some hours of every day.
    mutating func add(
        _ id: String, library: String = "lib", skills: [String] = ["general"], perWeek: Int = 40, perDay: Int = 24,
        hours: Range<Int> = 0..<24, likes preference: Int = 2
    ) {
        bundle.operators.append(
            Operator(
                id: Operator.ID(id), library: Library.ID(library), name: id, skills: skills.map { Skill($0) },
                maxHoursPerWeek: Thousandths(perWeek), maxHoursPerDay: Thousandths(perDay)))
        guard let from = MinuteOfDay(rawValue: hours.lowerBound * 60),
            let to = MinuteOfDay(rawValue: hours.upperBound * 60)
        else { return }
        bundle.availability += Weekday.allCases.map {
            Availability(operator: Operator.ID(id), weekday: $0, from: from, to: to, preference: preference)
        }
    }

    /// Wants operators on a queue in some hours of a day.
    mutating func want(
        _ queue: String, _ day: Int, _ hours: Range<Int>, minimum: Int = 1, target: Int = 1
    ) throws {
        bundle.demand.append(
            Demand(queue: Queue.ID(queue), during: try time(day, hours), minimum: minimum, target: target))
    }

    mutating func absent(_ id: String, _ day: Int, _ hours: Range<Int> = 0..<24) throws {
        bundle.absences.append(Absence(operator: Operator.ID(id), during: try time(day, hours)))
    }

    mutating func close(_ library: String?, _ day: Int) {
        let date = bundle.consortium.startsOn.advanced(byDays: day)
        bundle.closures.append(Closure(library: library.map { Library.ID($0) }, date: date, reason: "holiday"))
    }

    mutating func override(_ rule: Rule.Name, _ id: String, _ day: Int, _ hours: Range<Int>) throws {
        overrides.append(
            RuleOverride(
                rule: rule, operator: Operator.ID(id), during: try time(day, hours), reason: "fair",
                approvedBy: "coordinator"))
    }

    func shift(_ queue: String, _ id: String, _ day: Int, _ hours: Range<Int>) throws -> Shift {
        Shift(queue: Queue.ID(queue), operator: Operator.ID(id), during: try time(day, hours))
    }
}

package import Coverage

extension ConsortiumBundle {
    /// A small consortium in order: two libraries, four operators, two queues open on two weekdays, one week.
    package static func valid(startsOn: String = "2026-10-26", weeks: Int = 1) -> ConsortiumBundle {
        let start = CivilDate(startsOn) ?? CivilDate(daysSince1970: 20_752)
        let consortium = Consortium(
            name: "Two counties", timeZone: "America/New_York", slotMinutes: 60, startsOn: start, weeks: weeks)
        return ConsortiumBundle(
            consortium: consortium,
            libraries: [.valid("acad01", kind: .academic), .valid("pub01")],
            operators: [
                .valid("acad01-01", library: "acad01", skills: ["academic", "general"]),
                .valid("acad01-02", library: "acad01", skills: ["academic", "general"]),
                .valid("pub01-01", library: "pub01"),
                .valid("pub01-02", library: "pub01"),
            ],
            queues: [.valid("academic", skill: "academic"), .valid("ask")],
            hours: ["academic", "ask"].flatMap { queue in
                [Weekday.monday, .tuesday].map { .valid(queue: queue, weekday: $0) }
            },
            demand: (0..<weeks).flatMap { week in
                ["academic", "ask"].flatMap { queue in
                    [0, 1].flatMap { day in
                        (10..<14).map { hour in
                            Demand.valid(queue: queue, date: start.advanced(byDays: 7 * week + day), hour: hour)
                        }
                    }
                }
            }.sorted { ($0.queue, $0.during.lowerBound) < ($1.queue, $1.during.lowerBound) },
            availability: ["acad01-01", "acad01-02", "pub01-01", "pub01-02"].flatMap { person in
                [Weekday.monday, .tuesday].map { .valid(operator: person, weekday: $0) }
            },
            absences: [.valid(operator: "pub01-02", date: start.advanced(byDays: 1))],
            closures: [Closure(library: nil, date: start.advanced(byDays: 5), reason: "state holiday")])
    }

    /// The same under a rule that the bound leaves out: no search proves its plan to be the cheapest, and ends of itself.
    package static func unproven() -> ConsortiumBundle {
        var bundle = valid()
        let late = Rule(
            name: .maxLateShiftsPerWeek, ruleClass: .red,
            parameters: [.shifts: Thousandths(1), .afterHour: Thousandths(11)])
        bundle.consortium.rules = RuleBook(bundle.consortium.rules.all + [late])
        return bundle
    }
}

extension Library {
    package static func valid(_ id: String, kind: Kind = .public) -> Library {
        Library(
            id: ID(id), name: "Library \(id)", kind: kind, timeZone: "America/New_York",
            contributionHoursPerWeek: Thousandths(rawValue: 6_500), phone: "+1-410-555-0100",
            email: "ask@\(id).example.org", url: "https://\(id).example.org/ask")
    }
}

extension Operator {
    package static func valid(_ id: String, library: String, skills: [String] = ["general"]) -> Operator {
        Operator(
            id: ID(id), library: Library.ID(library), name: "Operator \(id)", email: "\(id)@example.org",
            skills: skills.map { Skill($0) }, maxHoursPerWeek: Thousandths(6), maxHoursPerDay: Thousandths(3),
            chatCapacity: 2)
    }
}

extension Queue {
    package static func valid(_ id: String, skill: String = "general") -> Queue {
        Queue(
            id: ID(id), name: "Queue \(id)", channel: .chat, skill: Skill(skill), minShiftMinutes: 60,
            maxShiftMinutes: 180, priority: 2)
    }
}

extension OpeningHours {
    package static func valid(queue: String, weekday: Weekday) -> OpeningHours {
        OpeningHours(
            queue: Queue.ID(queue), weekday: weekday, opens: MinuteOfDay(rawValue: 600) ?? .startOfDay,
            closes: MinuteOfDay(rawValue: 840) ?? .endOfDay)
    }
}

extension Availability {
    package static func valid(operator id: String, weekday: Weekday) -> Availability {
        Availability(
            operator: Operator.ID(id), weekday: weekday, from: MinuteOfDay(rawValue: 540) ?? .startOfDay,
            to: MinuteOfDay(rawValue: 1020) ?? .endOfDay)
    }
}

extension Demand {
    /// One operator wanted, two better, for an hour by the clocks of New York in the offset of standard or summer time.
    package static func valid(queue: String, date: CivilDate, hour: Int) -> Demand {
        let start = Instant.newYork(date, hour: hour)
        return Demand(queue: Queue.ID(queue), during: start..<start.advanced(byMinutes: 60), minimum: 1, target: 2)
    }
}

extension Absence {
    /// A whole date by the clocks of New York.
    package static func valid(operator id: String, date: CivilDate) -> Absence {
        Absence(
            operator: Operator.ID(id),
            during: .newYork(date, hour: 0)..<Instant.newYork(date.advanced(byDays: 1), hour: 0), reason: "leave")
    }
}

extension Shift {
    package static func valid(_ queue: String, _ id: String, date: String, hour: Int, hours: Int = 1) -> Shift {
        let start = Instant.newYork(CivilDate(date) ?? CivilDate(daysSince1970: 0), hour: hour)
        return Shift(
            queue: Queue.ID(queue), operator: Operator.ID(id),
            during: start..<start.advanced(byMinutes: 60 * hours))
    }
}

extension Instant {
    /// The instant at which the clocks of New York first show the hour.
    package static func newYork(_ date: CivilDate, hour: Int) -> Instant {
        newYorkRules.firstInstant(ofDate: date, time: MinuteOfDay(rawValue: hour * 60) ?? .startOfDay)
    }

    private static let newYorkRules: TimeZoneRules = {
        do { return try TimeZoneRules(identifier: "America/New_York") } catch { preconditionFailure("\(error)") }
    }()
}

extension Identifier: ExpressibleByStringLiteral {
    /// Ids in tests are written as they are.
    package init(stringLiteral value: String) {
        self.init(value)
    }
}

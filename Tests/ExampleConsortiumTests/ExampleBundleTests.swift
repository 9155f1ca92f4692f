import Coverage
import ExampleConsortium
import Testing

@Suite("What an example holds")
struct ExampleBundleTests {
    @Test("the same seed makes the same consortium", arguments: [1, 2, UInt64.max])
    func repeats(seed: UInt64) throws {
        #expect(try ExampleBundle.small(seed: seed) == ExampleBundle.small(seed: seed))
    }

    @Test("another seed makes other people on other questions")
    func differs() throws {
        let (one, other) = (try ExampleBundle.small(seed: 1), try ExampleBundle.small(seed: 2))
        #expect(one.bundle.operators != other.bundle.operators)
        #expect(one.history != other.history)
        #expect(one.bundle.queues == other.bundle.queues)
    }

    @Test("the period begins on the Monday of the week asked for")
    func beginsOnMonday() throws {
        let example = try ExampleBundle.small(startsOn: "2026-10-29")
        #expect(example.bundle.consortium.startsOn == CivilDate("2026-10-26"))
    }

    @Test("the weeks asked for are the weeks that demand and history cover")
    func covers() throws {
        let example = try ExampleBundle.small(weeks: 2, historyWeeks: 3)
        let zone = try TimeZoneRules(identifier: example.bundle.consortium.timeZone)
        let weeksOfDemand = Set(example.bundle.demand.map { zone.civil(at: $0.during.lowerBound).date.startOfWeek })
        let weeksOfHistory = Set(example.history.map { zone.civil(at: $0.startedAt).date.startOfWeek })
        let monday = example.bundle.consortium.startsOn
        #expect(weeksOfDemand == Set([0, 7].map(monday.advanced(byDays:))))
        #expect(weeksOfHistory == Set([-21, -14, -7].map(monday.advanced(byDays:))))
    }

    @Test(
        "the state is answered every hour of the nights when clocks change",
        arguments: [("2026-11-01", 25), ("2027-03-14", 23), ("2027-03-15", 24)])
    func answersEveryHour(date: String, hours: Int) throws {
        let day = try #require(CivilDate(date))
        let bundle = try ExampleBundle(scale: .statewide, startsOn: day, weeks: 1, historyWeeks: 0).bundle
        let zone = try TimeZoneRules(identifier: bundle.consortium.timeZone)
        let aroundTheClock = bundle.demand.filter { demand in
            ["ask", "after-hours"].contains(demand.queue.rawValue)
                && zone.civil(at: demand.during.lowerBound).date == day
        }
        #expect(Set(aroundTheClock.map(\.during)).count == hours)
    }

    @Test("nobody is wanted on a day on which all are closed")
    func closes() throws {
        let bundle = try ExampleBundle.small(startsOn: "2026-11-23").bundle
        let thanksgiving = try #require(CivilDate("2026-11-26"))
        let zone = try TimeZoneRules(identifier: bundle.consortium.timeZone)
        #expect(bundle.closures.contains { $0.library == nil && $0.date == thanksgiving })
        #expect(!bundle.demand.contains { zone.civil(at: $0.during.lowerBound).date == thanksgiving })
    }

    @Test(
        "libraries promise what is wanted, but for what rounding to half hours takes",
        arguments: [(.small, 1), (.statewide, 1), (.statewide, 5)] as [(ExampleScale, UInt64)])
    func promises(scale: ExampleScale, seed: UInt64) throws {
        let start = try #require(CivilDate("2026-10-26"))
        let bundle = try ExampleBundle(scale: scale, seed: seed, startsOn: start, historyWeeks: 0).bundle
        let promised = bundle.libraries.reduce(0) { $0 + $1.contributionHoursPerWeek.doubleValue }
        let wanted = Double(bundle.demand.reduce(0) { $0 + $1.target }) / Double(bundle.consortium.weeks)
        #expect(promised <= wanted)
        #expect(promised > wanted - 0.5 * Double(bundle.libraries.count))
    }

    @Test("no library promises more than its people may work", arguments: 1...5)
    func promisesNoMore(seed: Int) throws {
        let bundle = try ExampleBundle.small(seed: UInt64(seed), historyWeeks: 0).bundle
        let limits = Dictionary(grouping: bundle.operators, by: \.library).mapValues { people in
            people.reduce(0) { $0 + $1.maxHoursPerWeek.rawValue }
        }
        let over = bundle.libraries.filter { $0.contributionHoursPerWeek.rawValue > limits[$0.id] ?? 0 }
        #expect(over.map(\.name) == [])
    }

    @Test("past questions came while their queue was open")
    func asksWhileOpen() throws {
        let example = try ExampleBundle.small()
        let zone = try TimeZoneRules(identifier: example.bundle.consortium.timeZone)
        let closed = example.history.filter { session in
            let moment = zone.civil(at: session.startedAt)
            return !example.bundle.hours.contains { hours in
                hours.queue == session.queue && hours.weekday == moment.date.weekday
                    && (hours.opens.rawValue..<hours.closes.rawValue).contains(moment.minuteOfDay)
            }
        }
        #expect(closed.isEmpty)
        #expect(!example.history.isEmpty)
    }

    @Test(
        "each scale has the size that it says",
        arguments: [(ExampleScale.small, 9, 38...38), (.statewide, 68, 370...410), (.national, 2000, 11_200...11_500)])
    func sizes(scale: ExampleScale, libraries: Int, operators: ClosedRange<Int>) throws {
        let start = try #require(CivilDate("2026-10-26"))
        let bundle = try ExampleBundle(scale: scale, startsOn: start, weeks: 1, historyWeeks: 0).bundle
        #expect(bundle.libraries.count == libraries)
        #expect(operators.contains(bundle.operators.count))
    }

    @Test("nobody in the state can answer the pilot's questions yet")
    func leavesPilotOpen() throws {
        let start = try #require(CivilDate("2026-10-26"))
        let bundle = try ExampleBundle(scale: .statewide, startsOn: start, weeks: 1, historyWeeks: 0).bundle
        let skills = Set(bundle.operators.flatMap(\.skills))
        #expect(bundle.queues.filter { !skills.contains($0.skill) }.map(\.id.rawValue) == ["vietnamese"])
    }
}

extension ExampleBundle {
    /// The small consortium in the weeks asked for.
    static func small(
        seed: UInt64 = 1, startsOn: String = "2026-10-26", weeks: Int? = nil, historyWeeks: Int? = nil
    ) throws -> ExampleBundle {
        try ExampleBundle(
            scale: .small, seed: seed, startsOn: try #require(CivilDate(startsOn)), weeks: weeks,
            historyWeeks: historyWeeks)
    }
}

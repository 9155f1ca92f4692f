import Coverage
import Testing

@Suite("What importing a bundle changes")
struct BundleDifferenceTests {
    let newYork: TimeZoneRules

    init() throws {
        newYork = try TimeZoneRules(identifier: "America/New_York")
    }

    @Test("the first import adds everything and every rule")
    func firstImport() throws {
        let bundle = try Self.bundle()
        let difference = BundleDifference(from: nil, to: bundle, zone: newYork)

        #expect(difference.consortiumChanges)
        #expect(!difference.isEmpty)
        #expect(difference.rules.added == bundle.consortium.rules.all)
        #expect(difference.libraries.added == bundle.libraries)
        #expect(difference.demand.added == bundle.demand)
        #expect(difference.closures.added == bundle.closures)
    }

    @Test("importing the same bundle again changes nothing")
    func again() throws {
        let bundle = try Self.bundle()
        let difference = BundleDifference(from: bundle, to: bundle, zone: newYork)
        #expect(difference.isEmpty)
        #expect(!difference.consortiumChanges)
    }

    /// One part of a bundle changed.
    struct Edit: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let make: @Sendable (inout ConsortiumBundle) -> Void

        init(_ description: String, _ make: @escaping @Sendable (inout ConsortiumBundle) -> Void) {
            (testDescription, self.make) = (description, make)
        }
    }

    @Test(
        "a change of any one thing is seen",
        arguments: [
            Edit("name") { $0.consortium.name = "Three counties" },
            Edit("zone") { $0.consortium.timeZone = "America/Chicago" },
            Edit("slot") { $0.consortium.slotMinutes = 30 },
            Edit("weeks") { $0.consortium.weeks = 2 },
            Edit("start") { $0.consortium.startsOn = $0.consortium.startsOn.advanced(byDays: 7) },
            Edit("rules") { $0.consortium.rules = RuleBook([Rule(name: .skill, ruleClass: .yellow)]) },
            Edit("library") { $0.libraries[0].phone = "+1-291-555-0101" },
            Edit("operator") { $0.operators[0].skills = [] },
            Edit("queue") { $0.queues[0].priority = 9 },
            Edit("hours") { $0.hours[0].closes = .endOfDay },
            Edit("demand") { $0.demand[0].target += 1 },
            Edit("availability") { $0.availability[0].preference = 2 },
            Edit("absence") { $0.absences[0].reason = "training" },
            Edit("closure") { $0.closures[0].reason = "storm" },
        ])
    func anyChange(edit: Edit) throws {
        let before = try Self.bundle()
        var after = before
        edit.make(&after)
        #expect(!BundleDifference(from: before, to: after, zone: newYork).isEmpty)
    }

    @Test("demand, absences and closures outside the bundle's period stay")
    func outsideThePeriod() throws {
        let stored = try Self.bundle()
        var next = ConsortiumBundle(consortium: stored.consortium)
        next.consortium.startsOn = stored.consortium.startsOn.advanced(byDays: 7)
        let difference = BundleDifference(from: stored, to: next, zone: newYork)

        #expect(difference.demand.removed.isEmpty)
        #expect(difference.absences.removed.isEmpty)
        #expect(difference.closures.removed.isEmpty)
        // What has no date is what the bundle says.
        #expect(difference.operators.removed == stored.operators)
        #expect(difference.availability.removed == stored.availability)
    }

    @Test("demand, absences and closures inside the period that the bundle does not name any more go")
    func insideThePeriod() throws {
        let stored = try Self.bundle()
        let empty = ConsortiumBundle(consortium: stored.consortium)
        let difference = BundleDifference(from: stored, to: empty, zone: newYork)

        #expect(difference.demand.removed == stored.demand)
        #expect(difference.absences.removed == stored.absences)
        #expect(difference.closures.removed == stored.closures)
    }

    @Test(
        "what only touches the edge of the period is outside it, what reaches in is inside",
        arguments: [(-60, 0, false), (-60, 1, true), (10_140, 10_200, false), (10_139, 10_200, true)])
    func edges(fromMinute: Int, toMinute: Int, goes: Bool) throws {
        // The week of 2026-10-26 has 169 hours, 10,140 minutes, in New York.
        var stored = try Self.bundle()
        let start = newYork.firstInstant(ofDate: stored.consortium.startsOn)
        let during = start.advanced(byMinutes: fromMinute)..<start.advanced(byMinutes: toMinute)
        stored.demand = [Demand(queue: Queue.ID("ask"), during: during, minimum: 1, target: 1)]
        stored.absences = [Absence(operator: Operator.ID("pub01-01"), during: during)]
        var empty = stored
        (empty.demand, empty.absences) = ([], [])
        let difference = BundleDifference(from: stored, to: empty, zone: newYork)

        #expect(difference.demand.removed.isEmpty != goes)
        #expect(difference.absences.removed.isEmpty != goes)
    }

    @Test("demand that keeps its time but not its numbers is changed; with another time it is another demand")
    func demandKey() throws {
        let before = try Self.bundle()
        var after = before
        after.demand[0].minimum = 0
        after.demand[1].during =
            after.demand[1].during.lowerBound..<after.demand[1].during.upperBound.advanced(byMinutes: 1)
        let difference = BundleDifference(from: before, to: after, zone: newYork)

        #expect(difference.demand.changed.map(\.after) == [after.demand[0]])
        #expect(difference.demand.added == [after.demand[1]])
        #expect(difference.demand.removed == [before.demand[1]])
    }

    /// One library, one operator, one queue, one of everything else; two rows of demand.
    static func bundle() throws -> ConsortiumBundle {
        let start = try #require(CivilDate("2026-10-26"))
        let noon = try #require(OffsetTime("2026-10-26T12:00-04:00")?.instant)
        let (nine, five) = (try #require(MinuteOfDay("09:00")), try #require(MinuteOfDay("17:00")))
        let (ask, person, library) = (Queue.ID("ask"), Operator.ID("pub01-01"), Library.ID("pub01"))
        let hour = noon..<noon.advanced(byMinutes: 60)
        return ConsortiumBundle(
            consortium: Consortium(
                name: "Two counties", timeZone: "America/New_York", slotMinutes: 60, startsOn: start, weeks: 1),
            libraries: [
                Library(
                    id: library, name: "Public Library", kind: .public, timeZone: "America/New_York",
                    contributionHoursPerWeek: Thousandths(6))
            ],
            operators: [
                Operator(
                    id: person, library: library, name: "Robin Vale", skills: [Skill("general")],
                    maxHoursPerWeek: Thousandths(6), maxHoursPerDay: Thousandths(3))
            ],
            queues: [
                Queue(
                    id: ask, name: "Ask", channel: .chat, skill: Skill("general"), minShiftMinutes: 60,
                    maxShiftMinutes: 180)
            ],
            hours: [OpeningHours(queue: ask, weekday: .monday, opens: nine, closes: five)],
            demand: [
                Demand(queue: ask, during: hour, minimum: 1, target: 2),
                Demand(
                    queue: ask, during: hour.upperBound..<hour.upperBound.advanced(byMinutes: 60), minimum: 1,
                    target: 1),
            ],
            availability: [Availability(operator: person, weekday: .monday, from: nine, to: five)],
            absences: [Absence(operator: person, during: hour, reason: "leave")],
            closures: [Closure(library: library, date: start, reason: "staff day")])
    }
}

package import Coverage

/// A period to be planned, as flat tables over operators, queues and slots.
///
/// Operators, libraries and queues are known here by their indices in ``operators``, ``libraries`` and ``queues``,
/// slots by their indices in ``calendar``. Everything is a value: the problem can be shared between threads.
package struct PlanningProblem: Sendable {
    /// What one problem may have of slots: a year and a half of half hours.
    package static let mostSlots = 27_000
    package static let mostQueues = 1000

    package let period: Range<Instant>
    /// The consortium's zone: that of days and weeks.
    package let zone: TimeZoneRules
    package let calendar: SlotCalendar
    package let rules: PlanningRules
    package private(set) var overrides: OverrideTable

    package let operators: [Operator]
    package let libraries: [Library]
    package let queues: [Queue]
    package let operatorIndex: [Operator.ID: Int]
    package let libraryIndex: [Library.ID: Int]
    package let queueIndex: [Queue.ID: Int]
    /// For each operator the index of their library.
    package let libraryOfOperator: [Int]
    /// For each operator the queues whose skill they have, ascending.
    package let queuesOfOperator: [[Int]]
    /// For each queue the operators who have its skill, ascending.
    package let operatorsOfQueue: [[Int]]

    package let demand: DemandTable
    package let availability: AvailabilityTable
    /// For each operator with published shifts of other times, those shifts, by start.
    package internal(set) var fixed: [Int: [FixedShift]]

    /// A published shift that the plan has to live with.
    package struct FixedShift: Hashable, Sendable {
        package let queue: Int
        package let slots: Range<Int>
    }

    /// Builds the tables.
    ///
    /// - Parameters:
    ///   - bundle: The consortium; demand outside the period is ignored.
    ///   - period: What to plan, from a midnight to a midnight by the consortium's calendar.
    ///   - fixed: Published shifts of other times; only those up to fifteen days from the period matter. Those of
    ///     operators or queues who are not in the bundle are ignored.
    ///   - overrides: Permissions to bend yellow rules.
    /// - Throws: ``PlanningRefusal``.
    /// - Complexity: O(operators × slots), once.
    package init(
        _ bundle: ConsortiumBundle, period: Range<Instant>, fixed: [Shift] = [], overrides: [RuleOverride] = []
    ) throws(PlanningRefusal) {
        let consortium = bundle.consortium
        var zones = ZoneTable()
        zone = try zones.rules(consortium.timeZone)
        self.period = period
        operators = bundle.operators
        libraries = bundle.libraries
        queues = bundle.queues
        operatorIndex = try Self.index(bundle.operators.map(\.id), kind: "operator")
        libraryIndex = try Self.index(bundle.libraries.map(\.id), kind: "library")
        queueIndex = try Self.index(bundle.queues.map(\.id), kind: "queue")
        guard bundle.queues.count <= Self.mostQueues else { throw .tooManyQueues(bundle.queues.count) }
        var libraryOfOperator: [Int] = []
        for person in bundle.operators {
            guard let library = libraryIndex[person.library] else {
                throw .unknownLibrary(operator: person.id, library: person.library)
            }
            libraryOfOperator.append(library)
        }
        self.libraryOfOperator = libraryOfOperator
        let skilled = Self.skilled(bundle.operators, bundle.queues)
        (queuesOfOperator, operatorsOfQueue) = (skilled.queues, skilled.operators)

        calendar = try Self.calendar(consortium.slotMinutes, period, fixed, zone)
        rules = try PlanningRules(consortium.rules, slotMinutes: consortium.slotMinutes)
        self.overrides = OverrideTable(
            overrides, operators: operatorIndex, rules: consortium.rules, calendar: calendar)
        demand = try DemandTable(bundle.demand, queues: queueIndex, calendar: calendar)
        self.fixed = Self.fixed(fixed, operatorIndex, queueIndex, calendar)
        var zoneOfOperator: [TimeZoneRules] = []
        for library in libraryOfOperator { zoneOfOperator.append(try zones.rules(bundle.libraries[library].timeZone)) }
        availability = AvailabilityTable(
            bundle, operators: operatorIndex, libraries: libraryIndex, libraryOfOperator: libraryOfOperator,
            zones: zoneOfOperator, calendar: calendar)
        try checkLengths()
        try checkSums()
    }

    /// The same problem with more permissions.
    ///
    /// - Complexity: O(overrides); the large tables are shared.
    package func permitting(_ more: [RuleOverride]) -> PlanningProblem {
        var problem = self
        problem.overrides = overrides.adding(more, operators: operatorIndex, rules: rules.book, calendar: calendar)
        return problem
    }
}

/// The zones of a bundle, each looked up once.
private struct ZoneTable {
    private var known: [String: TimeZoneRules] = [:]

    mutating func rules(_ identifier: String) throws(PlanningRefusal) -> TimeZoneRules {
        if let zone = known[identifier] { return zone }
        do {
            let zone = try TimeZoneRules(identifier: identifier)
            known[identifier] = zone
            return zone
        } catch {
            throw .unknownTimeZone(identifier)
        }
    }
}

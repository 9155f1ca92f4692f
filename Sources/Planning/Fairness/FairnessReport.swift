package import Coverage

/// How evenly a plan spreads its hours, and the unpopular ones among them, over libraries and people.
///
/// Everybody is measured against their share. A library's share of all hours is its promise; its share of the
/// unpopular hours is the part of them that its promise is of all promises. An operator's share is the part of their
/// library's that their weekly hours are of those of all its operators. Libraries and operators with no shift at all
/// are measured like all others, by nought hours; who has a share of nothing is listed, but has no ratio.
package struct FairnessReport: Sendable {
    /// What a library or an operator has of a plan.
    package struct Line<Subject: Sendable>: Sendable {
        package let id: Identifier<Subject>
        package let library: Library.ID
        package let minutes: Int
        /// Of the hours of the plan: what was promised.
        package let shareMinutes: Double
        /// Of ``minutes``, those at unpopular times.
        package let unpopularMinutes: Int
        package let unpopularShareMinutes: Double

        /// What they have of what is theirs; nil where nothing is.
        package var ratio: Double? { Self.ratio(Double(minutes), shareMinutes) }
        package var unpopularRatio: Double? { Self.ratio(Double(unpopularMinutes), unpopularShareMinutes) }

        private static func ratio(_ part: Double, _ share: Double) -> Double? { share > 0 ? part / share : nil }
    }

    /// How even the ratios of some are.
    package struct Evenness: Hashable, Sendable {
        /// See ``FairnessIndex/jain(_:)``.
        package let jain: Double?
        /// See ``FairnessIndex/gini(_:)``.
        package let gini: Double?

        init(_ ratios: [Double]) {
            jain = FairnessIndex.jain(ratios)
            gini = FairnessIndex.gini(ratios)
        }
    }

    package let unpopular: UnpopularHours
    /// In the order of the bundle.
    package let libraries: [Line<Library>]
    /// In the order of the bundle.
    package let operators: [Line<Operator>]
    package let libraryHours: Evenness
    package let libraryUnpopularHours: Evenness
    package let operatorHours: Evenness
    package let operatorUnpopularHours: Evenness

    /// Counts a plan.
    ///
    /// - Parameters:
    ///   - shifts: The plan's; fixed shifts count where they reach into the period.
    ///   - unpopular: Which hours nobody likes.
    ///   - problem: What it is a plan for.
    /// - Complexity: O(operators × slots)
    package init(of shifts: [Shift], unpopular: UnpopularHours = .usual, in problem: PlanningProblem) {
        self.init(PlacementTable(shifts, in: problem), unpopular: unpopular, in: problem)
    }

    init(_ table: PlacementTable, unpopular: UnpopularHours, in problem: PlanningProblem) {
        self.unpopular = unpopular
        let counts = Counts(table, unpopular.slots(of: problem), in: problem)
        libraries = counts.libraries()
        operators = counts.operators()
        libraryHours = Evenness(libraries.compactMap(\.ratio))
        libraryUnpopularHours = Evenness(libraries.compactMap(\.unpopularRatio))
        operatorHours = Evenness(operators.compactMap(\.ratio))
        operatorUnpopularHours = Evenness(operators.compactMap(\.unpopularRatio))
    }

    package var librariesWithoutShift: Int { libraries.count { $0.minutes == 0 } }
    package var operatorsWithoutShift: Int { operators.count { $0.minutes == 0 } }
}

/// What operators and libraries work, in slots, and what is theirs.
private struct Counts {
    private let problem: PlanningProblem
    private var slots: [Int]
    private var unpopularSlots: [Int]
    /// By library: of its promise, and of the weekly hours of its operators.
    private let promisedMinutes: [Double]
    private var weeklyHours: [Double]
    private let allPromised: Double
    private let allUnpopular: Double

    init(_ table: PlacementTable, _ isUnpopular: [Bool], in problem: PlanningProblem) {
        self.problem = problem
        slots = [Int](repeating: 0, count: problem.operators.count)
        unpopularSlots = slots
        weeklyHours = [Double](repeating: 0, count: problem.libraries.count)
        for (person, record) in problem.operators.enumerated() {
            weeklyHours[problem.libraryOfOperator[person]] += Double(max(0, record.maxHoursPerWeek.rawValue))
            for slot in problem.calendar.period where table.queue(of: person, at: slot) != nil {
                slots[person] += 1
                if isUnpopular[slot] { unpopularSlots[person] += 1 }
            }
        }
        promisedMinutes = problem.libraries.map {
            Double(max(0, $0.contributionHoursPerWeek.rawValue)) * 60 / 1000 * Double(problem.days) / 7
        }
        allPromised = promisedMinutes.reduce(0, +)
        allUnpopular = Double(unpopularSlots.reduce(0, +) * problem.calendar.slotMinutes)
    }

    func libraries() -> [FairnessReport.Line<Library>] {
        var (all, unpopular) = (weeklyHours.map { _ in 0 }, weeklyHours.map { _ in 0 })
        for (person, library) in problem.libraryOfOperator.enumerated() {
            all[library] += slots[person]
            unpopular[library] += unpopularSlots[person]
        }
        return problem.libraries.indices.map { library in
            let id = problem.libraries[library].id
            return line(id, library, all[library], unpopular[library], share: 1)
        }
    }

    func operators() -> [FairnessReport.Line<Operator>] {
        problem.operators.enumerated().map { person, record in
            let library = problem.libraryOfOperator[person]
            let share = weeklyHours[library] > 0 ? Double(record.maxHoursPerWeek.rawValue) / weeklyHours[library] : 0
            return line(record.id, library, slots[person], unpopularSlots[person], share: share)
        }
    }

    /// A line; `share` is the part of what is the library's.
    private func line<Subject: Sendable>(
        _ id: Identifier<Subject>, _ library: Int, _ slots: Int, _ unpopularSlots: Int, share: Double
    ) -> FairnessReport.Line<Subject> {
        let promise = promisedMinutes[library]
        return FairnessReport.Line(
            id: id, library: problem.libraries[library].id, minutes: slots * problem.calendar.slotMinutes,
            shareMinutes: promise * share, unpopularMinutes: unpopularSlots * problem.calendar.slotMinutes,
            unpopularShareMinutes: allPromised > 0 ? allUnpopular * promise / allPromised * share : 0)
    }
}

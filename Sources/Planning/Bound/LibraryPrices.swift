import Coverage

/// What a slot more costs each library, by the slots that it has.
struct LibraryPrices: Sendable {
    /// The prices that these are reckoned from.
    private let center: [Int]
    /// How many slots more each library has than it promised.
    private let excess: [Double]
    private let most: Double
    private let stiffness: Double
    private let weeks: Double

    /// - Parameters:
    ///   - tables: The problem.
    ///   - center: For each library the price of a slot if it had what it promised.
    ///   - given: For each library the slots that it has.
    ///   - stiffness: How much a slot more is dearer for each that it has more.
    init(_ tables: EngineTables, center: [Int], given: [Double], stiffness: Double) {
        let problem = tables.problem
        let hours = Double(max(1, problem.rules.hoursOfSlot))
        self.center = center
        self.stiffness = stiffness
        most = Double(problem.rules.contributionWeight * problem.rules.hoursOfSlot)
        weeks = Double(tables.weeks.count)
        excess = problem.libraries.enumerated().map { library, line in
            let promise = problem.rules.promise(line.contributionHoursPerWeek, days: problem.days)
            return given[library] - Double(promise) / hours
        }
    }

    /// What a slot more of a library costs.
    ///
    /// - Parameters:
    ///   - library: Its number.
    ///   - more: How many slots a week has given more of it than the weeks together had when prices were made. All weeks
    ///     move at the same time, and so each goes only as far as is right if the others do the same.
    /// - Returns: Units, below zero where the library gives too little.
    @inline(__always)
    func price(_ library: Int, more: Double) -> Int {
        Int(max(-most, min(most, Double(center[library]) + stiffness * (excess[library] + weeks * more))))
    }

    /// How prices follow shares inside one week.
    func stiffening(_ stiffness: RowShares.Stiffness) -> RowShares.Stiffness {
        RowShares.Stiffness(cells: stiffness.cells, libraries: stiffness.libraries * weeks)
    }
}

import Synchronization

/// Finds rosters: breaks no limit, and costs as little as it can find.
package struct RosterEngine: Sendable {
    /// How to search.
    package struct Settings: Hashable, Sendable {
        /// What chance begins with.
        package var seed: UInt64
        package var threads: Int
        /// Whether all sums are computed anew after each step, and the program stopped where they differ; for tests.
        package var checksSums: Bool

        /// The temperature at the beginning, of what a person missing costs on average.
        package var hottestPercent = 40
        /// How much chance changes what a cell costs, of the temperature.
        package var noisePercent = 50
        /// How often a step begins at a badly covered cell, and of how many it is the worst.
        package var badCellPercent = 80
        package var badCellTries = 12
        package var fewestPeople = 1
        package var mostPeople = 3
        /// How many days a step ruins: short windows are solved so much faster that they win even on four weeks.
        package var windows = [4, 7, 10]
        package var secondWindows = [3, 4, 7]
        /// How often a step ruins two stretches of days, and how far apart they are at most.
        package var twoStretchesPercent = 40
        package var farthestDays = 42
        /// How often threads look at each other while they make parts.
        package var rounds = 32
        /// Cells and people for which all rows are made at once.
        package var mostOfWhole = 800

        package init(seed: UInt64 = 1, threads: Int = 1, checksSums: Bool = false) {
            self.seed = seed
            self.threads = max(1, threads)
            self.checksSums = checksSums
        }
    }

    private let tables: RosterTables
    private let settings: Settings

    package init(problem: RosterProblem, settings: Settings) {
        tables = RosterTables(problem)
        self.settings = settings
    }

    /// Searches; a cancelled task ends the search, with the best roster so far.
    ///
    /// - Parameters:
    ///   - budget: When to stop.
    ///   - progress: Told now and then how far it has come.
    /// - Returns: The best roster found.
    /// - Throws: ``RosterRefusal`` where somebody has no legal row.
    package func run(
        _ budget: PlanningEngine.Budget, progress: (RosterProgress) -> Void = { _ in }
    ) async throws(RosterRefusal) -> RosterResult {
        let spent = SearchBudget(budget)
        let desks = (0..<settings.threads).map { RosterDesk(tables, settings, thread: $0) }
        if let person = await begin(desks) { throw RosterRefusal.noLegalRow(person: person) }
        for phase in phases {
            let from = shareSpent(desks, spent)
            let stretch = Stretch(from: from, until: from + (65_536 - from) * phase.percent / 100)
            if case .all(let keepsMinutes) = phase.work {
                await makeAll(desks, spent, stretch, keepsMinutes: keepsMinutes, progress)
            }
            for round in 1...phase.rounds {
                let outcomes = await search(desks, spent, phase, stretch, round)
                let best = outcomes.min { $0.best < $1.best }
                progress(RosterProgress(cost: best?.best ?? 0, steps: outcomes.reduce(0) { $0 + $1.steps }))
                if Task.isCancelled || outcomes.contains(where: \.isOptimal) { return result(desks) }
                exchange(desks, outcomes, phase)
            }
        }
        return result(desks)
    }

    private func result(_ desks: [RosterDesk]) -> RosterResult {
        let found = desks.map { desk in desk.search.withLock { (best: $0.best, steps: $0.steps, bound: $0.bound) } }
        var best = found[0].best
        for other in found where other.best.cost < best.cost { best = other.best }
        let bound = found.map(\.bound).max() ?? Int.min
        return RosterResult(
            roster: Roster(best.rows, tables), cost: best.cost,
            lowerBound: bound > Int.min ? Self.roundedUp(bound, tables.scale) : nil,
            steps: found.reduce(0) { $0 + $1.steps })
    }

    private static func roundedUp(_ value: Int, _ unit: Int) -> Int {
        value >= 0 ? (value + unit - 1) / unit : -(-value / unit)
    }

    private enum Work: Sendable {
        /// Rows of a few people at a time, by annealing from a temperature in per cent of what a person missing costs.
        case rows(hottestPercent: Int)
        /// All rows at once, by shares; with their limits on minutes they are dived for, else there is only the bound.
        case all(keepsMinutes: Bool)
        /// Parts, by columns.
        case parts
    }

    private struct Phase: Sendable {
        let work: Work
        /// How much of the budget that is left then it takes at most.
        let percent: Int
        /// How often threads look at each other.
        let rounds: Int
    }

    /// A part of the budget, of 65,536.
    private struct Stretch: Sendable {
        let from: Int
        let until: Int

        /// Where a round of several ends.
        func end(_ round: Int, of rounds: Int) -> Int { from + (until - from) * round / rounds }
    }

    /// To dive into all rows at once pays as long as a person's whole row is solved in some milliseconds; for more only
    /// parts are made so, and the first roster, by annealing, should be a good one.
    private var phases: [Phase] {
        guard tables.cells + tables.people <= settings.mostOfWhole else {
            return [
                Phase(work: .rows(hottestPercent: settings.hottestPercent), percent: 40, rounds: 16),
                Phase(work: .all(keepsMinutes: false), percent: 30, rounds: 1),
                Phase(work: .parts, percent: 100, rounds: settings.rounds),
            ]
        }
        return [
            Phase(work: .rows(hottestPercent: settings.hottestPercent), percent: 5, rounds: 4),
            Phase(work: .all(keepsMinutes: true), percent: 75, rounds: 1),
            Phase(work: .rows(hottestPercent: 5), percent: 25, rounds: 4),
            Phase(work: .parts, percent: 100, rounds: settings.rounds),
        ]
    }

    private func shareSpent(_ desks: [RosterDesk], _ spent: SearchBudget) -> Int {
        spent.share(desks.reduce(0) { $0 + $1.search.withLock { $0.steps } })
    }

    private func begin(_ desks: [RosterDesk]) async -> Int? {
        await withTaskGroup(of: Int?.self) { group in
            for desk in desks { group.addTask { desk.search.withLock { $0.begin() } } }
            var failed: Int?
            for await person in group { if let person { failed = min(person, failed ?? person) } }
            return failed
        }
    }

    private struct Outcome: Sendable {
        let thread: Int
        let cost: Int
        let best: Int
        let steps: Int
        let isOptimal: Bool

        init(_ thread: Int, _ search: borrowing RosterSearch) {
            self.thread = thread
            cost = search.state.cost
            best = search.best.cost
            steps = search.steps
            isOptimal = search.isOptimal
        }
    }

    private func search(
        _ desks: [RosterDesk], _ spent: SearchBudget, _ phase: Phase, _ stretch: Stretch, _ round: Int
    ) async -> [Outcome] {
        let threads = settings.threads
        let outcomes = await withTaskGroup(of: Outcome.self) { group in
            for (thread, desk) in desks.enumerated() {
                group.addTask {
                    desk.search.withLock { search in
                        let share = { (steps: Int) in Task.isCancelled ? 65_536 : spent.share(steps * threads) }
                        work(&search, phase, stretch, until: stretch.end(round, of: phase.rounds), share)
                        return Outcome(thread, search)
                    }
                }
            }
            var outcomes: [Outcome] = []
            for await outcome in group {
                outcomes.append(outcome)
                // Nobody can find anything better. Where steps are counted all take theirs, to be the same each time.
                if outcome.isOptimal, spent.isTimed { group.cancelAll() }
            }
            return outcomes
        }
        return outcomes.sorted { $0.thread < $1.thread }
    }

    private func work(
        _ search: inout RosterSearch, _ phase: Phase, _ stretch: Stretch, until: Int, _ share: (Int) -> Int
    ) {
        switch phase.work {
        case .rows(let hottestPercent):
            // In the end about a third of the least that costs can differ by.
            let warmth = max(1, tables.usualWeight * hottestPercent / 100)
            let halvings = Int.bitWidth - warmth.leadingZeroBitCount + 1
            search.search { steps in
                let share = share(steps)
                guard share < until else { return nil }
                return Self.cooling(
                    (share - stretch.from) * 65_536 / max(1, stretch.until - stretch.from),
                    hottest: warmth << RosterSearch.coolingShift, halvings: halvings)
            }
        case .all: break
        case .parts:
            while share(search.steps) < until, !search.isOptimal { search.makePart { share($0) >= until } }
        }
    }

    /// How much of the time for all rows at once the bound may take, in per cent, and about how many dives the rest is
    /// shared out to.
    private static let boundPercent = 60
    private static let dives = 4

    /// Proves a bound, and dives from its prices as often as there is time; the threads go on from the best roster.
    private func makeAll(
        _ desks: [RosterDesk], _ spent: SearchBudget, _ stretch: Stretch, keepsMinutes: Bool,
        _ progress: (RosterProgress) -> Void
    ) async {
        let found = desks.map { desk in desk.search.withLock { $0.best } }
        guard let best = found.min(by: { $0.cost < $1.cost }) else { return }
        let before = desks.reduce(0) { $0 + $1.search.withLock { $0.steps } }
        var shares = RosterShares(
            tables, threads: desks.count, keepsMinutes: keepsMinutes, rows: best.rows,
            SeededRandom(seed: settings.seed, stream: UInt64(desks.count), 0))
        func share(_ solves: Int) -> Int { Task.isCancelled ? 65_536 : spent.share(before + solves) }
        let boundUntil = stretch.from + (stretch.until - stretch.from) * (keepsMinutes ? Self.boundPercent : 100) / 100
        await shares.settle { share($0) >= boundUntil }
        let lead = desks[0]
        lead.search.withLock { $0.take(bound: shares.bound, prices: shares.bestPrices) }
        let settled = share(shares.solves)
        // As many rows as were solved for in as much time until now.
        let effort = shares.solves * (stretch.until - settled) / max(1, settled - stretch.from) / Self.dives
        while keepsMinutes, share(shares.solves) < stretch.until, !lead.search.withLock({ $0.isOptimal }) {
            let rows = await shares.dive(effort: effort) { share($0) >= stretch.until }
            let cost = lead.search.withLock { search in
                search.adopt(rows)
                return search.best.cost
            }
            progress(RosterProgress(cost: cost, steps: before + shares.solves))
        }
        let (rows, solves) = (lead.search.withLock { $0.best.rows }, shares.solves)
        for (thread, desk) in desks.enumerated() {
            desk.search.withLock {
                $0.adopt(rows)
                $0.take(bound: shares.bound, prices: shares.bestPrices)
                $0.steps += (solves + thread) / desks.count
            }
        }
    }

    /// The temperature when a share of 65,536 is spent: it falls geometrically, and near the end only what is no worse
    /// is kept.
    private static func cooling(_ share: Int, hottest: Int, halvings: Int) -> Cooling {
        guard share < 62_000 else { return Cooling(temperature: 0) }
        let halved = max(0, share) * halvings
        return Cooling(temperature: (hottest >> (halved >> 16)) / 131_072 * (131_072 - (halved & 65_535)))
    }

    /// The threads that are behind go on from where the best one is; while it is warm, only those that are far behind.
    private func exchange(_ desks: [RosterDesk], _ outcomes: [Outcome], _ phase: Phase) {
        guard let best = outcomes.min(by: { ($0.cost, $0.thread) < ($1.cost, $1.thread) }) else { return }
        let isWarm = if case .rows = phase.work { true } else { false }
        var rows: [Int16] = []
        for outcome in outcomes where outcome.cost > best.cost + (isWarm ? best.cost / 50 : 0) {
            if rows.isEmpty { rows = desks[best.thread].search.withLock { $0.state.allRows } }
            desks[outcome.thread].search.withLock { $0.adopt(rows) }
        }
    }
}

/// A thread's search, lent to one task at a time.
private final class RosterDesk: Sendable {
    let search: Mutex<RosterSearch>

    init(_ tables: RosterTables, _ settings: RosterEngine.Settings, thread: Int) {
        search = Mutex(RosterSearch(tables, settings, thread: thread))
    }
}

/// What a search found.
package struct RosterResult: Sendable {
    package let roster: Roster
    package let cost: Int
    /// No roster costs less; nil where that was not proven for any cost.
    package let lowerBound: Int?
    package let steps: Int
}

/// How far a search has come.
package struct RosterProgress: Sendable {
    /// Of the best roster so far.
    package let cost: Int
    package let steps: Int
}

/// Why there is no roster.
package enum RosterRefusal: Error, Hashable, Sendable {
    /// No row of this person that keeps all limits was found.
    case noLegalRow(person: Int)
}

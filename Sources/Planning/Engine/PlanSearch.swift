import Coverage
import Synchronization

/// The search over all weeks, in rounds.
///
/// In a round every other week is searched, each on its own, the weeks between them standing still: rests and joined
/// stretches then only meet rows that do not move. What couples weeks beyond that, the libraries' contributions, each
/// week sees as it stood when the round began, and is summed up after it. A round's outcome does not depend on which
/// thread searched which week when.
struct PlanSearch {
    private let tables: EngineTables
    private let settings: PlanningEngine.Settings
    private let budget: SearchBudget
    private var attempts: SearchAttempts
    private let desks: [WeekDesk]
    private let fixedSlots: [Int]
    private var rows: PlanRows
    /// For each week each library's slots.
    private var librarySlots: [[Int]]
    /// What coverage and rows cost.
    private var units: Int
    private var best: (rows: PlanRows, units: Int)
    private var steps = 0
    private var record = SearchRecord()
    /// While prices are looked for.
    private var bound: LagrangianBound?
    /// Whether operators have begun to choose rows at the bound's prices.
    private var isDiving = false
    private var lowerBound = 0
    private let costs: CostGrid

    init(_ problem: PlanningProblem, _ settings: PlanningEngine.Settings, _ budget: PlanningEngine.Budget) {
        let tables = EngineTables(problem)
        self.tables = tables
        self.settings = settings
        self.budget = SearchBudget(budget)
        attempts = SearchAttempts(
            rows: tables.weeks.reduce(0) { $0 + $1.people.count }, isHasty: settings.stopsAtGap != nil)
        desks = tables.weeks.indices.map { WeekDesk($0, tables, checksSums: settings.checksSums) }
        rows = PlanRows(tables)
        librarySlots = tables.weeks.map { _ in [Int](repeating: 0, count: problem.libraries.count) }
        var fixedSlots = [Int](repeating: 0, count: problem.libraries.count)
        for (person, shifts) in problem.fixed {
            let slots = shifts.reduce(0) { $0 + $1.slots.clamped(to: problem.calendar.period).count }
            fixedSlots[problem.libraryOfOperator[person]] += slots
        }
        self.fixedSlots = fixedSlots
        let empty = PlanScore(of: [], in: problem)
        units = empty.total.rawValue - (empty.parts[.libraryContribution] ?? .zero).rawValue
        best = (rows, empty.total.rawValue)
        costs = CostGrid(tables, anyCost: empty.total.rawValue)
    }

    mutating func run(_ progress: (PlanProgress) -> Void) async -> PlanResult {
        for parity in 0..<min(2, desks.count) {
            await round(Round(weeks: weeks(parity), number: parity, work: .fill, place: .beforeAll))
        }
        progress(report())
        // The rounds that filled the weeks: two, or one for a single week.
        let filling = record.count
        var number = 2
        while let place = budget.place(ofRound: number - 2 + filling, steps: steps, &attempts), !Task.isCancelled,
            !isGoodEnough
        {
            if place.isAnother { (bound, isDiving) = (nil, false) }
            let phase = SearchPhase(at: place.share)
            switch phase {
            case .prices: await price(number, place)
            case .dive(let part): await dive(number, part, place)
            case .moves, .pricedMoves, .rows:
                let weeks = weeks(number)
                let most = phase.mostSteps(operators: tables.hasFixed.count)
                let steps = budget.stepsOfRound(
                    number - 2 + filling, weeks: weeks.count, most: most, taken: steps)
                if bound != nil { await useBound() }
                await round(Round(weeks: weeks, number: number, work: .steps(steps), place: place))
            }
            progress(report())
            number += 1
        }
        if best.units > lowerBound + lowerBound / 20 { await proveSomething() }
        let wasCancelled = Task.isCancelled
        record.wasCancelled = wasCancelled || budget.replaysCancelled
        return PlanResult(
            shifts: best.rows.shifts(tables), cost: PlanCost(rawValue: best.units), steps: steps, record: record,
            wasCancelled: wasCancelled, lowerBound: PlanCost(rawValue: lowerBound), stoppedAtGap: isGoodEnough)
    }

    /// Whether the plan is proven to be the cheapest, or as close to it as was asked for.
    private var isGoodEnough: Bool {
        guard !budget.isReplay else { return false }
        return best.units <= lowerBound
            || settings.stopsAtGap.map { Double(best.units) <= Double(lowerBound) * (1 + $0) } ?? false
    }

    // MARK: Prices

    /// Proves what can be proven at once by the best plan, where there was little time for prices.
    private mutating func proveSomething() async {
        var bound = LagrangianBound(tables, fixedSlots: fixedSlots, seed: settings.seed)
        bound.begin(with: best.rows)
        await bound.finish(threads: settings.threads)
        lowerBound = max(lowerBound, costs.cost(atLeast: bound.best))
    }

    /// Goes on with prices and the bound.
    private mutating func price(_ number: Int, _ place: SearchAttempts.Place) async {
        var bound = self.bound ?? LagrangianBound(tables, fixedSlots: fixedSlots, seed: settings.seed)
        if self.bound == nil { bound.begin(with: best.rows) }
        await bound.pass(number, threads: settings.threads)
        keep(bound, place)
    }

    /// Has more operators choose a row.
    private mutating func dive(_ number: Int, _ part: Int, _ place: SearchAttempts.Place) async {
        // Whoever comes here without prices has too little time for either.
        guard var bound = self.bound else { return await price(number, place) }
        if !isDiving {
            isDiving = true
            await bound.finish(threads: settings.threads)
        }
        await bound.dive(number, part: part, threads: settings.threads)
        keep(bound, place)
    }

    private mutating func keep(_ bound: LagrangianBound, _ place: SearchAttempts.Place) {
        self.bound = bound
        lowerBound = max(lowerBound, costs.cost(atLeast: bound.best))
        steps += SearchPhase.prices.mostSteps(operators: tables.hasFixed.count) * desks.count
        record.append(SearchRecord.Round(place: place.noted, taken: nil))
    }

    /// Ends with prices: hands them to the weeks, and goes on from the plan that operators have chosen.
    private mutating func useBound() async {
        guard var bound = self.bound else { return }
        self.bound = nil
        if isDiving {
            await take(bound.favourites)
        } else {
            await bound.finish(threads: settings.threads)
        }
        isDiving = false
        lowerBound = max(lowerBound, costs.cost(atLeast: bound.best))
        let prices = bound.prices
        for desk in desks { desk.search.withLock { $0.setPrices(prices) } }
    }

    /// Empties all weeks, and fills them with the rows given.
    private mutating func take(_ rows: [[OperatorChoice]]) async {
        for work in [Work.clear, .take(rows)] {
            for parity in 0..<min(2, desks.count) {
                await round(Round(weeks: weeks(parity), number: parity, work: work, place: .beforeAll))
            }
        }
    }

    private func weeks(_ number: Int) -> [Int] {
        desks.count < 2 ? Array(desks.indices) : desks.indices.filter { $0 % 2 == number % 2 }
    }

    private func report() -> PlanProgress {
        PlanProgress(
            share: min(1, Double(budget.share(steps)) / 65_536), cost: PlanCost(rawValue: best.units), steps: steps,
            lowerBound: PlanCost(rawValue: lowerBound))
    }

    // MARK: Rounds

    /// What is done to the weeks of a round.
    private enum Work {
        /// To fill them for the first time.
        case fill
        /// To take so many steps in each.
        case steps([Int])
        case clear
        /// To fill them with rows, one list for each week of the plan.
        case take([[OperatorChoice]])
    }

    private struct Round {
        let weeks: [Int]
        let number: Int
        let work: Work
        let place: SearchAttempts.Place
    }

    fileprivate struct Outcome: Sendable {
        let week: Int
        let rows: [Int16]
        let librarySlots: [Int]
        let change: Int
        let steps: Int
        /// Rows filled for the first time.
        let filled: Int
    }

    private mutating func round(_ round: Round) async {
        var outcomes: [Outcome] = []
        await withTaskGroup(of: Outcome.self) { group in
            var waiting = round.weeks.enumerated().makeIterator()
            func startNext() {
                guard let (index, week) = waiting.next() else { return }
                let job = job(round, week, task(round, week, index))
                group.addTask { job.run() }
            }
            for _ in 0..<max(1, settings.threads) { startNext() }
            for await outcome in group {
                outcomes.append(outcome)
                startNext()
            }
        }
        outcomes.sort { $0.week < $1.week }
        record(round, outcomes)
        for outcome in outcomes {
            rows.weeks[outcome.week] = outcome.rows
            librarySlots[outcome.week] = outcome.librarySlots
            units += outcome.change
            steps += outcome.steps
        }
        settle()
    }

    private func task(_ round: Round, _ week: Int, _ index: Int) -> Job.Assignment {
        switch round.work {
        case .fill: .fill(atMost: budget.replayed(record.count).map { index < $0.count ? $0[index] : 0 } ?? .max)
        case .steps(let steps): .steps(steps[index])
        case .clear: .clear
        case .take(let rows): .take(rows[week])
        }
    }

    /// What a replay does not know by itself: how far time let each week come.
    private mutating func record(_ round: Round, _ outcomes: [Outcome]) {
        let taken: [Int]
        let isWhole: Bool
        switch round.work {
        case .fill:
            taken = outcomes.map(\.filled)
            isWhole = outcomes.allSatisfy { $0.filled == tables.weeks[$0.week].people.count }
        case .steps:
            taken = outcomes.map(\.steps)
            let most = SearchPhase(at: round.place.share).mostSteps(operators: tables.hasFixed.count)
            isWhole = outcomes.allSatisfy { $0.steps == most }
        case .clear, .take: return
        }
        record.append(SearchRecord.Round(place: round.place.noted, taken: isWhole ? nil : taken))
    }

    /// Sums up, and keeps the plan if it is the best.
    private mutating func settle() {
        var total = units
        for library in fixedSlots.indices {
            total += tables.contribution(
                library, slots: librarySlots.reduce(fixedSlots[library]) { $0 + $1[library] })
        }
        if settings.checksSums {
            let score = PlanScore(of: rows.shifts(tables), in: tables.problem)
            precondition(score.violations.isEmpty, "the search broke a rule: \(score.violations)")
            precondition(
                score.total.rawValue == total, "the plan costs \(score.total), not \(PlanCost(rawValue: total))")
        }
        if total < best.units { best = (rows, total) }
    }

    private func job(_ round: Round, _ week: Int, _ task: Job.Assignment) -> Job {
        var others = fixedSlots
        for library in others.indices {
            for (other, slots) in librarySlots.enumerated() where other != week { others[library] += slots[library] }
        }
        if case .fill = round.work {
            // Weeks still to be filled are taken to give their share of the promise.
            let missing = (round.number == 0 ? desks.count : round.weeks.count) - 1
            for library in others.indices { others[library] += missing * tables.promisedSlots(library) }
        }
        return Job(
            desk: desks[week], tables: tables, rows: rows, otherSlots: others,
            promises: promises(round, week, others), week: week, task: task,
            phase: SearchPhase(at: round.place.share), budget: budget,
            random: SeededRandom(seed: settings.seed, stream: UInt64(round.number), UInt64(week)))
    }
}

extension PlanSearch {
    /// Makes it cost a week to change what the library as a whole gives, but for those libraries that are the week's in
    /// this round: weeks that are searched at the same time would all make up for the same hour.
    ///
    /// What the others give now stands for their promise: counted from a whole slot, every change costs as much as it
    /// can. Counted from a promise that is no multiple of a slot, one to the nearer side would seem cheaper than it is
    /// where the library stands on the other, and each week would have to make up for it afterwards.
    private func promises(_ round: Round, _ week: Int, _ others: [Int]) -> [Int] {
        var promises = tables.promises
        guard case .steps = round.work, let place = round.weeks.firstIndex(of: week), round.weeks.count > 1 else {
            return promises
        }
        let owners = owners(round)
        for library in others.indices where owners[library] != place {
            let slots = others[library] + librarySlots[week][library]
            promises[library] = slots * tables.problem.rules.hoursOfSlot
        }
        return promises
    }

    /// For each library whose of a round's weeks it is.
    ///
    /// Chance has any two libraries be one week's now and then, so that hours can go from one to the other; in every
    /// other round a single week has all of them.
    private func owners(_ round: Round) -> [Int] {
        var random = SeededRandom(seed: settings.seed ^ 0x0B_0E, stream: UInt64(round.number), 0)
        let one = random.below(2 * round.weeks.count)
        return fixedSlots.map { _ in one < round.weeks.count ? one : random.below(round.weeks.count) }
    }
}

/// One week's part of a round.
private struct Job: Sendable {
    enum Assignment: Sendable {
        case fill(atMost: Int)
        case steps(Int)
        case clear
        case take([OperatorChoice])
    }

    let desk: WeekDesk
    let tables: EngineTables
    let rows: PlanRows
    let otherSlots: [Int]
    let promises: [Int]
    let week: Int
    let task: Assignment
    let phase: SearchPhase
    let budget: SearchBudget
    let random: SeededRandom

    func run() -> PlanSearch.Outcome {
        desk.search.withLock { search in
            var random = random
            let edges = tables.hasFixed.indices.map { rows.edges(of: $0, week: week, tables) }
            search.state.begin(
                otherSlots: otherSlots, promises: promises, edges: edges,
                surroundings: rows.surroundings(week: week, tables), tables)
            let before = search.state.units
            var (taken, filled) = (0, 0)
            let isOver = { budget.isOver || Task.isCancelled }
            switch task {
            case .fill(let most): filled = search.fillAll(atMost: most, &random, until: isOver)
            case .steps(let steps): taken = take(steps, in: &search, &random, until: isOver)
            case .clear: search.clearAll()
            case .take(let rows): search.take(rows, &random)
            }
            return PlanSearch.Outcome(
                week: week, rows: search.state.rows, librarySlots: search.state.librarySlots,
                change: search.state.units - before, steps: taken, filled: filled)
        }
    }

    private func take(
        _ steps: Int, in search: inout WeekSearch, _ random: inout SeededRandom, until isOver: () -> Bool
    ) -> Int {
        switch phase {
        case .moves(let temperature):
            search.move(steps: steps, Cooling(temperature: temperature), softness: nil, &random, until: isOver)
        case .pricedMoves(let temperature, let softness):
            search.move(steps: steps, Cooling(temperature: temperature), softness: softness, &random, until: isOver)
        case .rows, .prices, .dive:
            search.search(steps: steps, Cooling(temperature: 0), &random, until: isOver)
        }
    }
}

extension EngineTables {
    /// A week's share of what a library promised, in slots, rounded down.
    fileprivate func promisedSlots(_ library: Int) -> Int {
        problem.libraries[library].contributionHoursPerWeek.rawValue * 60 / (1000 * problem.calendar.slotMinutes)
    }
}

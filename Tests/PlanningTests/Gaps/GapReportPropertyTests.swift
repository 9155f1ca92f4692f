import Coverage
import Planning
import Testing

@Suite("A gap report of any plan")
struct GapReportPropertyTests {
    @Test("has each slot that lacks somebody in one line of each severity, and no other", arguments: RandomDesk.seeds)
    func partition(seed: Int) throws {
        var desk = try RandomDesk.of(seed)
        for plan in [desk.plan, desk.lawlessPlan(), []] {
            #expect(told(GapReport(of: plan, in: desk.problem), desk.problem) == lacking(plan, desk.problem))
        }
    }

    /// What a slot lacks.
    private struct Lack: Hashable {
        let queue: Queue.ID
        let severity: Gap.Severity
        let slot: Int
        let missing: Int
    }

    private func told(_ report: GapReport, _ problem: PlanningProblem) -> [Lack: Int] {
        let lacks = report.gaps.flatMap { explained in
            problem.calendar.slots(of: explained.gap.during).map {
                Lack(
                    queue: explained.gap.queue, severity: explained.gap.severity, slot: $0,
                    missing: explained.gap.missing)
            }
        }
        return Dictionary(lacks.map { ($0, 1) }, uniquingKeysWith: +)
    }

    private func lacking(_ plan: [Shift], _ problem: PlanningProblem) -> [Lack: Int] {
        var lacks: [Lack: Int] = [:]
        for (index, queue) in problem.queues.enumerated() {
            for slot in problem.calendar.period where problem.demand.isOpen(index, slot) {
                let start = problem.calendar.start(of: slot)
                let there = plan.count { $0.queue == queue.id && $0.during.contains(start) }
                let cell = index * problem.demand.slots + slot
                let (minimum, target) = (Int(problem.demand.minimum[cell]), Int(problem.demand.target[cell]))
                if there < minimum {
                    lacks[Lack(queue: queue.id, severity: .critical, slot: slot, missing: minimum - there)] = 1
                }
                if max(there, minimum) < target {
                    let missing = target - max(there, minimum)
                    lacks[Lack(queue: queue.id, severity: .thin, slot: slot, missing: missing)] = 1
                }
            }
        }
        return lacks
    }

    @Test("adds up to the summary's minutes and to the score's cost of gaps", arguments: RandomDesk.seeds)
    func sums(seed: Int) throws {
        var desk = try RandomDesk.of(seed)
        for plan in [desk.plan, desk.lawlessPlan()] {
            let report = GapReport(of: plan, in: desk.problem)
            let score = PlanScore(of: plan, in: desk.problem)
            for (severity, part, perHour) in [(Gap.Severity.critical, PlanScore.Part.gap, 1000), (.thin, .thin, 100)] {
                var cost = 0
                for queue in report.coverage.queues {
                    let minutes = severity == .critical ? queue.hours.criticalMinutes : queue.hours.thinMinutes
                    let gaps = report.gaps.filter { $0.gap.queue == queue.queue && $0.gap.severity == severity }
                    #expect(gaps.reduce(0) { $0 + $1.missingMinutes } == minutes)
                    let groups = report.groups.filter { $0.queue == queue.queue && $0.severity == severity }
                    #expect(groups.reduce(0) { $0 + $1.missingMinutes } == minutes)
                    #expect(groups.reduce(0) { $0 + $1.stretches } == gaps.count)
                    let priority = desk.problem.queues.first { $0.id == queue.queue }?.priority ?? 0
                    cost += minutes * perHour * priority * (PlanCost.unitsPerOne / 60)
                }
                #expect(score.parts[part] == PlanCost(rawValue: cost))
            }
        }
    }

    @Test("proposes only shifts that break no rule", arguments: RandomDesk.seeds)
    func proposals(seed: Int) throws {
        for desk in [try RandomDesk.of(seed), try .withRowRules(seed)] { try proposals(desk) }
    }

    private func proposals(_ desk: RandomDesk) throws {
        for explained in GapReport(of: desk.plan, in: desk.problem).gaps {
            for shift in explained.reason.proposals {
                #expect(PlanScore(of: desk.plan + [shift], in: desk.problem).violations.isEmpty)
                #expect(shift.during.overlaps(explained.gap.during) && shift.queue == explained.gap.queue)
            }
        }
    }
}

@Suite("What is said of each operator")
struct OperatorSurveyTests {
    @Test("holds by the score of the plan with every stretch that they could be given", arguments: RandomDesk.seeds)
    func confirmed(seed: Int) throws {
        try confirm(try RandomDesk.of(seed), seed)
        if seed <= 12 { try confirm(try RandomDesk.withRowRules(seed), seed) }
    }

    private func confirm(_ desk: RandomDesk, _ seed: Int) throws {
        // An empty plan tries the most and differs the least: a few are enough.
        for plan in seed <= 4 ? [desk.plan, []] : [desk.plan] {
            let problem = desk.problem
            let table = PlacementTable(plan, in: problem)
            let unmet = UnmetDemand(table, in: problem)
            let survey = OperatorSurvey(table, unmet, in: problem)
            for person in problem.operators.indices {
                var judge = ScoreJudge(plan, in: problem, person)
                var found: [Int: OperatorStanding] = [:]
                survey.standings(of: person) { cell, standing in
                    #expect(found.updateValue(standing, forKey: cell) == nil)
                }
                for (number, cell) in unmet.cells.enumerated() {
                    let expected = judge.standing(on: cell.queue, at: cell.slot)
                    #expect(agree(found[number], expected), "\(String(describing: found[number])), not \(expected)")
                }
            }
        }
    }

    /// Of stretches that cost the same, any may be proposed.
    private func agree(_ found: OperatorStanding?, _ expected: ScoreJudge.Standing) -> Bool {
        switch (found, expected) {
        case (nil, .unskilled): true
        case (.free(let proposal)?, .free(let cost, let stretches)):
            proposal.cost == cost && stretches.contains(proposal.slots)
        case (let found?, .known(let standing)): found == standing
        default: false
        }
    }

    @Test("is made by chance of every sort, so that each is tried")
    func variety() throws {
        var seen: Set<String> = []
        for seed in RandomDesk.seeds {
            let desk = try RandomDesk.of(seed)
            let table = PlacementTable(desk.plan, in: desk.problem)
            let survey = OperatorSurvey(table, UnmetDemand(table, in: desk.problem), in: desk.problem)
            for person in desk.problem.operators.indices {
                survey.standings(of: person) { _, standing in
                    switch standing {
                    case .elsewhere: seen.insert("elsewhere")
                    case .free: seen.insert("free")
                    default: seen.insert("\(standing)")
                    }
                }
            }
        }
        let limits = OperatorStanding.Limit.all(in: try RandomDesk.of(1).problem)
        #expect(seen.count == 7 + limits.count, "\(seen.sorted())")
    }
}

/// How an operator stands to a slot, found by scoring the plan with each stretch that holds it.
private struct ScoreJudge {
    enum Standing {
        case unskilled
        case known(OperatorStanding)
        /// The least change of cost, and the stretches that make it.
        case free(PlanCost, [Range<Int>])
    }

    private let plan: [Shift]
    private let problem: PlanningProblem
    private let person: Int
    private let cost: PlanCost
    private var known: [Key: PlanScore] = [:]

    private struct Key: Hashable {
        let queue: Int
        let slots: Range<Int>
    }

    init(_ plan: [Shift], in problem: PlanningProblem, _ person: Int) {
        self.plan = plan
        self.problem = problem
        self.person = person
        cost = PlanScore(of: plan, in: problem).total
    }

    private mutating func score(_ queue: Int, _ slots: Range<Int>) -> PlanScore {
        let key = Key(queue: queue, slots: slots)
        if let score = known[key] { return score }
        let shift = Shift(
            queue: problem.queues[queue].id, operator: problem.operators[person].id,
            during: problem.calendar.instants(of: slots))
        let score = PlanScore(of: plan + [shift], in: problem)
        known[key] = score
        return score
    }

    /// The rules about slots that placing the operator there would break.
    private mutating func faults(_ queue: Int, _ slot: Int) -> Set<RuleViolation.Cause> {
        let slotRules: Set<RuleViolation.Cause> = [
            .rule(.skill), .rule(.availability), .rule(.absence), .rule(.libraryClosed), .rule(.onePlaceAtATime),
            .noDemand, .outsidePeriod,
        ]
        return Set(score(queue, slot..<slot + 1).violations.map(\.cause)).intersection(slotRules)
    }

    mutating func standing(on queue: Int, at slot: Int) -> Standing {
        let faults = faults(queue, slot)
        if faults.contains(.rule(.skill)) { return .unskilled }
        if faults.contains(.rule(.onePlaceAtATime)) {
            let start = problem.calendar.start(of: slot)
            let shift = plan.first { $0.operator == problem.operators[person].id && $0.during.contains(start) }
            let place = shift.flatMap { problem.queueIndex[$0.queue] } ?? -1
            return .known(place == queue ? .here : .elsewhere(place))
        }
        if faults.contains(.rule(.availability)) { return .known(.notAvailable) }
        if faults.contains(.rule(.absence)) { return .known(.absent) }
        if faults.contains(.rule(.libraryClosed)) { return .known(.libraryClosed) }
        return tried(queue, slot)
    }

    private mutating func tried(_ queue: Int, _ slot: Int) -> Standing {
        var (low, high) = (slot, slot + 1)
        while low > problem.calendar.period.lowerBound, faults(queue, low - 1).isEmpty { low -= 1 }
        while high < problem.calendar.period.upperBound, faults(queue, high).isEmpty { high += 1 }
        var broken: [Set<Rule.Name>] = []
        var lawful: [(slots: Range<Int>, cost: PlanCost)] = []
        for start in low...slot {
            for end in slot + 1...high {
                let score = score(queue, start..<end)
                let rules = score.violations.compactMap { violation -> Rule.Name? in
                    if case .rule(let name) = violation.cause { name } else { nil }
                }
                if score.violations.isEmpty { lawful.append((start..<end, score.total - cost)) }
                broken.append(Set(rules))
            }
        }
        if let least = lawful.map(\.cost).min() {
            return .free(least, lawful.filter { $0.cost == least }.map(\.slots))
        }
        return .known(held(broken, isLongEnough: isLongEnough(queue, low..<high)))
    }

    private mutating func isLongEnough(_ queue: Int, _ freeTime: Range<Int>) -> Bool {
        // The length that the score tells: of the free time with the operator's own stretches beside it.
        let table = PlacementTable(plan, in: problem)
        var (low, high) = (freeTime.lowerBound, freeTime.upperBound)
        while low > 0, table.queue(of: person, at: low - 1) == queue { low -= 1 }
        while high < table.slots, table.queue(of: person, at: high) == queue { high += 1 }
        return high - low >= problem.lengths(on: queue).lowerBound
    }

    private func held(_ broken: [Set<Rule.Name>], isLongEnough: Bool) -> OperatorStanding {
        let ofAllowedLength = broken.filter { !$0.contains(.shiftLength) }
        guard let first = ofAllowedLength.first else { return isLongEnough ? .held(.length) : .tooShort }
        let common = ofAllowedLength.reduce(first) { $0.intersection($1) }
        if common.contains(.maxHoursPerWeek) { return .held(.week) }
        if common.contains(.maxHoursPerDay) { return .held(.day) }
        if common.contains(.minRestHours) { return .held(.rest) }
        if common.contains(.maxLateShiftsPerWeek) { return .held(.rule(.maxLateShiftsPerWeek)) }
        return .held(common.contains(.restAfterNight) ? .rule(.restAfterNight) : .several)
    }
}

import Coverage

/// The sums and findings of one scoring.
struct ScoreTally {
    private let problem: PlanningProblem
    var table: PlacementTable
    private var slotsOfLibrary: [Int]
    private(set) var units: [PlanScore.Part: Int] = [:]
    private(set) var violations: [RuleViolation] = []

    private var calendar: SlotCalendar { problem.calendar }
    private var rules: PlanningRules { problem.rules }

    init(_ problem: PlanningProblem) {
        self.problem = problem
        table = PlacementTable(fixedIn: problem)
        slotsOfLibrary = [Int](repeating: 0, count: problem.libraries.count)
    }

    /// Sums over a plan that stands in a table already.
    init(_ problem: PlanningProblem, _ table: PlacementTable) {
        self.problem = problem
        self.table = table
        slotsOfLibrary = [Int](repeating: 0, count: problem.libraries.count)
    }

    /// Begins anew with the table as it is, to judge single rows of it.
    mutating func forget() {
        units = [:]
        violations = []
    }

    // MARK: Slots

    /// Puts a shift into the table, and judges it by the rules about slots.
    mutating func place(_ shift: Shift) {
        guard let person = problem.operatorIndex[shift.operator], let queue = problem.queueIndex[shift.queue] else {
            report(.unknown, shift, shift.during, "the operator or the queue is not in the consortium")
            return
        }
        let slots = calendar.slots(of: shift.during)
        let inside = slots.clamped(to: calendar.period)
        if inside.count != slots.count {
            report(.outsidePeriod, shift, shift.during, "the shift is not inside the plan's period")
        }
        var faults: [(cause: RuleViolation.Cause, slots: Range<Int>)] = []
        for slot in inside {
            for cause in causes(person, queue, slot) {
                if let last = faults.lastIndex(where: { $0.cause == cause && $0.slots.upperBound == slot }) {
                    faults[last].slots = faults[last].slots.lowerBound..<slot + 1
                } else {
                    faults.append((cause, slot..<slot + 1))
                }
            }
            table.place(person, on: queue, at: slot, planned: true)
        }
        for fault in faults {
            report(fault.cause, shift, calendar.instants(of: fault.slots), words(fault.cause, queue))
        }
    }

    /// Takes a planned shift out of the table, where it is in it.
    mutating func take(_ shift: Shift) {
        guard let person = problem.operatorIndex[shift.operator], let queue = problem.queueIndex[shift.queue] else {
            return
        }
        for slot in calendar.slots(of: shift.during).clamped(to: calendar.period)
        where table.queue(of: person, at: slot) == queue && table.isPlanned[person, slot] {
            table.move(person, to: nil, at: slot, planned: false)
        }
    }

    /// What the rules about slots say against an operator on a queue in a slot.
    func causes(_ person: Int, _ queue: Int, _ slot: Int) -> [RuleViolation.Cause] {
        var found: [RuleViolation.Cause] = []
        if !problem.isSkilled(person, on: queue, at: slot) { found.append(.rule(.skill)) }
        if !problem.demand.isOpen(queue, slot) { found.append(.noDemand) }
        if table.queue(of: person, at: slot) != nil { found.append(.rule(.onePlaceAtATime)) }
        if let rule = problem.obstacle(person, at: slot) { found.append(.rule(rule)) }
        return found
    }

    func words(_ cause: RuleViolation.Cause, _ queue: Int) -> String {
        switch cause {
        case .rule(.skill): "the operator does not have the skill “\(problem.queues[queue].skill)”"
        case .rule(.availability): "the operator is not available"
        case .rule(.absence): "the operator is absent"
        case .rule(.libraryClosed): "the operator's library is closed"
        case .rule(.onePlaceAtATime): "the operator is somewhere else at the same time"
        default: "there is no demand"
        }
    }

    private mutating func report(_ cause: RuleViolation.Cause, _ shift: Shift, _ time: Range<Instant>, _ words: String)
    {
        violations.append(
            RuleViolation(cause: cause, operator: shift.operator, queue: shift.queue, during: time, detail: words))
    }

    // MARK: Rows

    /// Judges one operator's stretches, days and weeks, and adds their costs.
    mutating func judge(_ person: Int) {
        let stretches = table.stretches(of: person)
        guard !stretches.isEmpty else { return }
        for stretch in stretches {
            checkLength(person, stretch)
            prefer(person, stretch)
        }
        for (left, right) in zip(stretches, stretches.dropFirst()) where left.isPlanned || right.isPlanned {
            rest(person, left, right)
        }
        countBlocks(stretches)
        limit(
            .maxHoursPerDay, .maxHoursPerDay, person, stretches, calendar.dayOfSlot,
            problem.operators[person].maxHoursPerDay, "day")
        limit(
            .maxHoursPerWeek, .maxHoursPerWeek, person, stretches, calendar.weekOfSlot,
            problem.operators[person].maxHoursPerWeek, "week")
        for (index, rule) in problem.rowRules.all.enumerated() { keep(rule, index, person, stretches) }
    }

    private mutating func keep(_ rule: any RowRule, _ index: Int, _ person: Int, _ stretches: [Stretch]) {
        let breaks = problem.rowRules.breaks(of: rule, in: stretches, of: person, problem.overrides)
        if let cost = problem.rowRules.units(index, breaks: breaks.count) {
            units[rule.part, default: 0] += cost
            return
        }
        violations += breaks.map { broken in
            RuleViolation(
                cause: .rule(rule.name), operator: problem.operators[person].id, queue: nil,
                during: calendar.instants(of: broken.stretch.slots), detail: rule.words(for: broken))
        }
    }

    private mutating func checkLength(_ person: Int, _ stretch: Stretch) {
        let minutes = stretch.slots.count * calendar.slotMinutes
        let queue = problem.queues[stretch.queue]
        guard stretch.isPlanned, minutes < queue.minShiftMinutes || minutes > queue.maxShiftMinutes,
            !problem.overrides.permits(breaking: .shiftLength, person, in: stretch.slots)
        else { return }
        violations.append(
            RuleViolation(
                cause: .rule(.shiftLength), operator: problem.operators[person].id, queue: queue.id,
                during: calendar.instants(of: stretch.slots),
                detail: "\(minutes) min, where \(queue.minShiftMinutes) to \(queue.maxShiftMinutes) min are allowed"))
    }

    private mutating func prefer(_ person: Int, _ stretch: Stretch) {
        for slot in stretch.slots.clamped(to: calendar.period) {
            let liking = Int(problem.availability.preference[person * calendar.count + slot])
            units[.preference, default: 0] += rules.preferenceUnits * (2 - liking)
            slotsOfLibrary[problem.libraryOfOperator[person]] += 1
        }
    }

    private mutating func rest(_ person: Int, _ left: Stretch, _ right: Stretch) {
        let pause = left.slots.upperBound..<right.slots.lowerBound
        guard rules.breaksRest(pause.count),
            !problem.overrides.permits(breaking: .minRestHours, person, in: left.slots),
            !problem.overrides.permits(breaking: .minRestHours, person, in: right.slots)
        else { return }
        if rules.isGreen(.minRestHours) {
            units[.minRestHours, default: 0] += rules.restUnits(pause.count)
            return
        }
        let rest = rules.book[.minRestHours]
        violations.append(
            RuleViolation(
                cause: .rule(.minRestHours), operator: problem.operators[person].id, queue: nil,
                during: calendar.instants(of: pause),
                detail: "a break of \(hours(pause.count)) h, where at most \(rest[.splitHours]) h "
                    + "or at least \(rest[.hours]) h are allowed"))
    }

    private mutating func countBlocks(_ stretches: [Stretch]) {
        let days = stretches.map(\.slots.lowerBound).filter(calendar.period.contains).map { calendar.dayOfSlot[$0] }
        for (left, right) in zip(days, days.dropFirst()) where left == right {
            units[.blocksPerDay, default: 0] += rules.blockUnits
        }
    }

    /// The hours on each day or in each week; those that no planned slot touches are not the plan's affair.
    private mutating func limit(
        _ rule: Rule.Name, _ part: PlanScore.Part, _ person: Int, _ stretches: [Stretch], _ spans: [Int],
        _ limit: Thousandths, _ word: String
    ) {
        var counted: [Int: Int] = [:]
        var planned: [Int: Range<Int>] = [:]
        for stretch in stretches {
            for slot in stretch.slots {
                if table.isPlanned[person, slot] {
                    planned[spans[slot]] = (planned[spans[slot]]?.lowerBound ?? slot)..<slot + 1
                }
                guard !problem.overrides.permits(breaking: rule, person, at: slot) else { continue }
                counted[spans[slot], default: 0] += 1
            }
        }
        let most = PlanningRules.slots(within: limit, calendar.slotMinutes)
        for (span, slots) in planned.sorted(by: { $0.key < $1.key }) {
            guard let count = counted[span], count > most else { continue }
            guard !rules.isGreen(rule) else {
                units[part, default: 0] += rules.excessUnits(rule, slots: count, limit: limit)
                continue
            }
            violations.append(
                RuleViolation(
                    cause: .rule(rule), operator: problem.operators[person].id, queue: nil,
                    during: calendar.instants(of: slots),
                    detail: "\(hours(count)) h in a \(word) of at most \(limit) h"))
        }
    }

    private func hours(_ slots: Int) -> Thousandths {
        Thousandths(rawValue: slots * calendar.slotMinutes * 1000 / 60)
    }

    // MARK: Sums over operators

    mutating func cover() {
        for queue in problem.queues.indices {
            for slot in calendar.period {
                let cost = problem.coverageUnits(queue, slot, staffed: table.staffed(queue, at: slot))
                units[.gap, default: 0] += cost.gap
                units[.thin, default: 0] += cost.thin
                units[.over, default: 0] += cost.over
            }
        }
    }

    mutating func contribute() {
        for (library, record) in problem.libraries.enumerated() {
            units[.libraryContribution, default: 0] += rules.contributionUnits(
                slots: slotsOfLibrary[library], hoursPerWeek: record.contributionHoursPerWeek, days: problem.days)
        }
    }
}

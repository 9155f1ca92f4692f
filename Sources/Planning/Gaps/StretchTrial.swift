import Coverage

/// One more stretch of an operator on a queue, tried at every place in a time in which they are free.
///
/// Every stretch of slots in that time is judged as the rules would judge the plan with it: joined with the
/// operator's own stretches on the queue if it touches them, by its length, the breaks before and after, and the
/// hours of the days and weeks that it touches. Nothing is estimated; the number of stretches is the free slots times
/// the longest shift.
struct StretchTrial {
    private let survey: OperatorSurvey
    private let row: OperatorRow
    private let hours: OperatorHours
    private let queue: Int
    /// The time in which the operator is free.
    let freeTime: Range<Int>
    private let lengths: (lowerBound: Int, upperBound: Int)
    private let neighbors: Neighbors
    /// The cells in the free time, and for each what came of the stretches that hold it.
    private let cells: Range<Int>
    private var outcomes: [Outcome]
    /// How often the operator's row breaks each row rule.
    private let rowBreaks: [Int]

    private struct Outcome {
        var isTried = false
        var common: Broken = .all
        var best: (slots: Range<Int>, units: Int)?
    }

    /// The rules that a stretch of an allowed length breaks.
    private struct Broken: OptionSet {
        let rawValue: UInt32

        static let week = Broken(rawValue: 1)
        static let day = Broken(rawValue: 2)
        static let rest = Broken(rawValue: 4)
        static let all = Broken(rawValue: .max)

        /// The bit of a row rule by its index.
        static func rowRule(_ index: Int) -> Broken { Broken(rawValue: 8 << index) }
    }

    /// - Complexity: O(free slots × longest shift), times the cells in a shift
    init(
        _ row: OperatorRow, _ hours: OperatorHours, on queue: Int, around slot: Int, in survey: OperatorSurvey
    ) {
        self.survey = survey
        self.row = row
        self.hours = hours
        self.queue = queue
        freeTime = survey.freeTime(of: row, around: slot, on: queue)
        lengths = survey.lengths[queue]
        neighbors = Neighbors(of: freeTime, on: queue, row, in: survey)
        cells = survey.unmet.cells(of: queue, in: freeTime)
        rowBreaks = survey.problem.rowRules.counts(row.stretches, of: row.person, survey.problem.overrides)
        outcomes = [Outcome](repeating: Outcome(), count: cells.count)
        tryAll()
    }

    /// What the trial says of a cell in the free time.
    func standing(at cell: Int) -> OperatorStanding {
        let outcome = outcomes[cell - cells.lowerBound]
        if let best = outcome.best {
            return .free(.init(slots: best.slots, cost: PlanCost(rawValue: best.units)))
        }
        guard outcome.isTried else {
            return neighbors.joined(freeTime).count < lengths.lowerBound ? .tooShort : .held(.length)
        }
        if outcome.common.contains(.week) { return .held(.week) }
        if outcome.common.contains(.day) { return .held(.day) }
        if outcome.common.contains(.rest) { return .held(.rest) }
        let rules = survey.problem.rowRules.all
        let rule = rules.indices.first { outcome.common.contains(.rowRule($0)) }
        return .held(rule.map { .rule(rules[$0].name) } ?? .several)
    }

    // MARK: Trying

    private mutating func tryAll() {
        // An override may allow a stretch of any length.
        let longest = row.hasOverrides ? freeTime.count : lengths.upperBound
        for start in freeTime {
            let reach = start..<min(freeTime.upperBound, start + longest)
            guard !survey.unmet.cells(of: queue, in: reach).isEmpty else { continue }
            var (day, week) = (HourCount.Addition(), HourCount.Addition())
            var dislike = 0
            for slot in reach {
                hours.day.add(slot, to: &day)
                hours.week.add(slot, to: &week)
                dislike += Int(hours.dislike[slot])
                judge(start..<slot + 1, day, week, dislike: dislike)
            }
        }
    }

    private mutating func judge(
        _ slots: Range<Int>, _ day: HourCount.Addition, _ week: HourCount.Addition, dislike: Int
    ) {
        let held = survey.unmet.cells(of: queue, in: slots)
        guard !held.isEmpty else { return }
        guard isAllowedLength(neighbors.joined(slots)) else { return }
        let rest = neighbors.break(with: slots)
        var broken: Broken = []
        if week.isTooMuch { broken.insert(.week) }
        if day.isTooMuch { broken.insert(.day) }
        if rest.isBroken { broken.insert(.rest) }
        let rules = judgeRowRules(slots)
        broken.formUnion(rules.broken)
        guard broken.isEmpty else {
            for cell in held {
                outcomes[cell - cells.lowerBound].isTried = true
                outcomes[cell - cells.lowerBound].common.formIntersection(broken)
            }
            return
        }
        let blocks = hours.blocks(
            startingAt: neighbors.joinsLeft(slots) ? nil : slots.lowerBound,
            insteadOf: neighbors.joinsRight(slots) ? slots.upperBound : nil)
        let units =
            survey.unmet.costOfOneMore(on: queue, in: slots) + survey.problem.rules.preferenceUnits * dislike
            + hours.contribution[slots.count] + blocks + rest.units + day.units + week.units + rules.units
        for cell in held where units < outcomes[cell - cells.lowerBound].best?.units ?? .max {
            outcomes[cell - cells.lowerBound].best = (slots, units)
        }
    }

    /// The row rules that the operator's row breaks more often with a stretch, and what green ones cost more.
    private func judgeRowRules(_ slots: Range<Int>) -> (broken: Broken, units: Int) {
        guard !rowBreaks.isEmpty else { return ([], 0) }
        let problem = survey.problem
        let added = Stretch(queue: queue, slots: slots, isPlanned: true)
        let counts = problem.rowRules.counts(row.stretches.merged(with: [added]), of: row.person, problem.overrides)
        var (broken, units): (Broken, Int) = ([], 0)
        for (index, (after, before)) in zip(counts, rowBreaks).enumerated() where after != before {
            if let cost = problem.rowRules.units(index, breaks: after - before) {
                units += cost
            } else if after > before {
                broken.insert(.rowRule(index))
            }
        }
        return (broken, units)
    }

    private func isAllowedLength(_ stretch: Range<Int>) -> Bool {
        if stretch.count >= lengths.lowerBound, stretch.count <= lengths.upperBound { return true }
        return row.hasOverrides && survey.problem.overrides.permits(breaking: .shiftLength, row.person, in: stretch)
    }
}

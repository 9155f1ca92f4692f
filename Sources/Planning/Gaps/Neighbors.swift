import Coverage

/// An operator's stretches around a time in which they are free: what a stretch in it joins, or is a break away from.
struct Neighbors {
    private let survey: OperatorSurvey
    private let row: OperatorRow
    private let queue: Int
    private let beforeLeft, left, right, afterRight: Stretch?
    private let breakBeforeLeft, breakAfterRight, breakAcross: Break

    /// A break between two stretches, as the rule sees it.
    struct Break {
        var isBroken = false
        /// Where the rule is green, in units of ``PlanCost``.
        var units = 0
    }

    init(of freeTime: Range<Int>, on queue: Int, _ row: OperatorRow, in survey: OperatorSurvey) {
        self.survey = survey
        self.row = row
        self.queue = queue
        let next =
            row.stretches.firstIndex { $0.slots.lowerBound >= freeTime.upperBound } ?? row.stretches.endIndex
        func stretch(_ index: Int) -> Stretch? { row.stretches.indices.contains(index) ? row.stretches[index] : nil }
        (beforeLeft, left) = (stretch(next - 2), stretch(next - 1))
        (right, afterRight) = (stretch(next), stretch(next + 1))
        breakBeforeLeft = Self.break(beforeLeft, left, row, in: survey)
        breakAfterRight = Self.break(right, afterRight, row, in: survey)
        breakAcross = Self.break(left, right, row, in: survey)
    }

    /// Whether slots of the free time touch a stretch on the same queue before them.
    func joinsLeft(_ slots: Range<Int>) -> Bool {
        left?.slots.upperBound == slots.lowerBound && left?.queue == queue
    }

    /// Whether slots of the free time touch a stretch on the same queue after them.
    func joinsRight(_ slots: Range<Int>) -> Bool {
        right?.slots.lowerBound == slots.upperBound && right?.queue == queue
    }

    /// The stretch that slots of the free time become.
    func joined(_ slots: Range<Int>) -> Range<Int> {
        let start = joinsLeft(slots) ? left?.slots.lowerBound : nil
        let end = joinsRight(slots) ? right?.slots.upperBound : nil
        return (start ?? slots.lowerBound)..<(end ?? slots.upperBound)
    }

    /// Whether slots of the free time make a break that is neither short nor a full rest, and was not there without
    /// them; and by how much the cost of breaks changes where the rule is green.
    func `break`(with slots: Range<Int>) -> Break {
        let added = Stretch(queue: queue, slots: joined(slots), isPlanned: true)
        let (joinsLeft, joinsRight) = (joinsLeft(slots), joinsRight(slots))
        let before = Self.break(joinsLeft ? beforeLeft : left, added, row, in: survey)
        let after = Self.break(added, joinsRight ? afterRight : right, row, in: survey)
        let oldBefore = joinsLeft ? breakBeforeLeft : Break()
        let oldAfter = joinsRight ? breakAfterRight : Break()
        return Break(
            isBroken: before.isBroken && !oldBefore.isBroken || after.isBroken && !oldAfter.isBroken,
            units: before.units + after.units - oldBefore.units - oldAfter.units - breakAcross.units)
    }

    private static func `break`(
        _ left: Stretch?, _ right: Stretch?, _ row: OperatorRow, in survey: OperatorSurvey
    ) -> Break {
        guard let left, let right, left.isPlanned || right.isPlanned else { return Break() }
        let slots = right.slots.lowerBound - left.slots.upperBound
        return survey.problem.rules.breaksRest(slots) ? survey.break(left, right, row, slots: slots) : Break()
    }
}

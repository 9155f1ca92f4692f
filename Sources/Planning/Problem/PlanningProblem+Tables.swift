import Coverage

extension PlanningProblem {
    static func index<Subject>(
        _ ids: [Identifier<Subject>], kind: String
    ) throws(PlanningRefusal) -> [Identifier<Subject>: Int] {
        var index: [Identifier<Subject>: Int] = [:]
        for (number, id) in ids.enumerated() {
            guard index.updateValue(number, forKey: id) == nil else { throw .duplicate(kind: kind, id: id.rawValue) }
        }
        return index
    }

    /// Who has the skill of which queue, by operator and by queue.
    static func skilled(_ operators: [Operator], _ queues: [Queue]) -> (queues: [[Int]], operators: [[Int]]) {
        var byOperator = [[Int]](repeating: [], count: operators.count)
        var byQueue = [[Int]](repeating: [], count: queues.count)
        for (person, record) in operators.enumerated() {
            let skills = Set(record.skills)
            for (queue, line) in queues.enumerated() where skills.contains(line.skill) {
                byOperator[person].append(queue)
                byQueue[queue].append(person)
            }
        }
        return (byOperator, byQueue)
    }

    /// How far from the period fixed shifts can matter, in minutes: a week's hours or a rest of a week, and the
    /// longest shift.
    private static let reachMinutes = 15 * 24 * 60

    static func calendar(
        _ slotMinutes: Int, _ period: Range<Instant>, _ fixed: [Shift], _ zone: TimeZoneRules
    ) throws(PlanningRefusal) -> SlotCalendar {
        guard (5...60).contains(slotMinutes), 60 % slotMinutes == 0 else { throw .slotMinutes(slotMinutes) }
        for midnight in [period.lowerBound, period.upperBound] {
            let date = zone.civil(at: midnight).date
            guard zone.firstInstant(ofDate: date) == midnight else { throw .periodCutsDay(date) }
        }
        let first = -Int((-period.lowerBound.secondsSince1970).flooredQuotient(by: Int64(slotMinutes * 60)))
        let planned = first..<max(first, SlotCalendar.slot(at: period.upperBound, slotMinutes))
        guard !planned.isEmpty else { throw .emptyPeriod }
        guard planned.count <= mostSlots else { throw .tooManySlots(planned.count) }
        var (low, high) = (planned.lowerBound, planned.upperBound)
        let reach = reachMinutes / slotMinutes
        for shift in fixed {
            let start = SlotCalendar.slot(at: shift.during.lowerBound, slotMinutes)
            let end = SlotCalendar.slot(at: shift.during.upperBound, slotMinutes)
            if end > planned.lowerBound - reach { low = min(low, max(start, planned.lowerBound - reach)) }
            if start < planned.upperBound + reach { high = max(high, min(end, planned.upperBound + reach)) }
        }
        return SlotCalendar(slotMinutes: slotMinutes, slots: low..<high, period: planned, zone: zone)
    }

    static func fixed(
        _ shifts: [Shift], _ operators: [Operator.ID: Int], _ queues: [Queue.ID: Int], _ calendar: SlotCalendar
    ) -> [Int: [FixedShift]] {
        var found: [Int: [FixedShift]] = [:]
        for shift in shifts {
            guard let person = operators[shift.operator], let queue = queues[shift.queue] else { continue }
            let slots = calendar.slots(of: shift.during).clamped(to: 0..<calendar.count)
            if !slots.isEmpty { found[person, default: []].append(FixedShift(queue: queue, slots: slots)) }
        }
        return found.mapValues { $0.sorted { $0.slots.lowerBound < $1.slots.lowerBound } }
    }

    func checkLengths() throws(PlanningRefusal) {
        for queue in queues {
            guard queue.minShiftMinutes <= queue.maxShiftMinutes, queue.maxShiftMinutes >= calendar.slotMinutes,
                lengths(on: queue).lowerBound <= lengths(on: queue).upperBound
            else {
                throw .shiftLength(
                    queue: queue.id,
                    minutes: min(queue.minShiftMinutes, queue.maxShiftMinutes)...queue.maxShiftMinutes,
                    slotMinutes: calendar.slotMinutes)
            }
        }
    }

    /// That a cost fits into a quarter of an integer's range even if nothing is covered, or everybody is everywhere.
    func checkSums() throws(PlanningRefusal) {
        var bound = Checked(0)
        for (queue, line) in queues.enumerated() {
            guard (0...1_000_000).contains(line.priority) else { throw .costsTooLarge }
            var wanted = 0
            for slot in calendar.period { wanted += max(0, Int(demand.target[queue * demand.slots + slot])) }
            bound.add(rules.gapUnits, line.priority, wanted)
        }
        let placements = operators.count * calendar.period.count
        for cost in [rules.overUnits, rules.preferenceUnits, rules.preferenceUnits, rules.blockUnits] {
            bound.add(cost, placements, 2)
        }
        for rule in rules.book.all where rules.isGreen(rule.name) {
            // Per slot worked, an hour's weight and a half hour's rounding at the most.
            bound.add(rule[.weight].rawValue, PlanCost.unitsPerOne / 1000, placements)
            bound.add(rule[.weight].rawValue * 84, rule[.hours].rawValue, placements)
        }
        for library in libraries {
            bound.add(
                rules.book[.libraryContribution][.weight].rawValue, library.contributionHoursPerWeek.rawValue,
                12 * days)
        }
        guard let total = bound.value, total < Int.max / 8 else { throw .costsTooLarge }
    }
}

/// A sum of products, nil once it does not fit.
private struct Checked {
    private(set) var value: Int?

    init(_ value: Int) { self.value = value }

    mutating func add(_ factors: Int...) {
        var product = 1
        for factor in factors {
            let (next, overflow) = product.multipliedReportingOverflow(by: factor)
            guard !overflow else {
                value = nil
                return
            }
            product = next
        }
        guard let sum = value?.addingReportingOverflow(product), !sum.overflow else {
            value = nil
            return
        }
        value = sum.partialValue
    }
}

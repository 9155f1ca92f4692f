package import Coverage

/// Checks a certificate from nothing but the problem, with no code of the search that found it.
///
/// It tries the stretches that rules would allow one by one, where the search looks for runs of slots, and counts
/// hours slot by slot.
package struct CertificateChecker {
    /// What is wrong with a certificate.
    package enum Fault: Hashable, Sendable {
        /// The demand is not in the problem, or is less.
        case noSuchDemand(Queue.ID, Instant)
        /// Two of the certificate's demands are about one slot.
        case countedTwice(Queue.ID, Instant)
        /// An operator who could give so many minutes is not named, or with fewer.
        case canGiveMore(Operator.ID, minutes: Int)
        case unknownOperator(Operator.ID)
        /// The demands do not want more than those named can give.
        case wantsNoMore
    }

    private let problem: PlanningProblem

    package init(_ problem: PlanningProblem) {
        self.problem = problem
    }

    /// - Returns: Every fault; none where the certificate proves what it says.
    package func faults(of certificate: CoverageCertificate) -> [Fault] {
        var faults: [Fault] = []
        var cells: Set<Cell> = []
        for want in certificate.wants { check(want, certificate.severity, &cells, &faults) }
        var most: [Operator.ID: Int] = [:]
        for giver in certificate.givers {
            if problem.operatorIndex[giver.operator] == nil { faults.append(.unknownOperator(giver.operator)) }
            most[giver.operator] = giver.minutes
        }
        for (person, record) in problem.operators.enumerated() {
            let minutes = slots(of: person, in: cells) * problem.calendar.slotMinutes
            if minutes > most[record.id] ?? 0 { faults.append(.canGiveMore(record.id, minutes: minutes)) }
        }
        if certificate.shortMinutes <= 0 { faults.append(.wantsNoMore) }
        return faults
    }

    private struct Cell: Hashable {
        let queue: Int
        let slot: Int
    }

    private func check(
        _ want: CoverageCertificate.Want, _ severity: Gap.Severity, _ cells: inout Set<Cell>, _ faults: inout [Fault]
    ) {
        guard let queue = problem.queueIndex[want.queue] else {
            faults.append(.noSuchDemand(want.queue, want.during.lowerBound))
            return
        }
        for slot in problem.calendar.slots(of: want.during) {
            let start = problem.calendar.start(of: slot)
            guard problem.calendar.period.contains(slot), problem.demand.isOpen(queue, slot) else {
                faults.append(.noSuchDemand(want.queue, start))
                continue
            }
            let cell = queue * problem.demand.slots + slot
            let demanded = severity == .critical ? problem.demand.minimum[cell] : problem.demand.target[cell]
            let fixed = problem.fixed.values.reduce(0) { sum, shifts in
                sum + shifts.count { $0.queue == queue && $0.slots.contains(slot) }
            }
            if want.operators > Int(demanded) - fixed { faults.append(.noSuchDemand(want.queue, start)) }
            guard cells.insert(Cell(queue: queue, slot: slot)).inserted else {
                faults.append(.countedTwice(want.queue, start))
                continue
            }
        }
    }

    /// The most slots that an operator could be in some of the cells.
    private func slots(of person: Int, in cells: Set<Cell>) -> Int {
        let reached = Set(cells.filter { isPossible(person, $0.queue, $0.slot) && isInStretch(person, $0) }.map(\.slot))
        let calendar = problem.calendar
        var (exempt, total) = (0, 0)
        var weeks: [Int: [Int: Int]] = [:]
        for slot in reached {
            if counts(.maxHoursPerDay, person, slot), counts(.maxHoursPerWeek, person, slot) {
                weeks[calendar.weekOfSlot[slot], default: [:]][calendar.dayOfSlot[slot], default: 0] += 1
            } else {
                exempt += 1
            }
        }
        for (week, days) in weeks {
            let byDays = days.reduce(0) { sum, day in
                sum + min(day.value, left(.maxHoursPerDay, person, calendar.dayOfSlot, day.key))
            }
            total += min(byDays, left(.maxHoursPerWeek, person, calendar.weekOfSlot, week))
        }
        return total + exempt
    }

    private func isPossible(_ person: Int, _ queue: Int, _ slot: Int) -> Bool {
        problem.calendar.period.contains(slot) && problem.demand.isOpen(queue, slot)
            && problem.obstacle(person, at: slot) == nil && problem.isSkilled(person, on: queue, at: slot)
            && fixedQueue(person, slot) == nil
    }

    private func fixedQueue(_ person: Int, _ slot: Int) -> Int? {
        problem.fixed[person]?.last { $0.slots.contains(slot) }?.queue
    }

    /// Whether some stretch with the cell is possible in all its slots, long enough, and within the limits on hours.
    private func isInStretch(_ person: Int, _ cell: Cell) -> Bool {
        if problem.overrides.permits(breaking: .shiftLength, person, at: cell.slot) { return true }
        let shortest = problem.lengths(on: cell.queue).lowerBound
        return (cell.slot - shortest + 1...cell.slot).contains { start in
            var added: [Int] = []
            for slot in start..<start + shortest {
                guard (0..<problem.calendar.count).contains(slot) else { return false }
                if fixedQueue(person, slot) == cell.queue { continue }
                guard isPossible(person, cell.queue, slot) else { return false }
                added.append(slot)
            }
            return fits(added, .maxHoursPerDay, person, problem.calendar.dayOfSlot)
                && fits(added, .maxHoursPerWeek, person, problem.calendar.weekOfSlot)
        }
    }

    private func fits(_ slots: [Int], _ rule: Rule.Name, _ person: Int, _ spans: [Int]) -> Bool {
        let counted = slots.filter {
            counts(.maxHoursPerDay, person, $0) && counts(.maxHoursPerWeek, person, $0)
        }
        return Set(counted.map { spans[$0] }).allSatisfy { span in
            counted.count { spans[$0] == span } <= left(rule, person, spans, span)
        }
    }

    private func counts(_ rule: Rule.Name, _ person: Int, _ slot: Int) -> Bool {
        !problem.overrides.permits(breaking: rule, person, at: slot)
    }

    /// The slots that a limit leaves beside fixed shifts.
    private func left(_ rule: Rule.Name, _ person: Int, _ spans: [Int], _ span: Int) -> Int {
        guard !problem.rules.isGreen(rule) else { return problem.calendar.count }
        let most = rule == .maxHoursPerDay ? problem.slotsPerDay(person) : problem.slotsPerWeek(person)
        var fixed: Set<Int> = []
        for shift in problem.fixed[person] ?? [] {
            fixed.formUnion(shift.slots.filter { spans[$0] == span && counts(rule, person, $0) })
        }
        return max(0, most - fixed.count)
    }
}

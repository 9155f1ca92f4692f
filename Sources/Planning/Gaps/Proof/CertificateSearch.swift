import Coverage

/// Finds small certificates, gap by gap.
///
/// It looks at the gap alone first, then at all queues in its slots, on its days, and in its weeks; the last includes
/// every certificate of this kind that there is. In each scope the other demands are met first, as far as they can be:
/// what the gap then lacks it lacks in every plan that does as well by the others.
struct CertificateSearch {
    private let problem: PlanningProblem
    private var weeks: [WeekKey: WeekDemand] = [:]
    private var reaches: [Range<Int>: [OperatorReach]] = [:]

    private struct WeekKey: Hashable {
        let slots: Range<Int>
        let severity: Gap.Severity
    }

    /// The demand of whole weeks that can be unmet: elsewhere the maximum flow meets everything.
    private struct WeekDemand {
        let isContested: [Bool]
        let reaches: [OperatorReach]
    }

    private struct Finding {
        let cells: [Int]
        /// For each cell what is wanted there, of the others only what they can have.
        let wanted: [Int]
        let provenSlots: Int
    }

    /// Operators whom fixed shifts put into each cell.
    private let fixedThere: [Int32]
    private let plan: PlacementTable

    /// - Parameters:
    ///   - shifts: A plan's: a good one is a short way from the most that can be covered.
    ///   - problem: What it is a plan for.
    init(_ shifts: [Shift], in problem: PlanningProblem) {
        self.problem = problem
        plan = PlacementTable(shifts, in: problem)
        fixedThere = PlacementTable(fixedIn: problem).staffed
    }

    private var slots: Int { problem.calendar.count }

    mutating func proof(of gap: Gap) -> GapProof {
        guard let queue = problem.queueIndex[gap.queue] else { return .none }
        let inGap = problem.calendar.slots(of: gap.during).clamped(to: problem.calendar.period)
        guard !inGap.isEmpty else { return .none }
        let week = week(of: inGap, gap.severity)
        let cells = inGap.map { queue * slots + $0 }.filter { week.isContested[$0] }
        guard !cells.isEmpty else { return .none }
        let missing = gap.missing * inGap.count
        var best: Finding?
        for scope in scopes(cells, inGap, week) {
            let finding = attempt(cells, in: scope, week, gap.severity, missing: missing)
            if let finding, finding.provenSlots > best?.provenSlots ?? 0 { best = finding }
            if best?.provenSlots == missing { break }
        }
        guard let best else { return .none }
        let certificate = certificate(shrunk(best, keeping: Set(cells), week), week, gap.severity)
        return GapProof(
            outcome: best.provenSlots == missing ? .proven : .partlyProven, certificate: certificate,
            provenMinutes: best.provenSlots * problem.calendar.slotMinutes)
    }

    // MARK: Scopes

    private mutating func week(of gap: Range<Int>, _ severity: Gap.Severity) -> WeekDemand {
        let weekOfSlot = problem.calendar.weekOfSlot
        let (first, last) = (weekOfSlot[gap.lowerBound], weekOfSlot[gap.upperBound - 1])
        let period = problem.calendar.period
        let start = period.first { weekOfSlot[$0] == first } ?? period.lowerBound
        let end = period.last { weekOfSlot[$0] == last } ?? period.upperBound - 1
        let key = WeekKey(slots: start..<end + 1, severity: severity)
        if let known = weeks[key] { return known }
        let found = contested(key)
        weeks[key] = found
        return found
    }

    private mutating func contested(_ key: WeekKey) -> WeekDemand {
        let everyone =
            reaches[key.slots]
            ?? problem.operators.indices.map { OperatorReach($0, in: key.slots, of: problem) }
            .filter { !$0.places.isEmpty }
        reaches[key.slots] = everyone
        let cells = problem.queues.indices.flatMap { queue in
            key.slots.map { queue * slots + $0 }.filter { wanted($0, key.severity) > 0 }
        }
        var network = CoverageNetwork(
            cells, wanted: cells.map { wanted($0, key.severity) }, everyone, from: plan, in: problem)
        network.fill()
        var isContested = [Bool](repeating: false, count: problem.queues.count * slots)
        for index in network.competing(with: cells.indices.filter { network.unmet($0) > 0 }) {
            isContested[cells[index]] = true
        }
        return WeekDemand(
            isContested: isContested,
            reaches: everyone.map { $0.restricted(to: isContested, slots: slots) }.filter { !$0.places.isEmpty })
    }

    /// What a cell wants beside fixed shifts.
    private func wanted(_ cell: Int, _ severity: Gap.Severity) -> Int {
        let (queue, slot) = cell.quotientAndRemainder(dividingBy: slots)
        guard problem.demand.isOpen(queue, slot) else { return 0 }
        let demanded = severity == .critical ? problem.demand.minimum[cell] : problem.demand.target[cell]
        return max(0, Int(demanded - fixedThere[cell]))
    }

    /// Wider and wider sets of cells, each ascending; the first is the gap's own.
    private func scopes(_ gap: [Int], _ inGap: Range<Int>, _ week: WeekDemand) -> [[Int]] {
        let dayOfSlot = problem.calendar.dayOfSlot
        let days = dayOfSlot[inGap.lowerBound]...dayOfSlot[inGap.upperBound - 1]
        let contested = week.isContested.indices.filter { week.isContested[$0] }
        return [
            gap, contested.filter { inGap.contains($0 % slots) },
            contested.filter { days.contains(dayOfSlot[$0 % slots]) }, contested,
        ]
    }

    // MARK: One scope

    private func attempt(
        _ gap: [Int], in scope: [Int], _ week: WeekDemand, _ severity: Gap.Severity, missing: Int
    ) -> Finding? {
        var isMember = [Bool](repeating: false, count: week.isContested.count)
        for cell in scope { isMember[cell] = true }
        let own = Set(gap)
        var wants = scope.map { wanted($0, severity) }
        let others = scope.indices.filter { !own.contains(scope[$0]) }
        let mine = scope.indices.filter { own.contains(scope[$0]) }
        var network = CoverageNetwork(
            scope, wanted: scope.indices.map { own.contains(scope[$0]) ? 0 : wants[$0] },
            week.reaches.map { $0.restricted(to: isMember, slots: slots) }, from: plan, in: problem)
        if !others.isEmpty { network.fill() }
        for index in others { wants[index] -= network.giveUp(index) }
        for index in mine { network.want(index, wants[index]) }
        network.fill()
        let unmet = mine.filter { network.unmet($0) > 0 }
        guard !unmet.isEmpty else { return nil }
        let competing = network.competing(with: unmet)
        return Finding(
            cells: competing.map { scope[$0] }, wanted: competing.map { wants[$0] },
            provenSlots: min(missing, unmet.reduce(0) { $0 + network.unmet($1) }))
    }

    // MARK: Making it small

    /// Leaves out, greedily, what the proof does not need: days, queues, and then single hours of others.
    private func shrunk(_ finding: Finding, keeping gap: Set<Int>, _ week: WeekDemand) -> [Int] {
        var isMember = [Bool](repeating: false, count: week.isContested.count)
        for cell in finding.cells { isMember[cell] = true }
        let bound = CoverageBound(
            week.reaches.map { $0.restricted(to: isMember, slots: slots) }.filter { !$0.places.isEmpty }, in: problem)
        var wanted = zip(finding.cells, finding.wanted).reduce(0) { $0 + $1.1 }
        let wantOf = Dictionary(uniqueKeysWithValues: zip(finding.cells, finding.wanted))
        let removable = finding.cells.filter { !gap.contains($0) }
        func drop(_ cells: [Int]) {
            let present = cells.filter { isMember[$0] }
            guard !present.isEmpty else { return }
            for cell in present { isMember[cell] = false }
            let less = wanted - present.reduce(0) { $0 + (wantOf[$1] ?? 0) }
            if less - bound.most(isMember) >= finding.provenSlots {
                wanted = less
            } else {
                for cell in present { isMember[cell] = true }
            }
        }
        for group in groups(removable) { drop(group) }
        let left = removable.filter { isMember[$0] }
        if left.count <= Self.mostSingles { left.forEach { drop([$0]) } }
        return finding.cells.filter { isMember[$0] }
    }

    /// Beyond so many hours of other demands they are not tried one by one.
    private static let mostSingles = 200

    private func groups(_ cells: [Int]) -> [[Int]] {
        let dayOfSlot = problem.calendar.dayOfSlot
        func grouped(_ key: (Int) -> Int) -> [[Int]] {
            Dictionary(grouping: cells, by: key).sorted { $0.key > $1.key }.map(\.value)
        }
        let days = problem.calendar.days.count
        return grouped { dayOfSlot[$0 % slots] } + grouped { $0 / slots }
            + grouped { $0 / slots * days + dayOfSlot[$0 % slots] }
    }

    private func certificate(_ cells: [Int], _ week: WeekDemand, _ severity: Gap.Severity) -> CoverageCertificate {
        var isMember = [Bool](repeating: false, count: week.isContested.count)
        for cell in cells { isMember[cell] = true }
        let minutes = problem.calendar.slotMinutes
        let givers = CoverageBound(week.reaches, in: problem).shares(isMember).map { share in
            CoverageCertificate.Giver(
                operator: problem.operators[share.person].id, minutes: share.most * minutes,
                freeMinutes: share.free * minutes, limit: share.limit)
        }
        return CoverageCertificate(severity: severity, wants: wants(cells, severity), givers: givers)
    }

    private func wants(_ cells: [Int], _ severity: Gap.Severity) -> [CoverageCertificate.Want] {
        var runs: [(cell: Int, count: Int, operators: Int)] = []
        for cell in cells {
            let operators = wanted(cell, severity)
            if let last = runs.last, last.cell + last.count == cell, cell % slots > 0, last.operators == operators {
                runs[runs.count - 1].count += 1
            } else {
                runs.append((cell, 1, operators))
            }
        }
        return runs.map { run in
            let first = run.cell % slots
            return CoverageCertificate.Want(
                queue: problem.queues[run.cell / slots].id,
                during: problem.calendar.instants(of: first..<first + run.count), operators: run.operators)
        }
    }
}

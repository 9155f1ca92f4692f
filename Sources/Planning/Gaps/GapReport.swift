package import Coverage

/// A plan's gaps, each with what stands in the way, and what the plan covers.
package struct GapReport: Sendable {
    /// All gaps of one queue, severity and kind of reason.
    package struct Group: Hashable, Sendable {
        package let queue: Queue.ID
        package let severity: Gap.Severity
        package let kind: GapReason.Kind
        /// Operators that are missing times the minutes in which they are.
        package let missingMinutes: Int
        /// The number of gaps.
        package let stretches: Int
        /// For a coordinator: the obstacle, without what changes from gap to gap.
        package let text: String
    }

    /// By time, then queue, then severity.
    package let gaps: [ExplainedGap]
    /// By queue, then severity (critical first), then most minutes first.
    package let groups: [Group]
    package let coverage: CoverageSummary

    /// Explains a plan's gaps.
    ///
    /// - Parameters:
    ///   - shifts: The plan's, in any order.
    ///   - problem: What it is a plan for, with the fixed shifts around it.
    /// - Complexity: O(operators × slots); for each operator and queue with gaps also O(gap slots), and where the
    ///   operator is free in a gap, O(free slots × longest shift).
    package init(of shifts: [Shift], in problem: PlanningProblem) {
        let table = PlacementTable(shifts, in: problem)
        let unmet = UnmetDemand(table, in: problem)
        coverage = CoverageSummary(table, in: problem)
        var findings = [SlotFindings](repeating: SlotFindings(), count: unmet.cells.count)
        if !unmet.cells.isEmpty {
            let survey = OperatorSurvey(table, unmet, in: problem)
            for person in problem.operators.indices {
                survey.standings(of: person) { cell, standing in findings[cell].record(person, standing) }
            }
        }
        let stretches = UnmetStretch.all(unmet, findings)
        gaps = stretches.map { ExplainedGap($0, unmet, findings, in: problem) }.sorted(by: ExplainedGap.precedes)
        groups = Self.groups(stretches, unmet, findings, in: problem)
    }

    private static func groups(
        _ stretches: [UnmetStretch], _ unmet: UnmetDemand, _ findings: [SlotFindings], in problem: PlanningProblem
    ) -> [Group] {
        let groups = Dictionary(grouping: stretches) { GroupKey(queue: $0.queue, severity: $0.severity, kind: $0.kind) }
        return groups.map { key, stretches in
            let slots = stretches.reduce(0) { $0 + $1.cells.count * $1.missing }
            let words = ReasonWords(stretches.flatMap { findings[$0.cells] }, on: key.queue, in: problem)
            return Group(
                queue: problem.queues[key.queue].id, severity: key.severity, kind: key.kind,
                missingMinutes: slots * problem.calendar.slotMinutes, stretches: stretches.count,
                text: words.summary(of: key.kind))
        }.sorted(by: precedes)
    }

    private struct GroupKey: Hashable {
        let queue: Int
        let severity: Gap.Severity
        let kind: GapReason.Kind
    }

    private static func precedes(_ left: Group, _ right: Group) -> Bool {
        if left.queue != right.queue { return left.queue < right.queue }
        if left.severity != right.severity { return left.severity == .critical }
        if left.missingMinutes != right.missingMinutes { return left.missingMinutes > right.missingMinutes }
        return left.kind.rawValue < right.kind.rawValue
    }
}

extension ExplainedGap {
    fileprivate init(
        _ stretch: UnmetStretch, _ unmet: UnmetDemand, _ findings: [SlotFindings], in problem: PlanningProblem
    ) {
        let slots = unmet.slots(of: stretch.cells)
        let gap = Gap(
            queue: problem.queues[stretch.queue].id, during: problem.calendar.instants(of: slots),
            severity: stretch.severity, missing: stretch.missing)
        let words = ReasonWords(Array(findings[stretch.cells]), on: stretch.queue, in: problem)
        let candidates = Candidates(findings[stretch.cells], from: slots.lowerBound)
        let text = words.text(of: stretch.kind, candidates, from: gap.during.lowerBound)
        let proposals = candidates.chosen.map { candidate in
            Shift(
                queue: gap.queue, operator: problem.operators[candidate.person].id,
                during: problem.calendar.instants(of: candidate.proposal.slots))
        }
        self.init(gap: gap, reason: GapReason(kind: stretch.kind, text: text, proposals: proposals))
    }
}

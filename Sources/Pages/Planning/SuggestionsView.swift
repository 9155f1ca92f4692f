import Coverage
import Foundation
import Planning
import Scheduling
import Storage

/// What would close a draft's gaps, one suggestion after the other, each to be accepted.
struct SuggestionsView {
    let review: PlanReview
    /// The newest search for this plan, or for one that it was made of; nil where nobody has looked yet.
    let run: PlanningRun?
    /// The plan and those that it was made of, the newest first.
    let lineage: [PlanRepository.Plan]
    var notice: String?
    var problem: String?
    /// The suggestion whose reason was missing or too long, and what was typed.
    var typed: (step: Int, reason: String)?

    private static let mostGaps = 40

    private var plan: PlanRepository.Plan { review.plan }
    private var zone: TimeZoneRules { review.problem.zone }
    private var path: String { "\(DraftView.path(plan.number))/suggestions" }
    private var record: AdviceRecord? { run?.findings.flatMap { AdviceRecord(json: $0) } }

    var page: Page {
        let record = record
        let isOpen = run?.state.isOpen ?? false
        return Page(
            template: "planning-suggestions", title: "Suggestions for draft \(plan.number)", section: .plans,
            values: .present([
                "name": "Draft \(plan.number)", "address": DraftView.path(plan.number),
                "days": PlanningWords.days(plan, in: zone), "notice": notice, "problem": problem,
                "start": isOpen ? nil : startValues(isFirst: record == nil),
                "live": isOpen ? run.map(liveValues) : nil, "board": run.map { RunView(run: $0, zone: zone).board },
                "found": record.map(foundValues), "trouble": trouble,
            ]), stylesheets: ["charts.css", "accounts.css", "planning.css"],
            scripts: isOpen ? ["planning-run.js"] : [])
    }

    private var trouble: String? {
        guard let run, !run.state.isOpen, run.findings == nil else { return nil }
        return run.state == .brokenOff
            ? "The service ended while suggestions were looked for. Look again."
            : (run.message.isEmpty ? "It was stopped before anything was found." : run.message)
    }

    private func liveValues(_ run: PlanningRun) -> [String: Any] {
        ["stream": "/planning/runs/\(run.number)/stream", "again": path, "stop": "/planning/runs/\(run.number)/stop"]
    }

    private func startValues(isFirst: Bool) -> [String: Any] {
        let dates = plan.dates(in: zone)
        let first = dates.lowerBound.startOfWeek
        let weeks = (0..<max(1, (dates.upperBound.daysSince1970 - first.daysSince1970 + 6) / 7)).map {
            first.advanced(byDays: 7 * $0)
        }
        return [
            "address": path, "isFirst": isFirst,
            "weeks": weeks.map { ["id": $0.description, "name": DayText.span($0, $0.advanced(byDays: 6))] },
            "seconds": [5, 10, 30, 60].map { seconds -> [String: Any] in
                ["value": seconds, "text": PlanningWords.duration(seconds), "isChosen": seconds == 10]
            },
        ]
    }

    // MARK: What was found

    /// The suggestions of the search that this plan has already.
    private var accepted: Set<Int> {
        guard let run else { return [] }
        return Set(
            lineage.compactMap { PlanOrigin(json: $0.making).advice }.filter { $0.run == run.number }.map(\.step))
    }

    private func foundValues(_ record: AdviceRecord) -> [String: Any] {
        let helped = record.gaps.filter { !$0.steps.isEmpty }
        let (accepted, others) = (accepted, others(record))
        return .present([
            "words": words(record, helped),
            "gaps": helped.prefix(Self.mostGaps).map { gapValues($0, accepted) }, "hasGaps": !helped.isEmpty,
            "further": helped.count > Self.mostGaps
                ? "And \(helped.count - Self.mostGaps) more gaps: look for suggestions of one week." : nil,
            "others": others, "hasOthers": !others.isEmpty,
        ])
    }

    private func words(_ record: AdviceRecord, _ helped: [AdviceRecord.GapRecord]) -> String {
        guard !record.gaps.isEmpty else { return "There are no gaps in these days: nothing is to be done." }
        guard !helped.isEmpty else { return "Nothing was found that would close a gap." }
        let count = helped.reduce(0) { $0 + $1.steps.count }
        return "\(PlanningWords.count(count, "suggestion", "suggestions")) for "
            + "\(PlanningWords.count(helped.count, "gap", "gaps")). All together the plan is better by "
            + "\(PlanningWords.grouped(record.costBefore - record.costAfter)) points."
    }

    /// What came of the other gaps, counted.
    private func others(_ record: AdviceRecord) -> [String] {
        let left = record.gaps.filter(\.steps.isEmpty)
        let closed = left.count { $0.outcome == SuggestionList.Advice.Outcome.closedBefore.rawValue }
        let proven = left.count { $0.outcome == SuggestionList.Advice.Outcome.nothingFound.rawValue && $0.isProven }
        let nothing = left.count { $0.outcome == SuggestionList.Advice.Outcome.nothingFound.rawValue } - proven
        let untried = left.count { $0.outcome == SuggestionList.Advice.Outcome.notTried.rawValue }
        return [
            (closed, "closed by the suggestions above"),
            (proven, "cannot be closed: it is proven that no plan within the rules covers them"),
            (nothing, "left: no move within the rules, and no exception for one shift, closes them"),
            (untried, "not tried, as the time was over: give it more, or one week alone"),
        ].filter { $0.0 > 0 }.map { "\(PlanningWords.count($0.0, "gap", "gaps")) \($0.1)." }
    }

    private func gapValues(_ gap: AdviceRecord.GapRecord, _ accepted: Set<Int>) -> [String: Any] {
        var isReady = true
        var steps: [[String: Any]] = []
        for step in gap.steps {
            steps.append(stepValues(step, accepted, isReady: isReady))
            isReady = isReady && accepted.contains(step.number)
        }
        let isAccepted = gap.steps.contains { accepted.contains($0.number) }
        return .present([
            "queue": PlanningWords.name(Queue.ID(gap.queue), in: review.problem),
            "times": PlanningWords.times(gap.during, in: zone), "severity": gap.severity,
            "style": gap.severity == Gap.Severity.critical.rawValue ? "is-critical" : "is-thin",
            "missing": gap.missing == 1 ? "1 person missing" : "\(gap.missing) people missing",
            "reason": gap.reason, "steps": steps,
            "alternatives": isAccepted || gap.alternatives.isEmpty
                ? nil : ["steps": gap.alternatives.map { stepValues($0, accepted, isReady: true) }] as [String: Any],
        ])
    }

    // It is ready where those before it, for the same gap, are accepted.
    private func stepValues(_ step: AdviceRecord.Step, _ accepted: Set<Int>, isReady: Bool) -> [String: Any] {
        let isAccepted = accepted.contains(step.number)
        let fits = step.applied(to: review.shifts) != nil
        let waits = !isAccepted && fits && !isReady && step.holdsAlone == false
        return .present([
            "lines": step.lines.map(Self.sentence), "effect": effect(step), "isAccepted": isAccepted,
            "gone": !isAccepted && !fits ? "Does not fit this draft any more." : nil,
            "waits": waits ? "Only after the one before it." : nil,
            "form": !isAccepted && fits && !waits && plan.state == .draft ? form(step) : nil,
        ])
    }

    private func form(_ step: AdviceRecord.Step) -> [String: Any] {
        .present([
            "address": "\(path)/accept", "run": run?.number ?? 0, "step": step.number,
            "what": step.lines.first ?? "", "permission": permission(step, isTyped: typed?.step == step.number),
        ])
    }

    private func permission(_ step: AdviceRecord.Step, isTyped: Bool) -> [String: Any]? {
        guard !step.permissions.isEmpty else { return nil }
        let rules = Set(step.permissions.map { PlanningWords.bent($0.rule) }).sorted().joined(separator: " and ")
        return ["rules": rules, "reason": isTyped ? typed?.reason ?? "" : "", "id": "reason-\(step.number)"]
    }

    private static func sentence(_ line: String) -> String {
        (line.first?.uppercased() ?? "") + line.dropFirst() + "."
    }

    /// What comes of it, in a sentence.
    private func effect(_ step: AdviceRecord.Step) -> String {
        let closed = step.missingBefore - step.missingAfter
        var parts = [
            step.missingAfter == 0
                ? "Closes it"
                : "Closes \(DayText.hours(minutes: closed)) of \(DayText.hours(minutes: step.missingBefore))"
        ]
        if step.openedMinutes > 0 {
            parts.append("leaves \(DayText.hours(minutes: step.openedMinutes)) thin elsewhere")
        }
        let points = PlanningWords.grouped(step.costChange.magnitude)
        parts.append(
            step.costChange < 0 ? "the plan is better by \(points) points" : "the plan costs \(points) points more")
        return parts.joined(separator: "; ") + "."
    }
}

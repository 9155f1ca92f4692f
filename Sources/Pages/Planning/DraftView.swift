import Charts
import Coverage
import Foundation
import Planning
import Scheduling
import Storage

/// What a page shows of a plan as a whole: how good it is, what it covers, and what can be done with it.
struct DraftView {
    let review: PlanReview
    /// The search that it came of; nil where it came of none.
    let run: PlanningRun?
    var notice: String?

    private static let mostQueues = 60
    private static let mostViolations = 20

    private var plan: PlanRepository.Plan { review.plan }
    private var zone: TimeZoneRules { review.problem.zone }
    static func path(_ number: Int) -> String { "/planning/drafts/\(number)" }

    /// `0.8 %`, rounded up; `0 %` where no plan is better.
    static func share(_ gap: ProvenGap) -> String {
        let tenths = Int((min(gap.percent, 1e9) * 10).rounded(.up))
        return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
    }

    var page: Page {
        let name = plan.state == .draft ? "Draft \(plan.number)" : "Plan \(plan.number)"
        let path = Self.path(plan.number)
        return Page(
            template: "planning-draft", title: name, section: .plans,
            values: .present([
                "name": name, "days": PlanningWords.days(plan, in: zone), "origin": PlanningWords.origin(plan),
                "made": "by \(plan.createdBy), \(AccountWords.moment(plan.createdAt, in: zone))",
                "state": PlanningWords.state(plan.state), "isDraft": plan.state == .draft, "notice": notice,
                "figures": figures, "violations": violations, "queues": queues,
                "furtherQueues": review.problem.queues.count > Self.mostQueues
                    ? review.problem.queues.count - Self.mostQueues : nil,
                "changes": changes, "compared": compared, "hasPublished": !review.published.isEmpty,
                "week": "/week?date=\(plan.dates(in: zone).lowerBound)&plan=\(plan.number)",
                "changesAddress": "\(path)/changes", "suggestionsAddress": "\(path)/suggestions",
                "publishAddress": "\(path)/publish", "discardAddress": "\(path)/discard",
                "restoreAddress": "\(path)/restore",
                "run": run.map { ["address": "/planning/runs/\($0.number)", "number": $0.number] as [String: Any] },
            ]), stylesheets: ["charts.css", "planning.css"])
    }

    // MARK: Figures

    private var figures: [[String: Any]] {
        let (then, now) = (review.coverage.total, review.coverageNow.total)
        var figures = [
            figure(
                PlanningWords.percent(then.coveredMinutes, of: then.wantedMinutes), "of the hours wanted are covered",
                now: PlanningWords.percent(now.coveredMinutes, of: now.wantedMinutes)),
            figure(
                PlanningWords.hours(then.criticalMinutes), "below the minimum",
                now: PlanningWords.hours(now.criticalMinutes), style: then.criticalMinutes > 0 ? "is-critical" : ""),
            figure(
                PlanningWords.hours(then.thinMinutes), "thin", now: PlanningWords.hours(now.thinMinutes),
                style: then.thinMinutes > 0 ? "is-thin" : ""),
            figure(PlanningWords.grouped(review.score.total.doubleValue), "points, its cost"),
        ]
        if let gap = review.gap { figures.append(figure(Self.share(gap), "above the best plan there can be, at most")) }
        return figures
    }

    /// A figure, beside the same of what is published.
    private func figure(_ figure: String, _ text: String, now: String? = nil, style: String = "") -> [String: Any] {
        let isCompared = !review.published.isEmpty && plan.state == .draft
        return .present(["figure": figure, "text": text, "style": style, "now": isCompared ? now : nil])
    }

    private var violations: [String: Any]? {
        let all = review.score.violations
        guard plan.state == .draft, !all.isEmpty else { return nil }
        return Self.values(of: all, in: review.problem, most: Self.mostViolations)
    }

    /// Broken rules for a list that does not grow beyond the page.
    static func values(of violations: [RuleViolation], in problem: PlanningProblem, most: Int) -> [String: Any] {
        .present([
            "count": PlanningWords.count(violations.count, "rule is broken", "rules are broken"),
            "lines": violations.prefix(most).map { PlanningWords.violation($0, in: problem) },
            "further": violations.count > most ? "And \(violations.count - most) more." : nil,
        ])
    }

    private var queues: [[String: Any]] {
        let now = Dictionary(review.coverageNow.queues.map { ($0.queue, $0.hours) }) { first, _ in first }
        return review.coverage.queues.prefix(Self.mostQueues).map { line in
            let before = now[line.queue]
            return [
                "name": PlanningWords.name(line.queue, in: review.problem),
                "covered": PlanningWords.percent(line.hours.coveredMinutes, of: line.hours.wantedMinutes),
                "now": before.map { PlanningWords.percent($0.coveredMinutes, of: $0.wantedMinutes) } ?? "–",
                "critical": PlanningWords.hours(line.hours.criticalMinutes),
                "isCritical": line.hours.criticalMinutes > 0, "thin": PlanningWords.hours(line.hours.thinMinutes),
            ]
        }
    }

    // MARK: Changes

    private var compared: String {
        review.published.isEmpty
            ? "Nothing is published for these days."
            : "Beside what is published (plan \(PlanningWords.list(review.published)))"
    }

    private var changes: [String: Any]? {
        guard !review.published.isEmpty else { return nil }
        return ["words": ChangesSummary(review).words]
    }
}

/// What changes for people, in one sentence.
struct ChangesSummary {
    let words: String

    init(_ review: PlanReview) {
        let difference = review.difference
        guard !difference.changes.isEmpty else {
            words = "Nothing changes for anybody."
            return
        }
        let libraries = Set(difference.changes.compactMap(\.library)).count
        words =
            "\(PlanningWords.count(difference.operators, "person", "people")) at "
            + "\(PlanningWords.count(libraries, "library", "libraries")): "
            + "\(PlanningWords.hours(difference.minutes(.lost))) lost, "
            + "\(PlanningWords.hours(difference.minutes(.gained))) gained."
    }
}

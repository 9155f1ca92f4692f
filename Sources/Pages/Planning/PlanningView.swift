import Coverage
import Scheduling
import Storage

/// The page on which planning begins: what is published, drafts, searches, and the form to start one.
struct PlanningView {
    let consortium: Consortium
    let zone: TimeZoneRules
    /// The newest first.
    let plans: [PlanRepository.Plan]
    /// The newest first.
    let runs: [PlanningRun]
    var form = PlanningForm()
    var notice: String?
    var problem: (words: String, run: Int?)?

    private static let mostDrafts = 5
    private static let mostRuns = 8

    var page: Page {
        let searches = runs.filter { $0.request.purpose != .advise }
        return Page(
            template: "planning", title: "Planning", section: .plans,
            values: .present([
                "period": DayText.span(consortium.dates.lowerBound, consortium.dates.upperBound.advanced(byDays: -1)),
                "notice": notice,
                "problem": problem.map { problem -> [String: Any] in
                    .present([
                        "words": problem.words, "run": problem.run.map { ["address": "/planning/runs/\($0)"] },
                    ])
                },
                "open": searches.first(where: \.state.isOpen).map(runValues), "form": formValues,
                "hasNoPublished": !plans.contains { $0.state == .published },
                "published": plans.filter { $0.state == .published }
                    .sorted { $0.period.lowerBound < $1.period.lowerBound }.map(planValues),
                "drafts": plans.filter { $0.state == .draft }.prefix(Self.mostDrafts).map(planValues),
                "hasNoDrafts": !plans.contains { $0.state == .draft },
                "runs": searches.prefix(Self.mostRuns).map(runValues), "hasRuns": !searches.isEmpty,
            ]), stylesheets: ["accounts.css", "planning.css"])
    }

    private func planValues(_ plan: PlanRepository.Plan) -> [String: Any] {
        let first = plan.dates(in: zone).lowerBound
        return [
            "address": plan.state == .draft
                ? "/planning/drafts/\(plan.number)" : "/week?date=\(first)&plan=\(plan.number)",
            "name": plan.state == .draft ? "Draft \(plan.number)" : "Plan \(plan.number)",
            "days": PlanningWords.days(plan, in: zone),
            "shifts": PlanningWords.count(plan.shiftCount, "shift", "shifts"),
            "origin": PlanningWords.origin(plan),
            "when": AccountWords.moment(plan.publishedAt ?? plan.createdAt, in: zone), "by": plan.createdBy,
        ]
    }

    private func runValues(_ run: PlanningRun) -> [String: Any] {
        .present([
            "address": "/planning/runs/\(run.number)", "number": run.number, "purpose": PlanningWords.purpose(run),
            "days": PlanningWords.days(run.request.days), "state": PlanningWords.state(run.state),
            "seconds": PlanningWords.duration(run.request.seconds), "by": run.askedBy,
            "when": AccountWords.moment(run.askedAt, in: zone),
            "draft": run.draft.map { ["address": "/planning/drafts/\($0)", "name": "Draft \($0)"] },
        ])
    }

    private var formValues: [String: Any] {
        let isOwn = form.seconds == "own"
        return [
            "isWhole": form.days == .whole, "isWeek": form.days == .week, "isSpan": form.days == .span,
            "weeks": mondays.map { monday -> [String: Any] in
                [
                    "id": monday.description, "name": DayText.span(monday, monday.advanced(byDays: 6)),
                    "isChosen": monday.description == form.week,
                ]
            },
            "from": form.from, "to": form.to, "first": consortium.dates.lowerBound.description,
            "last": consortium.dates.upperBound.advanced(byDays: -1).description,
            "seconds": PlanningForm.offeredSeconds.map { seconds -> [String: Any] in
                [
                    "value": seconds, "text": PlanningWords.duration(seconds),
                    "isChosen": form.seconds == "\(seconds)",
                ]
            },
            "isOwn": isOwn, "ownSeconds": form.ownSeconds, "isMending": form.isMending, "seed": form.seed,
            "isMore": !form.seed.isEmpty,
        ]
    }

    private var mondays: [CivilDate] {
        (0..<consortium.weeks).map { consortium.startsOn.advanced(byDays: 7 * $0) }
    }
}

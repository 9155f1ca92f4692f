import Coverage
import Scheduling
import Storage

/// All versions of the schedule, and what can be done with each.
struct VersionsView {
    let zone: TimeZoneRules
    /// The newest first.
    let plans: [PlanRepository.Plan]
    /// Which part of them, from 1.
    let part: Int
    var notice: String?

    private static let partSize = 30

    private var parts: Int { max(1, (plans.count + Self.partSize - 1) / Self.partSize) }

    var page: Page {
        let part = min(max(1, part), parts)
        let shown = plans.dropFirst((part - 1) * Self.partSize).prefix(Self.partSize)
        return Page(
            template: "planning-versions", title: "Versions", section: .plans,
            values: .present([
                "count": PlanningWords.count(plans.count, "plan", "plans"), "notice": notice,
                "plans": shown.map(values), "isEmpty": plans.isEmpty,
                "parts": parts > 1 ? partValues(part) : nil,
            ]), stylesheets: ["planning.css"])
    }

    private func partValues(_ part: Int) -> [String: Any] {
        let address = { (part: Int) in ["address": "/planning/versions?part=\(part)"] }
        return .present([
            "text": "Part \(part) of \(parts)", "newer": part > 1 ? address(part - 1) : nil,
            "older": part < parts ? address(part + 1) : nil,
        ])
    }

    private func values(_ plan: PlanRepository.Plan) -> [String: Any] {
        let path = DraftView.path(plan.number)
        let isDraft = plan.state == .draft
        return .present([
            "number": plan.number, "address": path, "state": PlanningWords.state(plan.state),
            "style": "is-\(plan.state.rawValue)", "days": PlanningWords.days(plan, in: zone),
            "by": plan.createdBy, "made": AccountWords.moment(plan.createdAt, in: zone),
            "published": plan.publishedAt.map { AccountWords.moment($0, in: zone) },
            "replaced": plan.supersededAt.map { AccountWords.moment($0, in: zone) },
            "message": plan.message.isEmpty ? nil : plan.message, "origin": PlanningWords.origin(plan),
            "shifts": PlanningWords.count(plan.shiftCount, "shift", "shifts"),
            "week": "/week?date=\(plan.dates(in: zone).lowerBound)&plan=\(plan.number)",
            "compare": plan.state == .published ? nil : ["address": "\(path)/changes"],
            "restore": isDraft ? nil : ["address": "\(path)/restore"],
            "discard": isDraft ? ["address": "\(path)/discard"] : nil,
            "publish": isDraft ? ["address": "\(path)/publish"] : nil,
        ])
    }
}

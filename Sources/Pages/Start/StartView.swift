import Coverage
import Scheduling
import Storage

/// A coordinator's way from an empty service to a published week, as the page shows it.
struct StartView: Sendable {
    /// What was done.
    enum Notice: String, Hashable, Sendable {
        case filled, planned, planning, published
        case notEmpty = "not-empty"
        case noExample = "no-example"
        case thrownAway = "thrown-away"

        init?(_ text: String) { self.init(rawValue: text) }

        var words: String {
            switch self {
            case .filled: "Libraries, people and hours are in. Next comes a plan."
            case .planned: "A plan is made. Look at it, then publish it."
            case .planning: "A plan is being made already. Load this page again in some seconds."
            case .published: "The plan is published. Everybody who signs in sees it."
            case .notEmpty: "Somebody has filled the consortium already; this is what is there."
            case .noExample: "What is here is not the example, and is not thrown away."
            case .thrownAway: "The example is gone. Begin anew; your account stays."
            }
        }
    }

    let standing: ConsortiumBeginning.Standing
    var notice: Notice?
    /// What is wrong with the files that were sent, or with the plan that was to be published.
    var faults: [String] = []

    /// More faults than these nobody reads at once.
    private static let mostFaults = 100

    var page: Page {
        var values: [String: Any] = [
            "consortium": standing.settings.name, "isEmpty": standing.isEmpty, "isExample": standing.isExample,
            "faults": Array(faults.prefix(Self.mostFaults)), "hasFaults": !faults.isEmpty,
        ]
        values["notice"] = notice?.words
        if faults.count > Self.mostFaults { values["more"] = "and \(faults.count - Self.mostFaults) more" }
        if !standing.isEmpty { values["steps"] = steps }
        return Page(
            template: "start", title: standing.isEmpty ? "Begin" : "What is next", section: .other, values: values,
            stylesheets: ["accounts.css", "start.css"])
    }

    private var steps: [[String: Any]] {
        let (isPlanned, isPublished) = (standing.draft != nil || standing.published != nil, standing.published != nil)
        var plan: [String: Any] = [
            "name": "Make a plan", "isDone": isPlanned,
            "words": isPlanned ? "For \(period)." : "For \(period). It takes ten seconds.",
        ]
        if !isPublished { plan["planning"] = isPlanned ? "Make another plan" : "Make a plan" }
        return [
            step("Libraries", Self.count(standing.libraries, "library", "libraries"), standing.libraries > 0),
            step("People", Self.count(standing.operators, "person", "people"), standing.operators > 0),
            step(
                "Hours and demand", Self.count(standing.queues, "queue", "queues"),
                standing.queues > 0 && standing.demand > 0),
            plan, look(isPublished), publishing(isPublished),
            link(
                "Invite colleagues", "Libraries and their people see their shifts here.", "/accounts", "Go to accounts"),
        ]
    }

    private func look(_ isPublished: Bool) -> [String: Any] {
        guard let draft = standing.draft, !isPublished else {
            return isPublished
                ? link(
                    "Look at the week", "Who sits when, and what is not covered.", "/week?date=\(dates.first)",
                    "See the week")
                : step("Look at the week", "Once there is a plan.", false)
        }
        return link(
            "Look at the week", "Who sits when, and what is not covered.",
            "/week?date=\(dates.first)&plan=\(draft.number)", "See the draft")
    }

    private func publishing(_ isPublished: Bool) -> [String: Any] {
        var values = step(
            "Publish it", isPublished ? "Published." : "Until then only coordinators know of it.", isPublished)
        if let draft = standing.draft, !isPublished { values["publishing"] = ["plan": draft.number] }
        return values
    }

    private func step(_ name: String, _ words: String, _ isDone: Bool) -> [String: Any] {
        ["name": name, "words": words, "isDone": isDone]
    }

    private func link(_ name: String, _ words: String, _ address: String, _ text: String) -> [String: Any] {
        var values = step(name, words, false)
        values["link"] = ["address": address, "text": text]
        return values
    }

    private var dates: (first: CivilDate, last: CivilDate) {
        let dates = standing.settings.dates
        return (dates.lowerBound, dates.upperBound.advanced(byDays: -1))
    }

    /// `7 December to 3 January`.
    private var period: String { "\(DayText.dayAndMonth(dates.first)) to \(DayText.dayAndMonth(dates.last))" }

    private static func count(_ number: Int, _ one: String, _ many: String) -> String {
        number == 1 ? "1 \(one)" : "\(number) \(many)"
    }
}

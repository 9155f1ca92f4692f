import Coverage
import Planning
import Scheduling
import Storage

/// What is confirmed before a draft becomes the schedule.
struct PublishView {
    let review: PlanReview
    var message = ""
    var problem: String?

    private static let mostLibraries = 12
    private static let mostViolations = 50

    private var plan: PlanRepository.Plan { review.plan }

    var page: Page {
        let libraries = LibraryChanges.all(review)
        let path = DraftView.path(plan.number)
        let violations = review.score.violations
        return Page(
            template: "planning-publish", title: "Publish draft \(plan.number)", section: .plans,
            values: .present([
                "number": plan.number, "days": PlanningWords.days(plan, in: review.problem.zone), "address": path,
                "publish": "\(path)/publish", "changes": "\(path)/changes", "message": message, "problem": problem,
                "broken": violations.isEmpty
                    ? nil : DraftView.values(of: violations, in: review.problem, most: Self.mostViolations),
                "replaces": replaces, "words": ChangesSummary(review).words,
                "libraries": libraries.prefix(Self.mostLibraries).map { entry -> [String: Any] in
                    let (lost, gained) = (entry.minutes(.lost), entry.minutes(.gained))
                    return [
                        "name": entry.name, "people": entry.people.count, "lost": PlanningWords.hours(lost),
                        "gained": PlanningWords.hours(gained),
                        "difference": PlanningWords.signedHours(gained - lost),
                    ]
                },
                "hasLibraries": !libraries.isEmpty,
                "furtherLibraries": libraries.count > Self.mostLibraries
                    ? "\(libraries.count - Self.mostLibraries) more libraries" : nil,
            ]), stylesheets: ["accounts.css", "planning.css"])
    }

    private var replaces: String {
        review.published.isEmpty
            ? "Nothing is published for these days yet. Libraries, calendars and the desk see it at once."
            : "It takes the place of plan \(PlanningWords.list(review.published)) on these days. Libraries, calendars and "
                + "the desk see it at once."
    }
}

import Coverage
import HTTPTypes
import Planning
import Scheduling
import Storage

/// Who loses and who gains what if a plan takes the place of what is published.
struct ChangesView {
    let review: PlanReview
    /// The one library whose people are shown; nil for all.
    let library: Library.ID?

    /// More changes than somebody reads on one page: then each library's people have a page of their own.
    private static let mostChanges = 400
    private static let mostLibraries = 300

    private var plan: PlanRepository.Plan { review.plan }

    /// - Throws: ``PageProblem`` where there is no such library.
    init(_ review: PlanReview, library: String?) throws(PageProblem) {
        self.review = review
        guard let library else {
            self.library = nil
            return
        }
        guard Library.ID.isValid(library), review.problem.libraryIndex[Library.ID(library)] != nil else {
            throw PageProblem(
                .notFound, "There is no library “\(library.prefix(64))”", "It may have left the consortium.",
                way: ("\(DraftView.path(review.plan.number))/changes", "See all libraries"))
        }
        self.library = Library.ID(library)
    }

    var page: Page {
        let everybody = LibraryChanges.all(review)
        let shown = library.map { id in everybody.filter { $0.library == id } } ?? everybody
        let isFolded = library == nil && review.difference.changes.count > Self.mostChanges
        let path = DraftView.path(plan.number)
        let name = plan.state == .draft ? "Draft \(plan.number)" : "Plan \(plan.number)"
        let libraryName = library.flatMap { review.problem.libraryIndex[$0] }.map { review.problem.libraries[$0].name }
        return Page(
            template: "planning-changes", title: "What changes with \(name.lowercased())", section: .plans,
            values: .present([
                "name": name, "address": path, "library": libraryName, "all": "\(path)/changes",
                "days": PlanningWords.days(plan, in: review.problem.zone), "file": "\(path)/changes.csv",
                "against": review.published.isEmpty
                    ? "Nothing is published for these days: all of it is new."
                    : "Beside what is published, plan \(PlanningWords.list(review.published)).",
                "words": ChangesSummary(review).words, "isFolded": isFolded, "hasChanges": !shown.isEmpty,
                "libraries": shown.prefix(Self.mostLibraries).map { values(of: $0, isFolded: isFolded) },
                "further": shown.count > Self.mostLibraries
                    ? "And \(shown.count - Self.mostLibraries) more, in the file." : nil,
            ]), stylesheets: ["planning.css"])
    }

    private func values(of entry: LibraryChanges, isFolded: Bool) -> [String: Any] {
        let (lost, gained) = (entry.minutes(.lost), entry.minutes(.gained))
        return .present([
            "name": entry.name, "people": PlanningWords.count(entry.people.count, "person", "people"),
            "lost": PlanningWords.hours(lost), "gained": PlanningWords.hours(gained),
            "difference": PlanningWords.signedHours(gained - lost), "isOpen": library != nil,
            "more": isFolded
                ? entry.library.map { ["address": "\(DraftView.path(plan.number))/changes?library=\($0.rawValue)"] }
                : nil,
            "persons": isFolded ? nil : entry.people.map(values),
        ])
    }

    private func values(of person: LibraryChanges.PersonChanges) -> [String: Any] {
        [
            "name": person.name, "lost": PlanningWords.hours(person.minutes(.lost)),
            "gained": PlanningWords.hours(person.minutes(.gained)),
            "changes": person.changes.map { change -> [String: Any] in
                .present([
                    "isLost": change.kind == .lost, "word": change.kind == .lost ? "loses" : "gains",
                    "times": PlanningWords.times(change.shift.during, in: review.problem.zone),
                    "queue": PlanningWords.name(change.shift.queue, in: review.problem),
                    "why": LibraryChanges.why(change),
                ])
            },
        ]
    }
}

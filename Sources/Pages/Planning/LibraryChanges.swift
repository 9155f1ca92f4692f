import Charts
import Coverage
import Planning
import Scheduling

/// What changes for a library and for each of its people.
struct LibraryChanges {
    struct PersonChanges {
        let id: Operator.ID
        let name: String
        let changes: [PlanDifference.Change]

        func minutes(_ kind: PlanDifference.Kind) -> Int {
            changes.filter { $0.kind == kind }.reduce(0) { $0 + $1.minutes }
        }
    }

    /// Nil for people who have left.
    let library: Library.ID?
    let name: String
    /// By name.
    let people: [PersonChanges]

    func minutes(_ kind: PlanDifference.Kind) -> Int { people.reduce(0) { $0 + $1.minutes(kind) } }

    /// All that lose or gain anything, those with most changed hours first.
    static func all(_ review: PlanReview) -> [LibraryChanges] {
        let problem = review.problem
        return Dictionary(grouping: review.difference.changes, by: \.library).map { library, changes in
            LibraryChanges(
                library: library,
                name: library.flatMap { problem.libraryIndex[$0] }.map { problem.libraries[$0].name }
                    ?? "People who have left",
                people: Dictionary(grouping: changes, by: \.shift.operator).map { id, changes in
                    PersonChanges(
                        id: id, name: problem.operatorIndex[id].map { problem.operators[$0].name } ?? id.rawValue,
                        changes: changes.sorted { $0.shift.during.lowerBound < $1.shift.during.lowerBound })
                }.sorted { ($0.name, $0.id) < ($1.name, $1.id) })
        }.sorted { left, right in
            let (first, second) = (
                left.minutes(.lost) + left.minutes(.gained), right.minutes(.lost) + right.minutes(.gained)
            )
            return first == second
                ? (left.name, left.library?.rawValue ?? "") < (right.name, right.library?.rawValue ?? "")
                : first > second
        }
    }

    /// `availability`-like words for a loss that the data force; nil for one that the plan is better for.
    static func why(_ change: PlanDifference.Change) -> String? {
        switch change.reason {
        case .forbidden(let cause): PlanningWords.broken(cause)
        case .replanned: nil
        }
    }

    /// All changes of a plan as a file.
    static func file(of review: PlanReview) -> ChartTable {
        let problem = review.problem
        let zone = problem.zone
        return ChartTable(
            columns: [
                .text("Library"), .text("Person"), .text("Change"), .text("Queue"), .text("When"), .number("Hours"),
                .text("Why"), .forPrograms("library_id"), .forPrograms("operator_id"), .forPrograms("queue_id"),
                .forPrograms("starts_at"), .forPrograms("ends_at"),
            ],
            rows: review.difference.changes.map { change in
                let (shift, during) = (change.shift, change.shift.during)
                let library = change.library.flatMap { problem.libraryIndex[$0] }.map { problem.libraries[$0] }
                return [
                    library?.name ?? "", problem.operatorIndex[shift.operator].map { problem.operators[$0].name } ?? "",
                    change.kind.rawValue, PlanningWords.name(shift.queue, in: problem),
                    PlanningWords.times(during, in: zone),
                    Thousandths(rawValue: change.minutes * 1000 / 60).description,
                    why(change) ?? "", library?.id.rawValue ?? "", shift.operator.rawValue, shift.queue.rawValue,
                    during.lowerBound.text(in: zone), during.upperBound.text(in: zone),
                ]
            })
    }
}

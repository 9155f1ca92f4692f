import Coverage
import Planning
import Scheduling

/// What the page of all libraries shows: what each gives in a week, and has promised.
struct LibraryListView {
    let board: WeekBoard
    let date: CivilDate

    var page: Page {
        let span = DayText.span(board.monday, board.monday.advanced(byDays: 6))
        let people = Dictionary(grouping: board.problem.libraryOfOperator, by: { $0 }).mapValues(\.count)
        let lines = board.report.coverage.libraries
        return Page(
            template: "libraries", title: "Libraries, \(span)", section: .library,
            values: .present([
                "week": span, "earlier": neighbor(-7), "later": neighbor(7), "count": lines.count,
                "libraries": lines.indices.map { index in
                    let (line, library) = (lines[index], board.problem.libraries[index])
                    let difference = line.minutes - line.promisedMinutes
                    return [
                        "address": "/library/\(library.id.rawValue)?date=\(date)", "name": library.name,
                        "kind": library.kind.rawValue, "people": people[index] ?? 0,
                        "given": DayText.hours(minutes: line.minutes),
                        "promised": DayText.hours(minutes: line.promisedMinutes),
                        "difference": difference == 0
                            ? "·" : "\(difference > 0 ? "+" : "−")\(DayText.hours(minutes: abs(difference)))",
                        "isShort": difference < 0,
                    ] as [String: Any]
                },
            ]), stylesheets: ["library.css"])
    }

    private func neighbor(_ days: Int) -> [String: Any]? {
        let other = date.advanced(byDays: days)
        guard board.consortium.dates.contains(other.startOfWeek) else { return nil }
        return [
            "address": "/libraries?date=\(other)",
            "text": DayText.span(other.startOfWeek, other.startOfWeek.advanced(byDays: 6)),
        ]
    }
}

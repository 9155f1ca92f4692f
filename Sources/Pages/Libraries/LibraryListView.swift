import Coverage
import Planning
import Scheduling

/// What the page of all libraries shows: what each gives in a week, and has promised.
struct LibraryListView {
    let board: WeekBoard
    let date: CivilDate
    /// A part of the names of those to be shown; empty for all.
    let find: String

    /// More are found by a part of their names.
    private static let most = 200

    /// Indices of the problem's.
    private var found: [Int] {
        let libraries = board.problem.libraries
        guard !find.isEmpty else { return Array(libraries.indices) }
        let part = find.lowercased()
        return libraries.indices.filter { index in
            libraries[index].name.lowercased().contains(part) || libraries[index].id.rawValue.lowercased() == part
        }
    }

    var page: Page {
        let neighbors = WeekNeighbors.values(of: date, on: board) { date in
            "/libraries?date=\(date)" + (find.isEmpty ? "" : "&find=\(FormFields.encoded(find))")
        }
        let span = DayText.span(board.monday, board.monday.advanced(byDays: 6))
        let people = Dictionary(grouping: board.problem.libraryOfOperator, by: { $0 }).mapValues(\.count)
        let (lines, found) = (board.report.coverage.libraries, found)
        return Page(
            template: "libraries", title: "Libraries, \(span)", section: .library,
            values: .present([
                "week": span, "earlier": neighbors["earlier"], "later": neighbors["later"], "count": lines.count,
                "date": date.description, "find": find, "nothing": found.isEmpty ? find : nil,
                "further": found.count > Self.most ? found.count - Self.most : nil,
                "libraries": found.prefix(Self.most).map { index in
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
}

import Answering
import Charts
import Coverage
import HTTPTypes
import Planning
package import Scheduling

/// A week's charts: what is planned and published, and how questions fared.
package struct ChartBoard {
    let board: WeekBoard
    let selection: ChartSelection
    /// The day that is meant.
    let date: CivilDate
    /// Nil for who may see every library's.
    let ownLibrary: Library.ID?
    /// Indices of the problem's.
    private let queues: [Int]
    /// Indices of the problem's calendar: the week's.
    private let slots: Range<Int>

    /// - Throws: ``PageProblem`` where the selection names what is not there.
    package init(_ board: WeekBoard, _ selection: ChartSelection, for visitor: Visitor?) throws {
        let problem = board.problem
        if let queue = selection.week.queue, problem.queueIndex[queue] == nil {
            throw Self.unknown("queue", queue.rawValue)
        }
        if let library = selection.week.library, problem.libraryIndex[library] == nil {
            throw Self.unknown("library", library.rawValue)
        }
        self.board = board
        self.selection = selection
        date = selection.week.date ?? board.monday
        ownLibrary = ChartSelection.ownLibrary(of: visitor)
        queues = problem.queues.indices.filter { index in
            selection.week.queue == nil || problem.queues[index].id == selection.week.queue
        }
        slots = problem.calendar.slots(inside: board.period).clamped(to: problem.calendar.period)
        guard selection.part <= parts else { throw PageProblem.notFound }
    }

    private static func unknown(_ kind: String, _ id: String) -> PageProblem {
        PageProblem(
            .notFound, "There is no \(kind) “\(id)”", "It may have left the consortium.",
            way: ("/charts", "Go to the charts"))
    }

    private var problem: PlanningProblem { board.problem }

    /// What coverage and staffing are of.
    private var subject: String {
        selection.week.queue.flatMap { problem.queueIndex[$0] }.map { problem.queues[$0].name } ?? "all queues"
    }

    // MARK: Coverage

    package var coverage: ChartSheet {
        let hourly = HourlyCoverage(board.table, queues: queues, slots: slots, in: problem)
        let days = Weekday.allCases.map { weekday in
            HeatMap.Day(
                weekday: weekday, date: board.monday.advanced(byDays: weekday.rawValue),
                hours: hourly.cells[weekday.rawValue].map { cell in
                    if cell.slots == 0 { return .skipped }
                    return cell.staffing.map { .open($0) } ?? .closed
                })
        }
        let chart = HeatMap(subject: subject, days: days)
        return ChartSheet(kind: .coverage, panels: [chart], captions: [""], table: chart.table)
    }

    package var staffing: ChartSheet {
        let day = (date..<date.advanced(byDays: 1)).instants(in: problem.zone)
        let slots = selection.isDay ? problem.calendar.slots(inside: day).clamped(to: slots) : slots
        let library = (selection.week.library ?? ownLibrary).flatMap { problem.libraryIndex[$0] }
        let own = library.map { board.table.onShift(from: $0, on: queues, in: slots, of: problem) }
        let chart = StaffingChart(
            subject: subject,
            slots: board.table.staffing(of: queues, in: slots, of: problem).enumerated().map { index, staffing in
                StaffingChart.Slot(staffing: staffing, own: own?[index])
            },
            from: problem.calendar.start(of: slots.lowerBound), slotMinutes: problem.calendar.slotMinutes,
            zone: problem.zone, ownName: library.map { problem.libraries[$0].name })
        var sheet = ChartSheet(kind: .staffing, panels: [chart], captions: [""], table: chart.table)
        if let library { sheet.note = "What \(problem.libraries[library].name) gives is called ours." }
        return sheet
    }

    // MARK: Libraries

    /// How many libraries the overview shows of each list, and a list's own page at once.
    private static let (few, many) = (24, 72)

    package func contributions(isWhole: Bool) -> ChartSheet {
        let lines = ContributionTable(board.table, slots: slots, in: problem).lines
        return libraries(.contributions, .contributions, isWhole: isWhole) { index in
            (lines[index].minutes, lines[index].promisedMinutes)
        }
    }

    package func unpopularHours(isWhole: Bool) -> ChartSheet {
        let lines = ContributionTable(board.table, slots: slots, in: problem).lines
        return libraries(.unpopularHours, .unpopularHours, isWhole: isWhole) { index in
            (lines[index].unpopularMinutes, lines[index].unpopularShareMinutes)
        }
    }

    private func libraries(
        _ kind: ChartKind, _ subject: PairedBars.Subject, isWhole: Bool, minutes: (Int) -> (Int, Int)
    ) -> ChartSheet {
        let rows = problem.libraries.enumerated().map { index, library in
            let (given, part) = minutes(index)
            return PairedBars.Row(id: library.id.rawValue, name: library.name, minutes: given, partMinutes: part)
        }
        let chosen = selection.week.library ?? ownLibrary
        let shown = chosen.map { id in rows.filter { $0.id == id.rawValue } } ?? rows
        let all = PairedBars.panels(subject, rows: rows)
        let size = isWhole ? Self.many : Self.few
        let part = isWhole ? selection.part : 1
        let panels =
            chosen != nil && shown.isEmpty
            ? [] : PairedBars.panels(subject, rows: shown, part: part, of: size, panels: 3)
        var sheet = ChartSheet(
            kind: kind, panels: panels, captions: panels.map(\.caption),
            table: PairedBars.table(subject, rows: shown, sum: rows),
            drawnTable: PairedBars.table(subject, rows: panels.flatMap(\.rows), sum: rows))
        if chosen != nil { sheet.note = "All libraries together: \(all.first?.summary ?? "")" }
        return sheet
    }

    /// In how many parts a list of libraries is shown on its own page.
    var parts: Int {
        let count = (selection.week.library ?? ownLibrary) == nil ? problem.libraries.count : 1
        return max(1, (count + Self.many - 1) / Self.many)
    }

    // MARK: Service level

    /// The days of which the service level is shown: four weeks to the week's end, or to today.
    func levelDates(now: Instant) -> Range<CivilDate> {
        let today = problem.zone.civil(at: now).date
        let end = min(board.monday.advanced(byDays: 7), today.advanced(byDays: 1))
        return end.advanced(byDays: -28)..<end
    }

    func serviceLevel(_ report: ServiceLevels.Report) -> ChartSheet {
        let charts = report.queues.filter { selection.week.queue == nil || $0.id == selection.week.queue }
            .map { ServiceLevelChart(queue: $0, days: report.days[$0.id] ?? []) }
        var sheet = ChartSheet(
            kind: .serviceLevel, panels: charts, captions: charts.map(\.queue.name),
            table: ServiceLevelChart.table(of: charts))
        let library = selection.week.library.flatMap { problem.libraryIndex[$0] }
        if let library { sheet.note = "Questions of the patrons of \(problem.libraries[library].name)." }
        return sheet
    }
}

import Answering
import Charts
import Coverage
import HTTPTypes
import Hummingbird
import NIOCore
import Planning
import Scheduling

/// Charts of a week: all of them, one with its table, and that as a file.
struct ChartPages: Sendable {
    let boards: WeekBoards
    let levels: ServiceLevels
    let renderer: PageRenderer
    let now: @Sendable () -> Instant

    func addRoutes(to router: Router<PageContext>) {
        router.get("/charts") { request, context in
            let charts = try await board(request, context)
            let sheets = [
                charts.coverage, charts.staffing, charts.contributions(isWhole: false),
                charts.unpopularHours(isWhole: false), charts.serviceLevel(try await report(for: charts)),
            ]
            return try renderer.response(ChartView(board: charts, sheets: sheets, isWhole: false).page, to: context)
        }
        router.get("/charts/:name") { request, context in
            let name = try context.parameters.require("name")
            let isFile = name.hasSuffix(".csv")
            guard let kind = ChartKind(rawValue: isFile ? String(name.dropLast(4)) : name) else {
                throw PageProblem.notFound
            }
            let charts = try await board(request, context)
            let sheet = try await sheet(kind, of: charts)
            if isFile { return file(of: sheet, charts) }
            return try renderer.response(ChartView(board: charts, sheets: [sheet], isWhole: true).page, to: context)
        }
    }

    private func board(_ request: Request, _ context: PageContext) async throws -> ChartBoard {
        let selection = try ChartSelection(request, by: context.visitor)
        let (consortium, zone) = try await boards.settings()
        let today = zone.civil(at: now()).date
        let date = selection.week.date ?? (consortium.dates.contains(today) ? today : consortium.dates.lowerBound)
        let board = try await boards.board(weekOf: date, selection.week.source)
        return try ChartBoard(board, selection.with { $0.week.date = date }, for: context.visitor)
    }

    private func report(for charts: ChartBoard) async throws -> ServiceLevels.Report {
        try await levels.report(
            on: charts.levelDates(now: now()), in: charts.board.problem.zone, patronsOf: charts.selection.week.library)
    }

    private func sheet(_ kind: ChartKind, of charts: ChartBoard) async throws -> ChartSheet {
        switch kind {
        case .coverage: charts.coverage
        case .staffing: charts.staffing
        case .contributions: charts.contributions(isWhole: true)
        case .unpopularHours: charts.unpopularHours(isWhole: true)
        case .serviceLevel: charts.serviceLevel(try await report(for: charts))
        }
    }

    /// The table as a file that a browser saves.
    private func file(of sheet: ChartSheet, _ charts: ChartBoard) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8; header=present", .cacheControl: "private, no-cache",
                .contentDisposition: "attachment; filename=\"\(sheet.kind.rawValue)-\(charts.date).csv\"",
            ],
            body: .init(byteBuffer: ByteBuffer(string: sheet.table.csv)))
    }
}

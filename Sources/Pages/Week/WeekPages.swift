import Coverage
import Hummingbird
import Planning
import Scheduling

/// The coordinator's week: each queue's hours, who sits when, what is not covered and why.
struct WeekPages: Sendable {
    let boards: WeekBoards
    let renderer: PageRenderer
    let now: @Sendable () -> Instant

    func addRoutes(to router: Router<PageContext>) {
        router.get("/week") { request, context in try await week(request, context) }
    }

    private func week(_ request: Request, _ context: PageContext) async throws -> Response {
        let selection = try WeekSelection(request)
        let now = now()
        let date = try await boards.day(selection.date, at: now)
        let board = try await boards.board(weekOf: date, selection.source)
        let view = try WeekView(
            board, selection.on(date), now: now, plans: context.visitor?.role == .coordinator)
        return try renderer.response(view.page, to: context)
    }
}

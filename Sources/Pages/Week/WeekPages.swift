import Coverage
import Hummingbird
import Planning
import Scheduling
import ServiceLifecycle
import Storage

/// The coordinator's week: each queue's hours, who sits when, what is not covered and why.
struct WeekPages: Sendable {
    let boards: WeekBoards
    let editing: PlanEditing
    let renderer: PageRenderer
    let now: @Sendable () -> Instant

    func addRoutes(to router: Router<PageContext>) {
        router.get("/week") { request, context in try await week(request, context) }
        router.get("/week/stream") { request, context in try await stream(request) }
    }

    private func week(_ request: Request, _ context: PageContext) async throws -> Response {
        let selection = try WeekSelection(request)
        let now = now()
        let date = try await boards.day(selection.date, at: now)
        let board = try await boards.board(weekOf: date, selection.source)
        // Nothing is to be seen before there is a queue: whoever can change that is led to where it begins.
        if board.problem.queues.isEmpty, context.visitor?.role == .coordinator {
            return .redirect(to: "/start", type: .normal)
        }
        var view = try WeekView(board, selection.on(date), now: now)
        if context.visitor?.role == .coordinator {
            view.canEdit = true
            view.edits = try await editing.latest(Self.mostEdits, on: board)
            view.justMade = request.uri.queryParameters["edit"].flatMap { Int($0) }
        }
        return try renderer.response(view.page, to: context)
    }

    private static let mostEdits = 8

    /// Tells when the week that is looked at has changed, and by whom.
    private func stream(_ request: Request) async throws -> Response {
        let selection = try WeekSelection(request)
        let date = try await boards.day(selection.date, at: now())
        let frames = WeekFrames { [boards, editing] in
            let board = try await boards.board(weekOf: date, selection.source)
            let edit = try await editing.latest(1, on: board).first
            return WeekFrames.State(
                version: WeekFrames.version(of: board),
                words: edit.map { "\($0.madeBy): \(EditWords(edit: $0, board: board).text)" } ?? "")
        }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody(asyncSequence: frames.cancelOnGracefulShutdown()))
    }
}

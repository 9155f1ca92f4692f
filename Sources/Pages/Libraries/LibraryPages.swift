import Accounts
import Coverage
import HTTPTypes
import Hummingbird
import Planning
import Scheduling

/// What libraries look at: their own week; and for coordinators all of them.
struct LibraryPages: Sendable {
    let boards: WeekBoards
    let renderer: PageRenderer
    let now: @Sendable () -> Instant

    func addRoutes(to router: Router<PageContext>) {
        router.get("/libraries") { request, context in try await all(request, context) }
        router.get("/library/:library") { request, context in try await one(request, context) }
    }

    private func all(_ request: Request, _ context: PageContext) async throws -> Response {
        if let own = context.visitor?.library { return .redirect(to: "/library/\(own.rawValue)", type: .normal) }
        let (board, date) = try await board(request)
        let find = request.uri.queryParameters["find"].map { String($0).replacing("+", with: " ") } ?? ""
        let view = LibraryListView(board: board, date: date, find: String(find.prefix(100)))
        return try renderer.response(view.page, to: context)
    }

    private func one(_ request: Request, _ context: PageContext) async throws -> Response {
        let name = try context.parameters.require("library")
        let visitor = try context.requireSignedIn().account
        // Before anything is looked up: whoever may not see it is not told whether it is there.
        guard visitor.library == nil || visitor.library?.rawValue == name else { throw PageProblem.notForYou }
        let (board, date) = try await board(request)
        guard Library.ID.isValid(name), let index = board.problem.libraryIndex[Library.ID(name)] else {
            throw PageProblem.noLibrary(name)
        }
        let zone = try await boards.zone(board.problem.libraries[index].timeZone)
        let view = LibraryView(
            board: board, week: LibraryWeek(index, of: board, in: zone), zone: zone, date: date, now: now(),
            asker: RequestAsker(visitor), account: visitor)
        return try renderer.response(view.page, to: context)
    }

    private func board(_ request: Request) async throws -> (WeekBoard, CivilDate) {
        let selection = try WeekSelection(request)
        let date = try await boards.day(selection.date, at: now())
        return (try await boards.board(weekOf: date, .published), date)
    }
}

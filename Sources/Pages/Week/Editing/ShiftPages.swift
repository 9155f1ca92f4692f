import Accounts
import Coverage
import HTTPTypes
import Hummingbird
import Planning
import Scheduling

/// Changing single shifts, for coordinators: what it would cost first, then doing it, then taking it back.
struct ShiftPages: Sendable {
    let boards: WeekBoards
    let editing: PlanEditing
    let renderer: PageRenderer
    let now: @Sendable () -> Instant

    func addRoutes(to router: Router<PageContext>) {
        let coordinators = router.group().add(middleware: RoleMiddleware(roles: [.coordinator]))
        coordinators.get("/week/shift") { request, context in
            try await show(try ShiftWish(FormFields(request.uri.query ?? "")), context)
        }
        coordinators.post("/week/shift") { request, context in try await change(request, context) }
        coordinators.post("/week/edits/:number/undo") { request, context in try await undo(request, context) }
    }

    // MARK: Looking

    private func show(_ wish: ShiftWish, _ context: PageContext) async throws -> Response {
        var view = ShiftView(board: try await board(of: wish), wish: wish, now: now())
        var status = HTTPResponse.Status.ok
        do {
            if let edit = wish.edit { view.effect = try await editing.effect(of: edit, in: wish.source) }
            try requireKnown(wish, on: view.board)
        } catch let refusal as EditRefusal {
            (view.problem, status) = words(of: refusal, view.board)
        }
        if wish.asksWho, view.problem == nil { view.ranking = ranking(for: wish, on: view.board) }
        var response = try renderer.response(view.page, status: status, to: context)
        if let seen = wish.seen, status == .ok, let tag = HTTPField.Name("ETag") {
            response.headers[tag] = seen.entityTag
        }
        return response
    }

    /// A shift that was seen and is no more is told of before anything is wanted of it.
    private func requireKnown(_ wish: ShiftWish, on board: WeekBoard) throws {
        guard wish.edit == nil, let seen = wish.seen, !board.shifts.contains(seen.shift) else { return }
        throw EditRefusal.changedMeanwhile(
            seen.shift, now: board.shifts.filter { $0.operator == seen.shift.operator }, by: nil)
    }

    private func board(of wish: ShiftWish) async throws -> WeekBoard {
        guard let during = wish.seen?.shift.during ?? wish.during else {
            throw PageProblem(
                .badRequest, "No shift is named", "Choose a shift, or an hour that is not covered, on the week.",
                way: ("/week", "Go to the week"))
        }
        let (_, zone) = try await boards.settings()
        return try await boards.board(weekOf: zone.civil(at: during.lowerBound).date, wish.source)
    }

    /// Those who could take the shift, in a plan without it.
    private func ranking(for wish: ShiftWish, on board: WeekBoard) -> ShiftRanking? {
        guard let during = wish.during, let queue = wish.queue ?? wish.seen?.shift.queue else { return nil }
        return WhatIf(board.table, without: wish.seen?.shift, in: board.problem)
            .ranking(for: Shift.Place(queue: queue, during: during))
    }

    // MARK: Doing

    private func change(_ request: Request, _ context: PageContext) async throws -> Response {
        let form = context.form ?? FormFields("")
        let wish = try ShiftWish(form)
        let actor = try context.requireSignedIn().account.email.text
        if let tags = request.headers[.ifMatch], tags != "*", let seen = wish.seen, !tags.contains(seen.entityTag) {
            throw PageProblem(
                .preconditionFailed, "This is not the shift that you saw",
                "Nothing was changed. Load the week again, and change what stands there now.",
                way: ("/week", "Go to the week"))
        }
        var view = ShiftView(board: try await board(of: wish), wish: wish, now: now())
        view.reason = form["reason"]
        do {
            guard let edit = wish.edit else { throw EditRefusal.nothing }
            let outcome = try await editing.apply(
                PlanEditing.Request(edit, of: wish.source, author: actor, reason: form.text("reason")))
            return redirect(to: edit, wish.plan, outcome.number, on: view.board)
        } catch let refusal as EditRefusal {
            let (words, status) = words(of: refusal, view.board)
            view.problem = words
            switch refusal {
            case .refused(let effect), .needsReason(let effect): view.effect = effect
            default: break
            }
            return try renderer.response(view.page, status: status, to: context)
        }
    }

    private func undo(_ request: Request, _ context: PageContext) async throws -> Response {
        guard let number = context.parameters.get("number", as: Int.self) else { throw PageProblem.notFound }
        let actor = try context.requireSignedIn().account.email.text
        let back = ReturnPath(context.form?["to"] ?? "")?.text ?? "/week"
        do {
            let outcome = try await editing.undo(number, by: actor, reason: context.form?.text("reason"))
            return .redirect(to: Self.adding("edit=\(outcome.number)", to: back), type: .normal)
        } catch let refusal as EditRefusal {
            let (_, zone) = try await boards.settings()
            let (words, status) = RefusalWords(refusal, zone: zone, problem: nil).text
            throw PageProblem(status, "This could not be taken back", words, way: (back, "Go back to the week"))
        }
    }

    private func redirect(to edit: ShiftEdit, _ plan: Int?, _ number: Int, on board: WeekBoard) -> Response {
        let shift = (edit.added + edit.removed).first
        let date = shift.map { board.problem.zone.civil(at: $0.during.lowerBound).date } ?? board.monday
        let query = "date=\(date)" + (plan.map { "&plan=\($0)" } ?? "") + "&edit=\(number)"
        return .redirect(to: "/week?\(query)#day-\(date)", type: .normal)
    }

    private static func adding(_ field: String, to path: String) -> String {
        let parts = path.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let fragment = parts.count > 1 ? "#" + parts[1] : ""
        let kept = parts[0].split(separator: "?", maxSplits: 1)
        let query = kept.count > 1 ? kept[1].split(separator: "&").filter { !$0.hasPrefix("edit=") } : []
        return "\(kept[0])?" + (query.map(String.init) + [field]).joined(separator: "&") + fragment
    }

    private func words(of refusal: EditRefusal, _ board: WeekBoard) -> (String, HTTPResponse.Status) {
        RefusalWords(refusal, zone: board.problem.zone, problem: board.problem).text
    }
}

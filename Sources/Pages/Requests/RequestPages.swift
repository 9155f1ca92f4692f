import Accounts
import Coverage
import Foundation
import HTTPTypes
import Hummingbird
import Planning
import Scheduling
import Storage

/// Requests about single shifts: people ask, coordinators decide with the effect of each before their eyes.
struct RequestPages: Sendable {
    let boards: WeekBoards
    let requests: ShiftRequests
    let leave: LeaveRequests
    let renderer: PageRenderer
    let now: @Sendable () -> Instant

    func addRoutes(to router: Router<PageContext>) {
        router.get("/requests") { request, context in
            try await list(context, notice: RequestListView.Notice(FormFields(request.uri.query ?? "")["notice"]))
        }
        let askers = router.group().add(middleware: RoleMiddleware(roles: [.coordinator, .manager, .operator]))
        askers.get("/requests/new") { request, context in
            try await ask(FormFields(request.uri.query ?? ""), context)
        }
        askers.post("/requests/giveaways") { _, context in try await giveAway(context) }
        askers.post("/requests/swaps") { _, context in try await askForSwap(context) }
        askers.post("/requests/claims") { _, context in try await claim(context) }
        askers.post("/requests/:reference/withdraw") { _, context in try await withdraw(context) }
        askers.post("/requests/:reference/agree") { _, context in try await answer(context, agrees: true) }
        askers.post("/requests/:reference/decline") { _, context in try await answer(context, agrees: false) }
        askers.post("/requests/:reference/grant") { _, context in try await grant(context) }
        askers.post("/requests/:reference/refuse") { _, context in try await refuse(context) }
        let coordinators = router.group().add(middleware: RoleMiddleware(roles: [.coordinator]))
        coordinators.post("/requests/period") { _, context in try await setPeriod(context) }
    }

    // MARK: Looking

    func list(
        _ context: PageContext, notice: RequestListView.Notice? = nil, problem: String? = nil,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let date = try await boards.day(nil, at: now())
        let board = try await boards.board(weekOf: date, .published)
        var view = RequestListView(
            board: board, open: try await requests.open(), leave: try await leave.open(),
            decided: try await requests.decided(),
            asker: RequestAsker(try context.requireSignedIn().account), now: now())
        view.notice = notice
        view.problem = problem
        for request in view.decidableLeave.prefix(Self.mostImpacts) {
            view.impacts[request.number] = try await leave.impact(of: request)
        }
        if view.asker.decides {
            let most = Self.mostEffects(in: board.problem)
            view.unjudged = max(0, view.edits.count - most)
            let judged = view.edits.prefix(most)
            let effects = try await requests.effects(of: judged.map(\.1))
            view.effects = Dictionary(uniqueKeysWithValues: zip(judged.map(\.0), effects))
        }
        return try renderer.response(view.page, status: status, to: context)
    }

    /// More than these are decided in several sittings.
    private static let mostImpacts = 40

    /// As many as are judged while somebody waits for a page: each takes a copy of the week.
    private static func mostEffects(in problem: PlanningProblem) -> Int {
        let cells = max(1, problem.operators.count * problem.calendar.count)
        return max(10, min(40, 90_000_000 / cells))
    }

    /// The page of one shift: give it away, a part of it, or have another for it.
    private func ask(
        _ fields: FormFields, _ context: PageContext, problem: String? = nil, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let shift = try Self.shift(fields["shift"])
        let (_, zone) = try await boards.settings()
        let board = try await boards.board(weekOf: zone.civil(at: shift.during.lowerBound).date, .published)
        let asker = RequestAsker(try context.requireSignedIn().account)
        guard asker.mayAsk(for: shift.operator, board.problem) else { throw PageProblem.notForYou }
        var view = RequestFormView(board: board, shift: shift, now: now())
        (view.start, view.end) = (MinuteText.instant(fields["start"]), MinuteText.instant(fields["end"]))
        view.reason = String(fields["reason"].prefix(Self.longestReason))
        view.problem = problem ?? (board.shifts.contains(shift) ? nil : RequestWords.text(of: .shiftIsGone))
        return try renderer.response(view.page, status: status, to: context)
    }

    // MARK: Asking

    private func giveAway(_ context: PageContext) async throws -> Response {
        let form = context.form ?? FormFields("")
        let shift = try Self.shift(form["shift"])
        let (start, end) = (MinuteText.instant(form["start"]), MinuteText.instant(form["end"]))
        guard (start == nil) == form["start"].isEmpty, (end == nil) == form["end"].isEmpty,
            (start == nil) == (end == nil)
        else {
            return try await ask(
                form, context, problem: "From, To: choose when the part that is given away begins and ends.",
                status: .unprocessableContent)
        }
        return try await asking(form, for: shift.operator, context) { author in
            var part: Range<Instant>?
            if let start, let end {
                guard start < end else { throw ShiftRequests.Refusal.noPart }
                part = start..<end
            }
            try await requests.giveAway(
                shift, part: part, reason: String(form["reason"].prefix(Self.longestReason)), by: author)
        }
    }

    private func askForSwap(_ context: PageContext) async throws -> Response {
        let form = context.form ?? FormFields("")
        let (shift, other) = (try Self.shift(form["shift"]), try Self.shift(form["other"]))
        return try await asking(form, for: shift.operator, context) { author in
            try await requests.askForSwap(
                of: shift, with: other, reason: String(form["reason"].prefix(Self.longestReason)), by: author)
        }
    }

    private func claim(_ context: PageContext) async throws -> Response {
        let form = context.form ?? FormFields("")
        guard Operator.ID.isValid(form["operator"]) else {
            return try await list(context, problem: "Choose who would take it.", status: .unprocessableContent)
        }
        var shift = try Self.shift(form["shift"])
        shift.operator = Operator.ID(form["operator"])
        let giveaway = form.text("giveaway")
        if let giveaway, RequestReference("giveaway-\(giveaway)") == nil { throw PageProblem.notFound }
        let wanted = shift
        return try await asking(
            form, for: shift.operator, context,
            failing: { words, status in
                try await list(context, problem: words, status: status)
            }
        ) { author in
            _ = try await requests.claim(wanted, giveaway: giveaway, by: author)
        }
    }

    static let longestReason = 500

    private func asking(
        _ form: FormFields, for person: Operator.ID, _ context: PageContext,
        failing: ((String, HTTPResponse.Status) async throws -> Response)? = nil,
        _ body: (String) async throws -> Void
    ) async throws -> Response {
        let account = try context.requireSignedIn().account
        let date = try await boards.day(nil, at: now())
        let board = try await boards.board(weekOf: date, .published)
        guard RequestAsker(account).mayAsk(for: person, board.problem) else { throw PageProblem.notForYou }
        do {
            try await body(account.email.text)
            return .redirect(to: "/requests?notice=asked", type: .normal)
        } catch let refusal as ShiftRequests.Refusal {
            let words = RequestWords.text(of: refusal)
            if let failing { return try await failing(words, .conflict) }
            return try await ask(form, context, problem: words, status: .conflict)
        } catch let refusal as EditRefusal {
            let (words, status) = RefusalWords(refusal, zone: board.problem.zone, problem: board.problem).text
            if let failing { return try await failing(words, status) }
            return try await ask(form, context, problem: words, status: status)
        }
    }

    func withdraw(_ context: PageContext) async throws -> Response {
        let account = try context.requireSignedIn().account
        let reference = try Self.reference(context)
        guard let person = try await self.operator(of: reference) else {
            return try await list(context, problem: RequestWords.text(of: .notOpen), status: .conflict)
        }
        try await requireWord(of: person, account)
        return try await deciding(context, "withdrawn") {
            try await close(reference, .init(.withdrawn, by: account.email.text))
        }
    }

    /// What whoever has the shift that a swap wants says to it.
    func answer(_ context: PageContext, agrees: Bool) async throws -> Response {
        let account = try context.requireSignedIn().account
        let reference = try Self.reference(context)
        guard case .swap(let id) = reference else { throw PageProblem.notFound }
        guard let other = try await requests.open().swaps.first(where: { $0.id == id })?.other else {
            return try await list(context, problem: RequestWords.text(of: .notOpen), status: .conflict)
        }
        try await requireWord(of: other.operator, account)
        return try await deciding(context, agrees ? "agreed" : "declined") {
            guard agrees else {
                return try await requests.close(
                    reference, .init(.refused, by: account.email.text, words: words(in: context)))
            }
            try await requests.agree(toSwap: id, by: account.email.text)
        }
    }

    /// Lets those alone go on who may speak for an operator.
    func requireWord(of person: Operator.ID, _ account: Account) async throws {
        let date = try await boards.day(nil, at: now())
        let board = try await boards.board(weekOf: date, .published)
        guard RequestAsker(account).mayAsk(for: person, board.problem) else { throw PageProblem.notForYou }
    }

    // MARK: Reading

    private static func shift(_ text: String) throws -> Shift {
        guard let reference = ShiftReference(text) else {
            throw PageProblem(
                .badRequest, "No shift is named", "Choose a shift on your week. Nothing was changed.",
                way: ("/libraries", "Go to the week"))
        }
        return reference.shift
    }

    static func reference(_ context: PageContext) throws -> RequestReference {
        guard let text = context.parameters.get("reference"), let reference = RequestReference(text) else {
            throw PageProblem.notFound
        }
        return reference
    }
}

extension ShiftRequests.Open {
    /// Whose request it is.
    func `operator`(of reference: RequestReference) -> Operator.ID? {
        switch reference {
        case .swap(let id): swaps.first { $0.id == id }?.shift.operator
        case .giveaway(let id): giveaways.first { $0.id == id }?.shift.operator
        case .claim(let number): claims.first { $0.number == number }?.shift.operator
        case .leave: nil
        }
    }
}

import Accounts
import Coverage
import HTTPTypes
import Hummingbird
import PostgresClient
import Scheduling
import Storage

/// When a library's people are away: its manager tells of anybody, operators of themselves.
struct AbsencePages: Sendable {
    let door: LibraryDoor
    let leave: LeaveRequests
    let renderer: PageRenderer
    let now: @Sendable () -> Instant

    func addRoutes(to router: Router<PageContext>) {
        router.get("/library/:library/absences") { request, context in
            let (book, account) = try await door.enter(context)
            let query = FormFields(request.uri.query ?? "")
            return try await show(book, account, context) { $0.notice = query["notice"] }
        }
        router.post("/library/:library/absences") { _, context in
            let (book, account) = try await door.enter(context)
            return try await add(book, account, context)
        }
        router.post("/library/:library/absences/remove") { _, context in
            let (book, account) = try await door.enter(context)
            return try await remove(book, account, context)
        }
    }

    private func absenceBook(_ book: LibraryBook) -> AbsenceBook {
        AbsenceBook(consortium: door.consortium, library: book.library.id)
    }

    private func show(
        _ book: LibraryBook, _ account: Account, _ context: PageContext, status: HTTPResponse.Status = .ok,
        _ change: (inout AbsenceView) -> Void
    ) async throws -> Response {
        let now = now()
        var view = AbsenceView(
            book: book, account: account, coming: try await absenceBook(book).coming(at: now, in: door.pool), now: now)
        change(&view)
        return try renderer.response(view.page, status: status, to: context)
    }

    // MARK: Telling of one

    private func add(_ book: LibraryBook, _ account: Account, _ context: PageContext) async throws -> Response {
        var form = AbsenceForm(context.form ?? FormFields(""))
        if let own = account.role.operator {
            guard form.person.isEmpty || form.person == own.rawValue else { throw PageProblem.notForYou }
            form.person = own.rawValue
        }
        let absence: Absence
        do {
            absence = try read(form, book)
            guard account.tells(of: absence.operator, at: book.library.id) else { throw PageProblem.notForYou }
        } catch let problem as FormProblem {
            return try await show(book, account, context, status: .unprocessableContent) { view in
                (view.form, view.problem) = (form, problem.words)
            }
        }
        switch context.form?["action"] {
        case "save": break
        case "ask": return try await ask(for: absence, form, book, account, context)
        default: return try await look(at: absence, form, book, account, context)
        }
        do {
            try await absenceBook(book).add(
                absence, seen: context.form?["seen"] ?? "", by: account.email.text, at: now(), in: door.pool)
            return .redirect(to: "/library/\(book.library.id)/absences?notice=added", type: .normal)
        } catch LibraryRefusal.scheduleChangedMeanwhile {
            return try await look(at: absence, form, book, account, context, hasChanged: true)
        }
    }

    /// Asks for it: whoever decides sees then what it does.
    private func ask(
        for absence: Absence, _ form: AbsenceForm, _ book: LibraryBook, _ account: Account, _ context: PageContext
    ) async throws -> Response {
        do {
            try await leave.ask(for: absence, at: book.library.id, by: account.email.text)
            return .redirect(to: "/requests?notice=asked", type: .normal)
        } catch let refusal as ShiftRequests.Refusal {
            return try await show(book, account, context, status: .conflict) { view in
                (view.form, view.problem) = (form, RequestWords.text(of: refusal))
            }
        }
    }

    private func read(_ form: AbsenceForm, _ book: LibraryBook) throws(FormProblem) -> Absence {
        guard let person = book.people.first(where: { $0.id.rawValue == form.person }) else {
            throw FormProblem("Who: choose one of the library’s people.")
        }
        return Absence(
            operator: person.id, during: try form.during(in: book.zone, at: now()), reason: form.reason)
    }

    private func look(
        at absence: Absence, _ form: AbsenceForm, _ book: LibraryBook, _ account: Account, _ context: PageContext,
        hasChanged: Bool = false
    ) async throws -> Response {
        let repository = LibraryRepository(consortium: door.consortium, library: book.library.id)
        let impact = try await ScheduleImpact.read(
            absence.during, of: absence.operator, repository, boards: door.boards, in: door.pool)
        var view = ImpactView(
            impact: impact, zone: book.zone,
            what: "\(book.name(of: absence.operator)) is away: \(AbsenceWords.when(absence.during, in: book.zone)).",
            action: "/library/\(book.library.id)/absences", fields: form.fields, save: "Save the absence",
            back: "/library/\(book.library.id)/absences", hasChanged: hasChanged)
        // Whoever is ill need ask nobody; whoever would like to be away asks.
        if account.role.operator != nil, absence.during.lowerBound > now() {
            (view.ask, view.save) = ("Ask to be away", "I am away in any case")
        }
        let page = view.page(
            heading: "Look before you save",
            parts: LibraryParts.links(of: book.library.id, for: account, at: .absences))
        return try renderer.response(page, status: hasChanged ? .conflict : .ok, to: context)
    }

    // MARK: Taking one back

    private func remove(_ book: LibraryBook, _ account: Account, _ context: PageContext) async throws -> Response {
        let form = context.form ?? FormFields("")
        guard let starts = Int64(form["starts"]), let ends = Int64(form["ends"]), starts < ends,
            Operator.ID.isValid(form["person"]), abs(starts) < Self.farAway, abs(ends) < Self.farAway
        else { throw PageProblem.notFound }
        let during = Instant(secondsSince1970: starts)..<Instant(secondsSince1970: ends)
        let absence = Absence(operator: Operator.ID(form["person"]), during: during, reason: form["reason"])
        guard account.tells(of: absence.operator, at: book.library.id) else { throw PageProblem.notForYou }
        guard during.upperBound > now() else {
            return try await show(book, account, context, status: .unprocessableContent) { view in
                view.problem = "This absence is over, and stays as what was."
            }
        }
        let wasThere = try await absenceBook(book).remove(
            absence, by: account.email.text, at: now(), in: door.pool)
        return .redirect(
            to: "/library/\(book.library.id)/absences?notice=\(wasThere ? "removed" : "gone")", type: .normal)
    }

    /// The year 9999, in seconds since 1970.
    private static let farAway: Int64 = 253_402_300_800
}

extension Account {
    /// Whether it may tell that somebody of a library is away.
    func tells(of person: Operator.ID, at library: Library.ID) -> Bool {
        decides(for: library) || role == .operator(person)
    }
}

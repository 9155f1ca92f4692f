import Accounts
import Coverage
import HTTPTypes
import Hummingbird
import PostgresClient
import Scheduling
import Storage

/// When a library answers its telephone, and the days on which it is closed.
struct HoursPages: Sendable {
    let door: LibraryDoor
    let renderer: PageRenderer
    let now: @Sendable () -> Instant

    func addRoutes(to router: Router<PageContext>) {
        router.get("/library/:library/hours") { request, context in
            let (book, account) = try await door.enter(context)
            return try await show(book, account, context) { $0.notice = FormFields(request.uri.query ?? "")["notice"] }
        }
        router.post("/library/:library/hours") { _, context in
            let (book, account) = try await door.enterAsDecider(context)
            return try await setHours(book, account, context)
        }
        router.post("/library/:library/closures") { _, context in
            let (book, account) = try await door.enterAsDecider(context)
            return try await addClosure(book, account, context)
        }
        router.post("/library/:library/closures/remove") { _, context in
            let (book, account) = try await door.enterAsDecider(context)
            return try await removeClosure(book, account, context)
        }
    }

    private func hoursBook(_ book: LibraryBook) -> LibraryHoursBook {
        LibraryHoursBook(consortium: door.consortium, library: book.library.id)
    }

    private func closureBook(_ book: LibraryBook) -> ClosureBook {
        ClosureBook(consortium: door.consortium, library: book.library.id)
    }

    private func show(
        _ book: LibraryBook, _ account: Account, _ context: PageContext, status: HTTPResponse.Status = .ok,
        _ change: (inout HoursView) -> Void = { _ in }
    ) async throws -> Response {
        var view = HoursView(
            book: book, account: account, hours: try await hoursBook(book).hours(in: door.pool),
            closures: try await closureBook(book).closures(in: door.pool),
            today: book.zone.civil(at: now()).date)
        change(&view)
        return try renderer.response(view.page, status: status, to: context)
    }

    // MARK: Hours

    private func setHours(
        _ book: LibraryBook, _ account: Account, _ context: PageContext
    ) async throws -> Response {
        let form = context.form ?? FormFields("")
        let typed = WeeklyHoursForm(form)
        let (hours, faults) = typed.read(of: book.library.id)
        guard faults.isEmpty else {
            return try await show(book, account, context, status: .unprocessableContent) { view in
                (view.typed, view.faults, view.seen) = (typed, faults, form["seen"])
            }
        }
        do {
            let isChanged = try await hoursBook(book).set(
                hours, seen: form["seen"], by: account.email.text, at: now(), in: door.pool)
            return .redirect(
                to: "/library/\(book.library.id)/hours?notice=\(isChanged ? "hours-set" : "same")", type: .normal)
        } catch LibraryRefusal.hoursChangedMeanwhile {
            // What is there now is shown beside what was typed; saving once more replaces it.
            return try await show(book, account, context, status: .conflict) { view in
                (view.typed, view.isConflict) = (typed, true)
            }
        }
    }

    // MARK: Closures

    private func addClosure(
        _ book: LibraryBook, _ account: Account, _ context: PageContext
    ) async throws -> Response {
        let form = context.form ?? FormFields("")
        let dates: Range<CivilDate>
        do {
            dates = try ClosureForm(form).dates(from: book.zone.civil(at: now()).date)
        } catch {
            return try await show(book, account, context, status: .unprocessableContent) { view in
                (view.closure, view.closureProblem) = (ClosureForm(form), error.words)
            }
        }
        guard form["action"] == "save" else {
            return try await look(at: dates, ClosureForm(form), book, account, context)
        }
        do {
            let count = try await closureBook(book).add(
                dates, reason: ClosureForm(form).reason, seen: form["seen"], in: book.zone, by: account.email.text,
                at: now(), in: door.pool)
            return .redirect(
                to: "/library/\(book.library.id)/hours?notice=\(count == 0 ? "closed-already" : "closed")",
                type: .normal)
        } catch LibraryRefusal.scheduleChangedMeanwhile {
            return try await look(at: dates, ClosureForm(form), book, account, context, hasChanged: true)
        }
    }

    private func look(
        at dates: Range<CivilDate>, _ form: ClosureForm, _ book: LibraryBook, _ account: Account,
        _ context: PageContext, hasChanged: Bool = false
    ) async throws -> Response {
        let repository = LibraryRepository(consortium: door.consortium, library: book.library.id)
        let impact = try await ScheduleImpact.read(
            dates.instants(in: book.zone), of: nil, repository, boards: door.boards, in: door.pool)
        let last = dates.upperBound.advanced(byDays: -1)
        let days = dates.lowerBound == last ? DayText.long(last) : DayText.span(dates.lowerBound, last)
        let view = ImpactView(
            impact: impact, zone: book.zone,
            what: "\(book.library.name) is closed, \(days)" + (form.reason.isEmpty ? "." : ": \(form.reason)."),
            action: "/library/\(book.library.id)/closures",
            fields: [("from", form.from), ("to", form.to), ("reason", form.reason)], save: "Close the library",
            back: "/library/\(book.library.id)/hours", hasChanged: hasChanged)
        let page = view.page(
            heading: "Look before you close",
            parts: LibraryParts.links(of: book.library.id, for: account, at: .hours))
        return try renderer.response(page, status: hasChanged ? .conflict : .ok, to: context)
    }

    private func removeClosure(
        _ book: LibraryBook, _ account: Account, _ context: PageContext
    ) async throws -> Response {
        let address = "/library/\(book.library.id)/hours"
        // What is over stays, as what was.
        guard let date = (context.form?["date"]).flatMap({ CivilDate($0) }), date >= book.zone.civil(at: now()).date
        else {
            return try await show(book, account, context, status: .unprocessableContent) { view in
                view.closureProblem = "Past closures stay, as what was. Choose one that is still to come."
            }
        }
        let wasThere = try await closureBook(book).remove(
            date, by: account.email.text, at: now(), in: door.pool)
        return .redirect(to: "\(address)?notice=\(wasThere ? "opened" : "open-already")", type: .normal)
    }
}

import Accounts
import Coverage
import HTTPTypes
import Hummingbird
import PostgresClient
import Scheduling
import Storage

/// When a library's people can work, every week: its manager sets anybody's times, operators their own.
struct AvailabilityPages: Sendable {
    let door: LibraryDoor
    let renderer: PageRenderer
    let now: @Sendable () -> Instant

    /// One person's page, among those who may look and what stands there.
    private struct Desk {
        let book: LibraryBook
        let person: LibraryRepository.Person
        let account: Account
        let times: AvailabilityBook
    }

    func addRoutes(to router: Router<PageContext>) {
        router.get("/library/:library/people/:person/availability") { request, context in
            let desk = try await enter(context)
            let notice = FormFields(request.uri.query ?? "")["notice"]
            return try await show(desk, context) { $0.notice = notice }
        }
        router.post("/library/:library/people/:person/availability") { _, context in
            let desk = try await enter(context)
            guard desk.account.tells(of: desk.person.id, at: desk.book.library.id) else {
                throw PageProblem.notForYou
            }
            return try await change(desk, context.form ?? FormFields(""), context)
        }
    }

    static func address(of person: Operator.ID, at library: Library.ID) -> String {
        "/library/\(library)/people/\(person)/availability"
    }

    /// `20 h`, `7.5 h`.
    static func hours(_ hours: Thousandths) -> String { "\(hours) h" }

    private func enter(_ context: PageContext) async throws -> Desk {
        let (book, account) = try await door.enter(context)
        let name = try context.parameters.require("person")
        guard Operator.ID.isValid(name) else { throw PageProblem.notFound }
        guard let person = book.people.first(where: { $0.id.rawValue == name }) else {
            throw LibraryRefusal.notOurs(Operator.ID(name), book.library.id)
        }
        return Desk(
            book: book, person: person, account: account,
            times: AvailabilityBook(
                consortium: door.consortium, library: book.library.id, person: person.id, zone: book.zone))
    }

    private func show(
        _ desk: Desk, _ context: PageContext, status: HTTPResponse.Status = .ok,
        _ change: (inout AvailabilityView) -> Void
    ) async throws -> Response {
        var view = AvailabilityView(
            book: desk.book, person: desk.person, account: desk.account,
            standing: try await desk.times.standing(at: now(), in: door.pool))
        change(&view)
        return try renderer.response(view.page, status: status, to: context)
    }

    // MARK: Changing

    private func change(_ desk: Desk, _ form: FormFields, _ context: PageContext) async throws -> Response {
        let typed = AvailabilityForm(form)
        let seen = form["seen"]
        guard form["action"] != "more", form["action"] != "edit" else {
            return try await show(desk, context) { view in (view.typed, view.seen) = (typed, seen) }
        }
        let standing = try await desk.times.standing(at: now(), in: door.pool)
        let reading = typed.read(gridMinutes: standing.gridMinutes)
        guard let week = reading.week else {
            return try await show(desk, context, status: .unprocessableContent) { view in
                (view.typed, view.seen, view.faults) = (typed, seen, reading.faults)
            }
        }
        guard form["action"] == "save" else {
            guard standing.week.text == seen else { return try await showConflict(typed, desk, context) }
            return try await look(at: week, typed, seen, standing, desk, context)
        }
        do {
            let isChanged = try await desk.times.set(
                week, seen: seen, seenHits: form["seen-shifts"], by: desk.account.email.text, at: now(),
                in: door.pool)
            let address = Self.address(of: desk.person.id, at: desk.book.library.id)
            return .redirect(to: "\(address)?notice=\(isChanged ? "saved" : "same")", type: .normal)
        } catch LibraryRefusal.availabilityChangedMeanwhile {
            return try await showConflict(typed, desk, context)
        } catch LibraryRefusal.scheduleChangedMeanwhile {
            return try await look(at: week, typed, seen, standing, desk, context, hasChanged: true)
        }
    }

    /// What is there now stands beside what was typed; going on from there replaces it.
    private func showConflict(
        _ typed: AvailabilityForm, _ desk: Desk, _ context: PageContext
    ) async throws -> Response {
        try await show(desk, context, status: .conflict) { view in (view.typed, view.isConflict) = (typed, true) }
    }

    private func look(
        at week: WeeklyAvailability, _ form: AvailabilityForm, _ seen: String,
        _ standing: AvailabilityBook.Standing, _ desk: Desk, _ context: PageContext, hasChanged: Bool = false
    ) async throws -> Response {
        let view = AvailabilityLookView(
            book: desk.book, person: desk.person, account: desk.account, standing: standing, week: week,
            hits: try await desk.times.hits(of: week, standing, at: now(), in: door.pool), form: form, seen: seen,
            hasChanged: hasChanged)
        return try renderer.response(view.page, status: hasChanged ? .conflict : .ok, to: context)
    }
}

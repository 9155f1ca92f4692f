import Accounts
import Calendars
import Coverage
import HTTPTypes
import Hummingbird
import PostgresClient
import Scheduling
import Storage

/// Secret addresses under which people's own calendar programs read the published schedule.
struct CalendarPages: Sendable {
    let consortium: Consortium.ID
    let pool: PostgresPool
    let boards: WeekBoards
    let renderer: PageRenderer
    let address: SiteAddress
    let now: @Sendable () -> Instant

    private var addresses: CalendarAddresses { CalendarAddresses(consortium: consortium) }

    func addRoutes(to router: Router<PageContext>) {
        // Readers only look, and an address lets others look.
        let makers = router.group().add(middleware: RoleMiddleware(roles: [.coordinator, .manager, .operator]))
        makers.get("/calendars") { request, context in
            let query = FormFields(request.uri.query ?? "")
            return try await show(query.text("library"), query["notice"], context)
        }
        makers.post("/calendars") { request, context in
            let account = try context.requireSignedIn().account
            let subject = try Self.subject(context.form ?? FormFields(""))
            try Self.require(subject, of: account)
            let secret = Self.secret()
            _ = try await addresses.make(subject, secret: secret, by: account.email.text, at: now(), in: pool)
            return try tell(secret, of: subject, request, context)
        }
        makers.post("/calendars/:number/renew") { request, context in
            let (feed, account) = try await own(context)
            let secret = Self.secret()
            _ = try await addresses.renew(
                feed.number, secret: secret, by: account.email.text, at: now(), in: pool)
            return try tell(secret, of: feed.subject, request, context)
        }
        makers.post("/calendars/:number/revoke") { _, context in
            let (feed, account) = try await own(context)
            try await addresses.revoke(feed.number, by: account.email.text, at: now(), in: pool)
            return Response.redirect(to: Self.page(of: feed.subject, notice: "revoked"), type: .normal)
        }
    }

    // MARK: The list

    private func show(_ library: String?, _ notice: String, _ context: PageContext) async throws -> Response {
        let account = try context.requireSignedIn().account
        var entries: [CalendarListView.Entry] = []
        for (subject, name) in try await subjects(of: account, library: library) {
            entries.append(
                CalendarListView.Entry(
                    subject: subject, name: name, addresses: try await addresses.current(of: subject, in: pool)))
        }
        let view = CalendarListView(
            entries: entries, zone: try await boards.settings().zone, isRevoked: notice == "revoked",
            isCoordinator: account.role == .coordinator)
        return try renderer.response(view.page, to: context)
    }

    /// What somebody may make calendars of: their own shifts, their library's, or all queues' and the library's that the
    /// address names.
    private func subjects(of account: Account, library: String?) async throws -> [(CalendarSubject, String)] {
        switch account.role {
        case .operator(let person): return [(.person(person), account.name)]
        case .manager(let library):
            return [(.library(library), try await name(of: library))]
        case .coordinator:
            let named = library.flatMap { Library.ID.isValid($0) ? Library.ID($0) : nil }
            let ofLibrary: [(CalendarSubject, String)] =
                if let named { [(.library(named), try await name(of: named))] } else { [] }
            let queues = try await pool.withConnection {
                try await ConsortiumRepository(consortium: consortium).queues(in: $0)
            }
            return ofLibrary + queues.map { (.queue($0.id), $0.name) }
        case .reader: return []
        }
    }

    private func name(of library: Library.ID) async throws -> String {
        let found = try await pool.withConnection {
            try await LibraryRepository(consortium: consortium, library: library).library(in: $0)
        }
        guard let found else { throw PageProblem.noLibrary(library.rawValue) }
        return found.name
    }

    // MARK: One address

    /// The address that is named, and who wants to change it.
    private func own(_ context: PageContext) async throws -> (CalendarRepository.Feed, Account) {
        let account = try context.requireSignedIn().account
        guard let number = context.parameters.get("number", as: Int.self), (1...Int(Int32.max)).contains(number),
            let feed = try await addresses.current(number, in: pool), Self.may(account, make: feed.subject)
        else {
            // The same whether it is another's or nobody's.
            throw PageProblem(
                .notFound, "There is no such calendar", "Its address may have been taken back already.",
                way: ("/calendars", "See your calendars"))
        }
        return (feed, account)
    }

    /// Shows an address, now and never again.
    private func tell(
        _ secret: String, of subject: CalendarSubject, _ request: Request, _ context: PageContext
    ) throws -> Response {
        let prefix = address.prefix(host: request.head.authority)
        let link = prefix + CalendarSecret.path(secret)
        let page = Page(
            template: "calendar-address", title: "A calendar’s address", section: .other,
            values: [
                "link": link, "webcal": "webcal" + link.drop { $0 != ":" }, "back": Self.page(of: subject),
                "shows": CalendarListView.words(subject),
            ], stylesheets: ["accounts.css"])
        var response = try renderer.response(page, to: context)
        response.headers[.cacheControl] = "no-store"
        return response
    }

    private static func page(of subject: CalendarSubject, notice: String? = nil) -> String {
        let library: String? = if case .library(let id) = subject { "library=\(id)" } else { nil }
        let query = [library, notice.map { "notice=\($0)" }].compactMap { $0 }.joined(separator: "&")
        return query.isEmpty ? "/calendars" : "/calendars?\(query)"
    }

    private static func secret() -> String {
        var generator = SystemRandomNumberGenerator()
        return CalendarSecret.make(using: &generator)
    }

    // MARK: Who may

    private static func subject(_ form: FormFields) throws(PageProblem) -> CalendarSubject {
        let id = form["id"]
        guard Library.ID.isValid(id) else { throw PageProblem.notFound }
        switch form["kind"] {
        case "operator": return .person(Operator.ID(id))
        case "library": return .library(Library.ID(id))
        case "queue": return .queue(Queue.ID(id))
        default: throw PageProblem.notFound
        }
    }

    private static func may(_ account: Account, make subject: CalendarSubject) -> Bool {
        switch account.role {
        case .coordinator: true
        case .manager(let library): subject == .library(library)
        case .operator(let person): subject == .person(person)
        case .reader: false
        }
    }

    private static func require(_ subject: CalendarSubject, of account: Account) throws(PageProblem) {
        guard may(account, make: subject) else { throw PageProblem.notForYou }
    }
}

extension PageProblem {
    /// What names a library that is not there; for those alone who see all.
    static func noLibrary(_ name: String) -> PageProblem {
        PageProblem(
            .notFound, "There is no library “\(name.prefix(64))”", "It may have left the consortium.",
            way: ("/libraries", "See all libraries"))
    }

    init(_ refusal: CalendarRefusal) {
        switch refusal {
        case .noSubject(let subject):
            self.init(
                .notFound, "There is no \(subject.kind) “\(subject.id)”", "It may have left the consortium.",
                way: ("/calendars", "See your calendars"))
        case .noCalendar:
            self.init(
                .notFound, "There is no such calendar", "Its address may have been taken back already.",
                way: ("/calendars", "See your calendars"))
        }
    }
}

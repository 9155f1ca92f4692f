package import Accounts
import Answering
package import Coverage
import HTTPTypes
package import Hummingbird
package import Logging
package import NIOCore
package import Notifications
package import OpenID
package import PostgresClient
import Scheduling
import Storage

/// The pages of one consortium.
package struct PageSite: Sendable {
    /// The path to which files are sent, which are longer than other requests.
    package static let uploadPath = StartPages.uploadPath

    private let responder: RouterResponder<PageContext>
    private let renderer: PageRenderer
    private let keeper: AccountKeeper
    /// Method and path of every page, `GET /invitation/{secret}`.
    package let routes: [String]
    private let cookie: SessionCookie

    /// Sets the pages up.
    ///
    /// - Parameters:
    ///   - consortium: Whose they are.
    ///   - pool: Of connections to the database.
    ///   - desk: What is told of who is here and who waits.
    ///   - keeper: What keeps the accounts of those who look.
    ///   - address: How browsers reach them.
    ///   - policyFreshDays: How long a policy page counts as up to date after it was confirmed.
    ///   - mailbox: How invitations are sent; nil where no mail is.
    ///   - poster: How news is posted to people's own addresses; nil where none may be.
    ///   - door: Whether the service waits for its first coordinator; nil if it does not.
    ///   - provider: By which people may sign in beside their passwords; nil where there is none.
    ///   - now: The desk's clock.
    /// - Throws: If a template is none.
    package init(
        consortium: Consortium.ID, pool: PostgresPool, desk: any DeskView, keeper: AccountKeeper, address: SiteAddress,
        policyFreshDays: Int = 180, mailbox: Mailbox? = nil, poster: NoticePoster? = nil, door: SetUpDoor? = nil,
        provider: IdentityProvider? = nil, now: @escaping @Sendable () -> Instant
    ) throws {
        self.keeper = keeper
        cookie = SessionCookie(isSecure: address.isSecure)
        let assets = Assets()
        renderer = try PageRenderer(assets: assets)
        let boards = WeekBoards(consortium: consortium, pool: pool, now: now)
        let router = Router(context: PageContext.self, options: .autoGenerateHeadEndpoints)
        // Before all routes: it concerns those that are added after it.
        router.add(middleware: AccessMiddleware(forms: FormGuard(address: address), door: door))
        assets.addRoutes(to: router)
        SignInPages(
            keeper: keeper, renderer: renderer, cookie: cookie, address: address, provider: provider?.settings.name
        ).addRoutes(to: router)
        if let provider {
            ProviderPages(provider: provider, keeper: keeper, renderer: renderer, cookie: cookie, address: address)
                .addRoutes(to: router)
        }
        InvitationPages(
            keeper: keeper, renderer: renderer, cookie: cookie,
            provider: keeper.settings.takesPasswords ? nil : provider?.settings.name
        ).addRoutes(to: router)
        let beginning = ConsortiumBeginning(consortium: consortium, pool: pool)
        SetUpPages(door: door, keeper: keeper, renderer: renderer, cookie: cookie).addRoutes(to: router)
        StartPages(
            beginning: beginning, plans: FirstPlan(consortium: consortium, pool: pool), renderer: renderer, now: now
        ).addRoutes(to: router)
        OwnAccountPages(
            keeper: keeper, renderer: renderer, boards: boards, beginning: beginning,
            choices: NotificationChoices(consortium: consortium, pool: pool), sendsMail: mailbox != nil, poster: poster,
            newSecret: { RandomSource.system.bytes(32) }, now: now
        ).addRoutes(to: router)
        AccountListPages(keeper: keeper, renderer: renderer, boards: boards, address: address, mailbox: mailbox)
            .addRoutes(to: router)
        router.get("/") { _, context in
            if context.visitor?.role == .coordinator, try await beginning.isUnpublished() {
                return Response.redirect(to: "/start", type: .normal)
            }
            return Response.redirect(to: context.visitor?.library == nil ? "/week" : "/libraries", type: .normal)
        }
        let editing = PlanEditing(consortium: consortium, boards: boards, pool: pool, now: now)
        WeekPages(boards: boards, editing: editing, renderer: renderer, now: now).addRoutes(to: router)
        let requests = ShiftRequests(
            consortium: consortium, editing: editing, pool: pool, now: now, newID: { RandomSource.system.uuid() })
        let leave = LeaveRequests(consortium: consortium, boards: boards, pool: pool, now: now)
        RequestPages(boards: boards, requests: requests, leave: leave, renderer: renderer, now: now)
            .addRoutes(to: router)
        ShiftPages(boards: boards, editing: editing, renderer: renderer, now: now).addRoutes(to: router)
        LibraryPages(boards: boards, renderer: renderer, now: now).addRoutes(to: router)
        let libraryDoor = LibraryDoor(consortium: consortium, pool: pool, boards: boards)
        HoursPages(door: libraryDoor, renderer: renderer, now: now).addRoutes(to: router)
        LibraryPolicyPages(door: libraryDoor, renderer: renderer, freshDays: policyFreshDays, now: now)
            .addRoutes(to: router)
        AbsencePages(door: libraryDoor, leave: leave, renderer: renderer, now: now).addRoutes(to: router)
        AvailabilityPages(door: libraryDoor, renderer: renderer, now: now).addRoutes(to: router)
        CalendarPages(
            consortium: consortium, pool: pool, boards: boards, renderer: renderer, address: address, now: now
        ).addRoutes(to: router)
        let levels = ServiceLevels(consortium: consortium, pool: pool, now: now)
        NowPages(boards: boards, levels: levels, desk: desk, renderer: renderer, now: now).addRoutes(to: router)
        ChartPages(boards: boards, levels: levels, renderer: renderer, now: now).addRoutes(to: router)
        let (runs, versions) = (
            PlanningRuns(consortium: consortium, pool: pool), PlanVersions(consortium: consortium, pool: pool)
        )
        PlanningPages(runs: runs, versions: versions, boards: boards, renderer: renderer, now: now)
            .addRoutes(to: router)
        DraftPages(
            runs: runs, versions: versions, reviews: PlanReviews(consortium: consortium, pool: pool, now: now),
            publication: { plan, message, actor in
                _ = try await PlanPublication(consortium: consortium).run(
                    plan: plan, in: pool, actor: actor, message: message, at: now())
            }, acceptance: AdviceAcceptance(consortium: consortium, pool: pool), renderer: renderer, now: now
        ).addRoutes(to: router)
        routes = router.routes.map { "\($0.method) \($0.path)" }
        responder = router.buildResponder()
    }

    /// Answers a request for a page.
    ///
    /// - Returns: Nil where there is no such page and whoever asks does not read HTML.
    package func respond(to request: Request, on channel: any Channel, logger: Logger) async -> Response? {
        var context = PageContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
        var response: Response?
        do {
            context.signedIn = try await signedIn(request)
            response = try await responder.respond(to: request, context: context)
        } catch let error {
            let problem = PageProblem(error, logger)
            if problem.status == .notFound, !request.readsHTML { return nil }
            response = try? renderer.response(problem.page, status: problem.status, to: context)
        }
        guard var response else { return nil }
        if response.status == .unauthorized {
            // A 401 has to say how (RFC 9110, section 15.5.2); browsers, which know no such scheme, ask nobody.
            response.headers[.wwwAuthenticate] = "Cookie form-action=\"/sign-in\""
        }
        for (name, value) in Self.headers where response.headers[name] == nil { response.headers[name] = value }
        return response
    }

    /// Who asks; files that all pages share are for everybody, and not worth a look-up.
    private func signedIn(_ request: Request) async throws -> SignedIn? {
        guard !request.uri.path.hasPrefix("/assets/"), let value = cookie.value(of: request) else { return nil }
        return try await keeper.signedIn(by: value)
    }

    /// Nothing from other hosts, nothing inside other sites' frames, no scripts but our own files.
    private static let headers: [(HTTPField.Name, String)] = [
        (
            .contentSecurityPolicy,
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
                + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        ),
        (.xContentTypeOptions, "nosniff"), (.referrerPolicy, "same-origin"), (.crossOriginOpenerPolicy, "same-origin"),
        (.permissionsPolicy, "camera=(), geolocation=(), microphone=()"),
    ]
}

extension HTTPField.Name {
    private static func known(_ name: String) -> HTTPField.Name {
        HTTPField.Name(name) ?? .contentLanguage
    }

    fileprivate static let referrerPolicy = known("Referrer-Policy")
    fileprivate static let crossOriginOpenerPolicy = known("Cross-Origin-Opener-Policy")
    fileprivate static let permissionsPolicy = known("Permissions-Policy")
}

extension Request {
    /// Whether it comes from a browser that wants a page.
    var readsHTML: Bool { headers[.accept]?.contains("text/html") ?? false }
}

extension PageProblem {
    /// What an error means to whoever looks; what does not concern them is logged.
    init(_ error: any Error, _ logger: Logger) {
        switch error {
        case let problem as PageProblem:
            self = problem
        case let refusal as SchedulingRefusal:
            self.init(refusal)
        case let refusal as CalendarRefusal:
            self.init(refusal)
        case let refusal as LibraryRefusal:
            self.init(refusal)
        case let error as HTTPError where error.status == .notFound:
            self = .notFound
        case let error as any HTTPResponseError:
            self.init(
                error.status, "This cannot be done", "The request is not as it must be.", way: ("/", "Go to the start"))
        case let error as PostgresError where error.isConnectionLoss || error.code == .poolExhausted:
            logger.warning("database out of reach", metadata: ["error": "\(error)"])
            self.init(
                .serviceUnavailable, "The schedule cannot be reached right now",
                "The database does not answer, or is too busy. Try again in a moment; a library's own cache and "
                    + "calendars can be read meanwhile.")
        default:
            logger.error("request failed", metadata: ["error": "\(error)"])
            self.init(
                .internalServerError, "Something went wrong here",
                "It has been written to the log, and it is no fault of yours. Try again, or go another way.",
                way: ("/", "Go to the start"))
        }
    }

    private init(_ refusal: SchedulingRefusal) {
        switch refusal {
        case .outsidePeriod(_, _, let consortium):
            let (first, last) = (consortium.dates.lowerBound, consortium.dates.upperBound.advanced(byDays: -1))
            self.init(
                .notFound, "These days are not planned",
                "The plan reaches from \(DayText.long(first)) to \(DayText.long(last)).",
                way: ("/week?date=\(first)", "Go to its first week"))
        case .noPlan(let number):
            self.init(
                .notFound, "There is no plan \(number)", "It may have been a draft that was thrown away.",
                way: ("/week", "See what is published"))
        case .nothingImported:
            self.init(
                .notFound, "Nothing is here yet",
                "Import the consortium’s libraries, people and hours first: “coverdesk import” reads them from a folder."
            )
        default:
            self.init(.conflict, "This cannot be shown", refusal.description)
        }
    }
}

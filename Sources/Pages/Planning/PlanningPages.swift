import Accounts
import Coverage
import HTTPTypes
import Hummingbird
import Scheduling
import ServiceLifecycle
import Storage

/// Planning, for coordinators: starting searches and watching them, and the versions of the schedule.
struct PlanningPages: Sendable {
    let runs: PlanningRuns
    let versions: PlanVersions
    let boards: WeekBoards
    let renderer: PageRenderer
    let now: @Sendable () -> Instant

    func addRoutes(to router: Router<PageContext>) {
        let coordinators = router.group().add(middleware: RoleMiddleware(roles: [.coordinator]))
        coordinators.get("/planning") { request, context in
            let query = FormFields(request.uri.query ?? "")
            return try await show(context, form: Self.form(query), notice: Notice(rawValue: query["notice"])?.words)
        }
        coordinators.post("/planning/runs") { _, context in try await start(context) }
        coordinators.get("/planning/runs/:number") { _, context in try await run(context) }
        coordinators.get("/planning/runs/:number/stream") { _, context in try await stream(context) }
        coordinators.post("/planning/runs/:number/stop") { _, context in try await stop(context) }
        coordinators.post("/planning/runs/:number/again") { _, context in try await again(context) }
        coordinators.get("/planning/versions") { request, context in try await list(request, context) }
    }

    /// What was done.
    enum Notice: String, Hashable, Sendable {
        case discarded

        var words: String {
            switch self {
            case .discarded: "The draft is thrown away."
            }
        }
    }

    // MARK: Starting

    /// The form as a link may fill it in: with a week, or with what is published to be mended.
    private static func form(_ query: FormFields) -> PlanningForm {
        var form = PlanningForm()
        if let week = query.text("week").flatMap({ CivilDate($0) }) {
            form.days = .week
            form.week = week.startOfWeek.description
        }
        form.isMending = query["way"] == "mend"
        return form
    }

    private func show(
        _ context: PageContext, form: PlanningForm, notice: String? = nil, problem: (words: String, run: Int?)? = nil,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let (consortium, zone) = try await boards.settings()
        let view = PlanningView(
            consortium: consortium, zone: zone, plans: try await versions.all(), runs: try await runs.latest(30),
            form: form, notice: notice, problem: problem)
        return try renderer.response(view.page, status: status, to: context)
    }

    private func start(_ context: PageContext) async throws -> Response {
        let form = PlanningForm(context.form ?? FormFields(""))
        do {
            let number = try await runs.plan(
                try form.selection(), mending: form.isMending, try form.effort(), by: try actor(context), at: now())
            return .redirect(to: "/planning/runs/\(number)", type: .normal)
        } catch let problem as FormProblem {
            return try await show(context, form: form, problem: (problem.words, nil), status: .unprocessableContent)
        } catch let refusal as SchedulingRefusal {
            return try await show(
                context, form: form, problem: (refusal.planningSentence, nil), status: .unprocessableContent)
        } catch RunRefusal.alreadyOpen(let run) {
            return try await show(
                context, form: form, problem: ("A search is under way. Wait until it is over, or stop it.", run),
                status: .conflict)
        } catch let refusal as RunRefusal {
            return try await show(context, form: form, problem: (refusal.sentence, nil), status: .unprocessableContent)
        }
    }

    // MARK: Watching

    private func run(_ context: PageContext) async throws -> Response {
        let run = try await known { try await runs.run(try number(context)) }
        return try renderer.response(RunView(run: run, zone: try await boards.settings().zone).page, to: context)
    }

    private func stream(_ context: PageContext) async throws -> Response {
        let number = try number(context)
        let zone = try await boards.settings().zone
        _ = try await known { try await runs.run(number) }
        let frames = RunFrames {
            let run = try await runs.run(number)
            let html = try renderer.part("planning-run-board", ["board": RunView(run: run, zone: zone).board])
            return (html, run.state.isOpen)
        }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody(asyncSequence: frames.cancelOnGracefulShutdown()))
    }

    private func stop(_ context: PageContext) async throws -> Response {
        let number = try number(context)
        do {
            try await runs.stop(number, by: try actor(context), at: now())
        } catch RunRefusal.notOpen {
            // It was over before the form arrived: the page tells how.
        } catch RunRefusal.noRun {
            throw PageProblem.noRun(number)
        }
        return .redirect(to: "/planning/runs/\(number)", type: .normal)
    }

    private func again(_ context: PageContext) async throws -> Response {
        let number = try number(context)
        do {
            let again = try await runs.again(number, by: try actor(context), at: now())
            return .redirect(to: "/planning/runs/\(again)", type: .normal)
        } catch RunRefusal.noRun {
            throw PageProblem.noRun(number)
        } catch RunRefusal.alreadyOpen(let run) {
            throw PageProblem(
                .conflict, "A search is under way", "Wait until it is over, or stop it. Then start this one again.",
                way: ("/planning/runs/\(run)", "Look at that search"))
        } catch RunRefusal.notOver {
            return .redirect(to: "/planning/runs/\(number)", type: .normal)
        }
    }

    private func list(_ request: Request, _ context: PageContext) async throws -> Response {
        let query = FormFields(request.uri.query ?? "")
        let view = VersionsView(
            zone: try await boards.settings().zone, plans: try await versions.all(), part: Int(query["part"]) ?? 1,
            notice: VersionsNotice(query)?.words)
        return try renderer.response(view.page, to: context)
    }

    // MARK: What all of them need

    private func number(_ context: PageContext) throws -> Int { try context.planningNumber() }
    private func actor(_ context: PageContext) throws -> String {
        try context.requireSignedIn().account.email.text
    }

    private func known<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch RunRefusal.noRun(let number) {
            throw PageProblem.noRun(number)
        }
    }
}

/// What was done to a version, as the list of all says it.
struct VersionsNotice {
    let words: String

    /// Nil where the address tells of nothing.
    init?(_ query: FormFields) {
        guard let plan = Int(query["plan"]), plan > 0 else { return nil }
        switch query["notice"] {
        case "published": words = "Plan \(plan) is published."
        case "discarded": words = "Draft \(plan) is thrown away."
        default: return nil
        }
    }
}

extension PageContext {
    /// The plan or search that the address names.
    func planningNumber() throws -> Int {
        guard let number = parameters.get("number", as: Int.self), (1...Int(Int32.max)).contains(number) else {
            throw PageProblem.notFound
        }
        return number
    }
}

extension PageProblem {
    static func noRun(_ number: Int) -> PageProblem {
        PageProblem(
            .notFound, "There is no search \(number)", "Searches are counted from 1.",
            way: ("/planning", "See all searches"))
    }
}

extension SchedulingRefusal {
    /// For coordinators who look at a page.
    var planningSentence: String {
        switch self {
        case .nothingPublishedThen:
            "Nothing is published for these days, so there is no plan to mend. Choose “from nothing”."
        case .outsidePeriod(let from, let to, let consortium):
            "\(DayText.span(from, to)) is not inside the days that can be planned, "
                + DayText.span(consortium.dates.lowerBound, consortium.dates.upperBound.advanced(byDays: -1)) + "."
        case .emptyPeriod: "The last day comes before the first. Turn them round."
        case .noPlan(let number): "There is no plan \(number) any more. It may have been thrown away."
        case .notADraft(let number, let state):
            "Plan \(number) is no draft: it is \(PlanningWords.state(state).lowercased())."
        case .rulesBroken(let plan, _): "Draft \(plan) breaks rules as the data stand now, and was not published."
        case .nothingImported: "Nothing was imported yet: there is nobody to plan with."
        default: description
        }
    }
}

extension RunRefusal {
    /// For coordinators who look at a page.
    var sentence: String {
        switch self {
        case .alreadyOpen: "A search is under way. Wait until it is over, or stop it."
        case .noRun(let number): "There is no search \(number)."
        case .notOpen(let number): "Search \(number) is over already."
        case .notOver(let number): "Search \(number) is under way still."
        case .badSeconds: "Seconds are a whole number from 1 to 600."
        case .badSeed: "The seed is a whole number from 0 on."
        }
    }
}

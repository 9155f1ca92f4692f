import Accounts
import Coverage
import ExampleConsortium
import HTTPTypes
import Hummingbird
import Scheduling

/// A coordinator's way from an empty service to a published week.
struct StartPages: Sendable {
    let beginning: ConsortiumBeginning
    let plans: FirstPlan
    let renderer: PageRenderer
    let now: @Sendable () -> Instant
    var random = RandomSource.system

    func addRoutes(to router: Router<PageContext>) {
        let coordinators = router.group().add(middleware: RoleMiddleware(roles: [.coordinator]))
        coordinators.get("/start") { request, context in
            try await show(context, notice: StartView.Notice(FormFields(request.uri.query ?? "")["notice"]))
        }
        coordinators.post("/start/example") { _, context in try await beginExample(context) }
        coordinators.get("/start/type-in") { _, context in try await typeIn(context) }
        coordinators.post("/start/type-in") { _, context in try await takeTyped(context) }
        coordinators.post(RouterPath(Self.uploadPath)) { _, context in try await takeFiles(context) }
        coordinators.post("/start/plan") { _, context in try await plan(context) }
        coordinators.post("/start/publish") { _, context in try await publish(context) }
        coordinators.get("/start/throw-away") { _, context in try await askThrowAway(context) }
        coordinators.post("/start/throw-away") { _, context in try await throwAway(context) }
    }

    /// Where files are sent, which are longer than other forms.
    static let uploadPath = "/start/import"

    private func show(
        _ context: PageContext, notice: StartView.Notice? = nil, faults: [String] = []
    ) async throws -> Response {
        var view = StartView(standing: try await beginning.standing())
        (view.notice, view.faults) = (notice, faults)
        return try renderer.response(view.page, status: faults.isEmpty ? .ok : .unprocessableContent, to: context)
    }

    private func actor(_ context: PageContext) throws -> String { try context.requireSignedIn().account.email.text }

    // MARK: Filling

    /// Fills the consortium; where somebody else has done so meanwhile, shows what is there now.
    private func filling(_ context: PageContext, _ body: () async throws -> Void) async throws -> Response {
        do {
            try await body()
            return .redirect(to: "/start?notice=filled", type: .normal)
        } catch BeginningRefusal.notEmpty {
            return .redirect(to: "/start?notice=not-empty", type: .normal)
        }
    }

    private func beginExample(_ context: PageContext) async throws -> Response {
        try await filling(context) {
            let now = now()
            let today = CivilDate(daysSince1970: Int(now.secondsSince1970.flooredQuotient(by: 86_400)))
            // This week, so that there is somebody on shift to be looked at.
            let example = try ExampleBundle(scale: .small, startsOn: today.startOfWeek)
            try await beginning.fill(
                with: example.bundle, history: BundleImport.History(example.history), isExample: true,
                by: try actor(context), at: now)
        }
    }

    private func typeIn(
        _ context: PageContext, typed: TypedConsortium? = nil, faults: [String] = []
    ) async throws -> Response {
        guard try await beginning.standing().isEmpty else {
            return .redirect(to: "/start?notice=not-empty", type: .normal)
        }
        let view = TypeInView(typed: typed ?? .suggested(at: now()), faults: faults)
        return try renderer.response(view.page, status: faults.isEmpty ? .ok : .unprocessableContent, to: context)
    }

    private func takeTyped(_ context: PageContext) async throws -> Response {
        let form = context.form ?? FormFields("")
        let typed = TypedConsortium(
            name: form["name"], timeZone: form["time_zone"], startsOn: form["starts_on"], weeks: form["weeks"],
            libraries: form["libraries"], people: form["people"])
        do {
            let bundle = try typed.bundle()
            return try await filling(context) {
                try await beginning.fill(with: bundle, by: try actor(context), at: now())
            }
        } catch let faults as TypedConsortium.Faults {
            return try await typeIn(context, typed: typed, faults: faults.sentences)
        }
    }

    private func takeFiles(_ context: PageContext) async throws -> Response {
        let files = (context.form?.files ?? []).map { BundleUpload.File(name: $0.name, bytes: $0.bytes) }
        guard !files.isEmpty else {
            return try await show(
                context, faults: ["Choose the files first: consortium.yaml, libraries.csv and the others."])
        }
        do {
            let upload = try BundleUpload(files)
            let (actor, folder) = (try actor(context), "coverdesk-\(SecretText.make(of: random).text)")
            return try await filling(context) {
                try await upload.read(inFolderNamed: folder) { bundle, history in
                    try await beginning.fill(with: bundle, history: history, by: actor, at: now())
                }
            }
        } catch let unknown as BundleUpload.UnknownFile {
            return try await show(
                context,
                faults: ["“\(unknown.name)” is no file of a bundle. Leave it out, or call it as docs/bundle.md says."])
        } catch let faults as BundleUpload.Faults {
            return try await show(context, faults: faults.lines)
        }
    }

    // MARK: The first plan

    private func plan(_ context: PageContext) async throws -> Response {
        let number = try await plans.make(by: try actor(context), at: now())
        return .redirect(to: "/start?notice=\(number == nil ? "planning" : "planned")", type: .normal)
    }

    private func publish(_ context: PageContext) async throws -> Response {
        guard let number = context.form.flatMap({ Int($0["plan"]) }) else { throw PageProblem.notFound }
        do {
            _ = try await beginning.publish(number, by: try actor(context), at: now())
            return .redirect(to: "/start?notice=published", type: .normal)
        } catch let refusal as SchedulingRefusal {
            return try await show(context, faults: refusal.description.split(separator: "\n").map(String.init))
        }
    }

    // MARK: Throwing the example away

    private func askThrowAway(_ context: PageContext, problem: String? = nil) async throws -> Response {
        let standing = try await beginning.standing()
        guard standing.isExample else { return .redirect(to: "/start?notice=no-example", type: .normal) }
        var values: [String: Any] = ["name": standing.settings.name]
        values["problem"] = problem
        let page = Page(
            template: "throw-away", title: "Throw the example away", section: .other, values: values,
            stylesheets: ["accounts.css"])
        return try renderer.response(page, status: problem == nil ? .ok : .unprocessableContent, to: context)
    }

    private func throwAway(_ context: PageContext) async throws -> Response {
        do {
            try await beginning.throwExampleAway(
                confirming: context.form?.text("name") ?? "", by: try actor(context), at: now())
            return .redirect(to: "/start?notice=thrown-away", type: .normal)
        } catch BeginningRefusal.otherName(let name) {
            return try await askThrowAway(context, problem: "Nothing was thrown away. Type the name as it is: \(name)")
        } catch BeginningRefusal.noExample {
            return .redirect(to: "/start?notice=no-example", type: .normal)
        }
    }
}

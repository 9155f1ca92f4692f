import Accounts
import Charts
import Coverage
import HTTPTypes
import Hummingbird
import NIOCore
import Scheduling
import Storage

/// One version of the schedule, for coordinators: how good it is, what changes, what would help; publishing it,
/// throwing it away, coming back to it.
struct DraftPages: Sendable {
    let runs: PlanningRuns
    let versions: PlanVersions
    let reviews: PlanReviews
    let publication: @Sendable (_ plan: Int, _ message: String, _ actor: String) async throws -> Void
    let acceptance: AdviceAcceptance
    let renderer: PageRenderer
    let now: @Sendable () -> Instant

    func addRoutes(to router: Router<PageContext>) {
        let drafts = router.group("/planning/drafts/:number").add(middleware: RoleMiddleware(roles: [.coordinator]))
        drafts.get("/") { request, context in try await draft(request, context) }
        drafts.get("/changes") { request, context in
            let library = FormFields(request.uri.query ?? "").text("library")
            let review = try await reviews.review(try context.planningNumber())
            return try renderer.response(try ChangesView(review, library: library).page, to: context)
        }
        drafts.get("/changes.csv") { _, context in try await file(context) }
        drafts.get("/suggestions") { request, context in try await suggestions(request, context) }
        drafts.post("/suggestions") { _, context in try await look(context) }
        drafts.post("/suggestions/accept") { _, context in try await accept(context) }
        drafts.get("/publish") { _, context in try await askToPublish(context) }
        drafts.post("/publish") { _, context in try await publish(context) }
        drafts.post("/discard") { _, context in try await discard(context) }
        drafts.post("/restore") { _, context in try await restore(context) }
    }

    // MARK: Looking

    private func draft(_ request: Request, _ context: PageContext) async throws -> Response {
        let review = try await reviews.review(try context.planningNumber())
        let query = FormFields(request.uri.query ?? "")
        let view = DraftView(
            review: review, run: try await runs.making(review.plan.number), notice: Self.notice(query, review.origin))
        return try renderer.response(view.page, to: context)
    }

    private static func notice(_ query: FormFields, _ origin: PlanOrigin) -> String? {
        guard query["notice"] == "restored", let restored = origin.restores else { return nil }
        return "This draft has the shifts of plan \(restored). Nothing is published yet: look at it, and publish it."
    }

    private func file(_ context: PageContext) async throws -> Response {
        let review = try await reviews.review(try context.planningNumber())
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8; header=present", .cacheControl: "private, no-cache",
                .contentDisposition: "attachment; filename=\"changes-\(review.plan.number).csv\"",
            ], body: .init(byteBuffer: ByteBuffer(string: LibraryChanges.file(of: review).csv)))
    }

    // MARK: Suggestions

    private func suggestions(_ request: Request, _ context: PageContext) async throws -> Response {
        let query = FormFields(request.uri.query ?? "")
        let isAccepted = query["notice"] == "accepted"
        return try await showSuggestions(
            context, notice: isAccepted ? "Accepted: this new draft has the change. The one before it is kept." : nil)
    }

    private func showSuggestions(
        _ context: PageContext, notice: String? = nil, problem: String? = nil,
        typed: (step: Int, reason: String)? = nil,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let number = try context.planningNumber()
        let review = try await reviews.review(number)
        let lineage = try await versions.lineage(of: number)
        let view = SuggestionsView(
            review: review, run: try await runs.advising(on: lineage.map(\.number)).first, lineage: lineage,
            notice: notice, problem: problem, typed: typed)
        return try renderer.response(view.page, status: status, to: context)
    }

    private func look(_ context: PageContext) async throws -> Response {
        let number = try context.planningNumber()
        let form = context.form ?? FormFields("")
        do {
            guard let seconds = Int(form["seconds"]) else { throw RunRefusal.badSeconds(0) }
            let week = form.text("week")
            let day = week.flatMap { CivilDate($0) }
            guard week == nil || day != nil else { throw FormProblem("Choose a week, or all of them.") }
            _ = try await runs.advise(
                on: number, weekOf: day, .init(seconds: seconds), by: try actor(context), at: now())
            return .redirect(to: "\(DraftView.path(number))/suggestions", type: .normal)
        } catch RunRefusal.alreadyOpen {
            return try await showSuggestions(
                context, problem: "Suggestions are being looked for already. Wait until that is over.",
                status: .conflict)
        } catch let refusal as RunRefusal {
            return try await showSuggestions(context, problem: refusal.sentence, status: .unprocessableContent)
        } catch let problem as FormProblem {
            return try await showSuggestions(context, problem: problem.words, status: .unprocessableContent)
        }
    }

    private func accept(_ context: PageContext) async throws -> Response {
        let number = try context.planningNumber()
        let form = context.form ?? FormFields("")
        let reason = form.text("reason") ?? ""
        let step = Int(form["step"]) ?? 0
        do {
            let draft = try await acceptance.accept(
                step, of: Int(form["run"]) ?? 0, for: number, because: reason, by: try actor(context), at: now())
            return .redirect(to: "\(DraftView.path(draft))/suggestions?notice=accepted", type: .normal)
        } catch let refusal as AdviceRefusal {
            return try await showSuggestions(
                context, problem: refusal.sentence, typed: (step, reason), status: .unprocessableContent)
        } catch is RunRefusal {
            return try await showSuggestions(
                context, problem: AdviceRefusal.noSuggestion.sentence, status: .unprocessableContent)
        } catch let refusal as SchedulingRefusal {
            return try await refuse(refusal, number)
        }
    }

    // MARK: Publishing

    private func askToPublish(_ context: PageContext) async throws -> Response {
        let review = try await reviews.review(try context.planningNumber())
        guard review.plan.state == .draft else {
            return try await refuse(.notADraft(review.plan.number, review.plan.state), review.plan.number)
        }
        return try renderer.response(PublishView(review: review).page, to: context)
    }

    private func publish(_ context: PageContext) async throws -> Response {
        let number = try context.planningNumber()
        let message = context.form?.text("message") ?? ""
        guard message.count <= 500 else {
            let problem = "The message may have 500 characters, and has \(message.count). Write it shorter."
            return try await showPublish(context, number, message, problem, .unprocessableContent)
        }
        do {
            try await publication(number, message, try actor(context))
            return .redirect(to: "/planning/versions?notice=published&plan=\(number)", type: .normal)
        } catch let refusal as SchedulingRefusal {
            guard case .rulesBroken = refusal else { return try await refuse(refusal, number) }
            return try await showPublish(context, number, message, refusal.planningSentence, .conflict)
        }
    }

    private func showPublish(
        _ context: PageContext, _ number: Int, _ message: String, _ problem: String, _ status: HTTPResponse.Status
    ) async throws -> Response {
        let view = PublishView(review: try await reviews.review(number), message: message, problem: problem)
        return try renderer.response(view.page, status: status, to: context)
    }

    // MARK: Versions

    private func discard(_ context: PageContext) async throws -> Response {
        let number = try context.planningNumber()
        do {
            try await versions.discard(number, by: try actor(context), at: now())
            return .redirect(to: "/planning/versions?notice=discarded&plan=\(number)", type: .normal)
        } catch let refusal as SchedulingRefusal {
            return try await refuse(refusal, number)
        }
    }

    private func restore(_ context: PageContext) async throws -> Response {
        let number = try context.planningNumber()
        let draft = try await versions.restore(number, by: try actor(context), at: now())
        return .redirect(to: "\(DraftView.path(draft))?notice=restored", type: .normal)
    }

    private func refuse(_ refusal: SchedulingRefusal, _ number: Int) async throws -> Response {
        guard case .notADraft(_, let state) = refusal else { throw refusal }
        throw PageProblem(
            .conflict, "Plan \(number) is no draft",
            "It is \(PlanningWords.state(state).lowercased()), and a plan that libraries have seen stays as it was. "
                + "Restore it under “Versions” to have its shifts in a new draft.",
            way: ("/planning/versions", "See all versions"))
    }

    private func actor(_ context: PageContext) throws -> String {
        try context.requireSignedIn().account.email.text
    }
}

extension AdviceRefusal {
    /// For coordinators who look at a page.
    var sentence: String {
        switch self {
        case .noSuggestion: "There is no such suggestion for this draft. Look for suggestions anew."
        case .doesNotFit:
            "Shifts that this suggestion changes are not in the draft any more. Look for suggestions anew."
        case .breaksRules(let rules):
            "With this suggestion the draft would break rules as the data stand now: "
                + rules.prefix(3).joined(separator: "; ") + ". Look for suggestions anew."
        case .reasonMissing: "This bends a rule for somebody. Write why that is right, and accept it again."
        case .reasonTooLong(let count): "A reason may have 500 characters, and this one has \(count). Write it shorter."
        case .notToBend: "The rule that would be bent is not a yellow one any more. Look for suggestions anew."
        }
    }
}

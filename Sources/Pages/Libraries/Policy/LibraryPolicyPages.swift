import Accounts
import Coverage
import HTTPTypes
import Hummingbird
import PostgresClient
import Scheduling
import Storage

/// What a library tells colleagues elsewhere: reading it, its history, and writing it.
struct LibraryPolicyPages: Sendable {
    let door: LibraryDoor
    let renderer: PageRenderer
    /// How long a page counts as up to date after it was confirmed.
    let freshDays: Int
    let now: @Sendable () -> Instant

    func addRoutes(to router: Router<PageContext>) {
        router.get("/library/:library/policy") { request, context in try await show(request, context) }
        router.get("/library/:library/policy/edit") { _, context in try await edit(context) }
        router.post("/library/:library/policy") { _, context in try await write(context) }
        router.post("/library/:library/policy/confirm") { _, context in try await confirm(context) }
    }

    private var repository: PolicyPageRepository { PolicyPageRepository(consortium: door.consortium) }

    // MARK: Reading

    private func show(_ request: Request, _ context: PageContext) async throws -> Response {
        let (book, account) = try await door.enterAsColleague(context)
        let query = FormFields(request.uri.query ?? "")
        let versions = try await door.pool.withConnection {
            try await repository.history(of: book.library.id, limit: Self.mostVersions, in: $0)
        }
        var shown = versions.first
        if let text = query.text("version") {
            guard let number = Int(text), let page = try await page(number, of: book.library.id) else {
                throw PageProblem(
                    .notFound, "There is no version “\(text.prefix(20))” of this page", "See which ones there are.",
                    way: ("/library/\(book.library.id)/policy", "Go to the policy page"))
            }
            shown = page
        }
        let view = PolicyView(
            book: book, account: account, versions: versions, shown: shown, freshDays: freshDays, now: now(),
            notice: query["notice"])
        return try renderer.response(try view.page, to: context)
    }

    private static let mostVersions = 50

    private func page(_ version: Int, of library: Library.ID) async throws -> PolicyPageRepository.Page? {
        guard (1...Int(Int32.max)).contains(version) else { return nil }
        return try await door.pool.withConnection { try await repository.page(version, of: library, in: $0) }
    }

    // MARK: Writing

    private func edit(_ context: PageContext) async throws -> Response {
        let (book, account) = try await door.enterAsDecider(context)
        let latest = try await door.pool.withConnection { try await repository.latest(of: book.library.id, in: $0) }
        let text = try latest.map { try PolicyText($0.content) } ?? PolicyText()
        let view = PolicyEditView(book: book, account: account, text: text, seen: latest?.version ?? 0)
        return try renderer.response(view.page, to: context)
    }

    private func write(_ context: PageContext) async throws -> Response {
        let (book, account) = try await door.enterAsDecider(context)
        let form = context.form ?? FormFields("")
        var view = PolicyEditView(
            book: book, account: account, text: PolicyText(form), seen: Int(form["seen"]) ?? 0)
        view.faults = form["action"] == "more" ? [] : view.text.faults
        guard view.faults.isEmpty else {
            return try renderer.response(view.page, status: .unprocessableContent, to: context)
        }
        guard form["action"] == "save" else {
            view.isPreview = form["action"] == "preview"
            view.spareLines = form["action"] == "more" ? 5 : view.spareLines
            return try renderer.response(view.page, to: context)
        }
        do {
            let outcome = try await PolicyWriting(consortium: door.consortium, library: book.library.id).write(
                try view.text.content, seen: view.seen, by: account.email.text, at: now(), in: door.pool)
            return .redirect(
                to: "/library/\(book.library.id)/policy?notice=\(outcome.isNew ? "written" : "confirmed")",
                type: .normal)
        } catch LibraryRefusal.policyChangedMeanwhile(let latest) {
            // What it says now is shown beside what was typed; saving once more replaces it.
            view.theirs = try latest.map { try PolicyText($0.content) }
            view.theirAuthor = latest?.writtenBy
            view.seen = latest?.version ?? 0
            return try renderer.response(view.page, status: .conflict, to: context)
        }
    }

    private func confirm(_ context: PageContext) async throws -> Response {
        let (book, account) = try await door.enterAsDecider(context)
        let address = "/library/\(book.library.id)/policy"
        guard let seen = (context.form?["seen"]).flatMap({ Int($0) }),
            let page = try await page(seen, of: book.library.id)
        else { return .redirect(to: "\(address)?notice=changed", type: .normal) }
        do {
            _ = try await PolicyWriting(consortium: door.consortium, library: book.library.id).write(
                page.content, seen: seen, by: account.email.text, at: now(), in: door.pool)
            return .redirect(to: "\(address)?notice=confirmed", type: .normal)
        } catch LibraryRefusal.policyChangedMeanwhile {
            return .redirect(to: "\(address)?notice=changed", type: .normal)
        }
    }
}

import Accounts
import Coverage
import HTTPTypes
import Hummingbird
import Notifications
import Scheduling
import Storage

/// All accounts, for coordinators: who is there, inviting, roles, disabling.
struct AccountListPages: Sendable {
    let keeper: AccountKeeper
    let renderer: PageRenderer
    let boards: WeekBoards
    let address: SiteAddress
    /// How links are sent; nil where no mail is.
    let mailbox: Mailbox?

    func addRoutes(to router: Router<PageContext>) {
        let coordinators = router.group().add(middleware: RoleMiddleware(roles: [.coordinator]))
        coordinators.get("/accounts") { request, context in
            let query = FormFields(request.uri.query ?? "")
            return try await show(context, find: query.text("find"), notice: AccountListView.Notice(query["notice"]))
        }
        coordinators.post("/accounts") { request, context in try await invite(request, context) }
        coordinators.post("/accounts/:number/link") { request, context in
            try await changing(context) { number, actor in
                try await link(try await keeper.issueLink(to: number, by: actor), request, context)
            }
        }
        coordinators.post("/accounts/:number/role") { _, context in
            try await changing(context) { number, actor in
                try await keeper.setRole(try Self.role(context.form), of: number, by: actor)
                return .redirect(to: "/accounts?notice=role-set", type: .normal)
            }
        }
        coordinators.post("/accounts/:number/disable") { _, context in
            try await changing(context) { number, actor in
                try await keeper.disable(number, by: actor)
                return .redirect(to: "/accounts?notice=disabled", type: .normal)
            }
        }
        coordinators.post("/accounts/:number/enable") { _, context in
            try await changing(context) { number, actor in
                try await keeper.enable(number, by: actor)
                return .redirect(to: "/accounts?notice=enabled", type: .normal)
            }
        }
        coordinators.post("/accounts/:number/unlink") { _, context in
            try await changing(context) { number, actor in
                try await keeper.unlink(number, by: actor)
                return .redirect(to: "/accounts?notice=unlinked", type: .normal)
            }
        }
    }

    private func show(
        _ context: PageContext, find: String? = nil, notice: AccountListView.Notice? = nil, problem: String? = nil,
        typed: FormFields? = nil
    ) async throws -> Response {
        var view = AccountListView(
            entries: try await keeper.all(), libraries: try await keeper.libraries(),
            zone: try await boards.settings().zone)
        view.find = find
        view.notice = notice
        view.problem = problem
        view.typed = typed
        view.sendsMail = mailbox != nil
        return try renderer.response(view.page, status: problem == nil ? .ok : .unprocessableContent, to: context)
    }

    private func invite(_ request: Request, _ context: PageContext) async throws -> Response {
        let form = context.form ?? FormFields("")
        do {
            guard let email = EmailAddress(form["email"]) else {
                throw FormProblem("“\(form["email"])” is no email address. Write one like ada@example.org.")
            }
            guard let name = form.text("name") else { throw FormProblem("Write the person’s name.") }
            let wanted = AccountRepository.NewAccount(email: email, name: name, role: try Self.role(form))
            let actor = try context.requireSignedIn().account.email.text
            return try await link(try await keeper.invite(wanted, by: actor), request, context)
        } catch let problem as FormProblem {
            return try await show(context, problem: problem.words, typed: form)
        } catch let refusal as AccountRefusal {
            return try await show(context, problem: refusal.sentence, typed: form)
        }
    }

    /// Does something to the account that the address names.
    private func changing(
        _ context: PageContext, _ body: (Int, String) async throws -> Response
    ) async throws -> Response {
        guard let number = context.parameters.get("number", as: Int.self) else { throw PageProblem.notFound }
        do {
            return try await body(number, try context.requireSignedIn().account.email.text)
        } catch AccountRefusal.noAccount {
            throw PageProblem.notFound
        } catch let problem as FormProblem {
            return try await show(context, problem: problem.words)
        } catch let refusal as AccountRefusal {
            return try await show(context, problem: refusal.sentence)
        }
    }

    /// Sends a link where that is wanted, and otherwise shows it, now and never again.
    private func link(_ link: IssuedLink, _ request: Request, _ context: PageContext) async throws -> Response {
        let whole = address.prefix(host: request.head.authority) + link.path
        var problem: String?
        if let mailbox, context.form?["deliver"] == "mail" {
            problem = await mailbox.send(
                link, as: whole, until: AccountWords.moment(link.expiresAt, in: try await boards.settings().zone),
                by: try context.requireSignedIn().account.name)
            guard problem != nil else { return .redirect(to: "/accounts?notice=mailed", type: .normal) }
        }
        let page = Page(
            template: "account-link", title: "A link for \(link.account.name)", section: .accounts,
            values: .present([
                "problem": problem,
                "name": link.account.name, "email": link.account.email.text,
                "link": whole,
                "until": AccountWords.moment(link.expiresAt, in: try await boards.settings().zone),
                "isInvitation": link.purpose == .invitation,
            ]), stylesheets: ["accounts.css"])
        var response = try renderer.response(page, to: context)
        response.headers[.cacheControl] = "no-store"
        return response
    }

    /// The role that a form names.
    private static func role(_ form: FormFields?) throws(FormProblem) -> Account.Role {
        guard let form, let kind = Account.Role.Kind(rawValue: form["role"]) else {
            throw FormProblem("Choose a role.")
        }
        // Fields that the role has no use for may be filled in from before.
        let library = kind == .manager || kind == .reader ? form.text("library") : nil
        let person = kind == .operator ? form.text("operator") : nil
        for id in [library, person].compactMap({ $0 }) where !Library.ID.isValid(id) {
            throw FormProblem("“\(id)” is no id. Write it as it is in the consortium’s files, like pub01-03.")
        }
        guard
            let role = Account.Role(
                kind, library: library.map { Library.ID($0) }, operator: person.map { Operator.ID($0) })
        else {
            throw FormProblem(
                kind == .manager ? "Choose the library that the person manages." : "Write the operator’s id.")
        }
        return role
    }
}

extension Mailbox {
    /// Sends a link; nothing of it is kept, for whoever reads it can set the password.
    ///
    /// - Returns: Nil if the mail was taken; otherwise what happened instead.
    fileprivate func send(_ link: IssuedLink, as address: String, until: String, by author: String) async -> String? {
        let (name, isInvitation) = (link.account.name, link.purpose == .invitation)
        let what =
            isInvitation
            ? "\(author) has made an account for you at Coverdesk, where your consortium plans its desk. Choose a "
                + "password here, and it is ready:"
            : "\(author) has made a link for you, under which you set another password:"
        return await send(
            isInvitation ? "Your account at Coverdesk" : "Another password",
            "Dear \(name),\n\n\(what)\n\n\(address)\n\nIt works once, until \(until).\n",
            to: MailAddress(name: name, email: link.account.email),
            id: "link-\(link.account.number)-\(link.expiresAt.secondsSince1970)")
    }
}

extension AccountRefusal {
    /// For coordinators who look at a page.
    fileprivate var sentence: String {
        switch self {
        case .noConsortium, .noAccount: "There is no such account."
        case .emailTaken(let email): "\(email) has an account already. Find it in the list below."
        case .badName: "Write a name of at most 200 characters."
        case .noLibrary(let id): "There is no library “\(id)”, or it has left."
        case .noOperator(let id): "There is no operator “\(id)”, or they have left."
        case .lastCoordinator(let email):
            "\(email) is the only coordinator who can sign in. Make another one first, so that somebody can let people in."
        case .notUsable(let email): "The account of \(email) is disabled, or its owner has left."
        case .linkNotUsable: "This link cannot be used any more."
        }
    }
}

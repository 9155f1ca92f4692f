import Accounts
import Coverage
import HTTPTypes
import Hummingbird

/// Where the first coordinator of a new service makes their account.
struct SetUpPages: Sendable {
    let door: SetUpDoor?
    let keeper: AccountKeeper
    let renderer: PageRenderer
    let cookie: SessionCookie

    func addRoutes(to router: Router<PageContext>) {
        router.get("/set-up") { _, context in try await tellWhere(context) }
        router.get("/set-up/:secret") { _, context in try await show(context) }
        router.post("/set-up/:secret") { request, context in try await setUp(request, context) }
    }

    /// Where the link is found.
    private func tellWhere(_ context: PageContext) async throws -> Response {
        guard let door, try await door.isOpen() else { return .redirect(to: "/", type: .normal) }
        let page = Page(
            template: "set-up-where", title: "A new service", section: .other, values: [:],
            stylesheets: ["accounts.css"])
        return try renderer.response(page, to: context)
    }

    private func show(_ context: PageContext, problem: String? = nil) async throws -> Response {
        let secret = try context.parameters.require("secret")
        guard let door, try await keeper.isOpen(door.link, secret: secret) else { throw PageProblem.setUpOver }
        let form = context.form
        var values: [String: Any] = [
            "address": "/set-up/\(secret)", "name": form?["name"] ?? "", "email": form?["email"] ?? "",
            "minimum": Password.minimumCharacters,
        ]
        values["problem"] = problem
        let page = Page(
            template: "set-up", title: "Set the service up", section: .other, values: values,
            stylesheets: ["accounts.css"], scripts: ["show-password.js"])
        var response = try renderer.response(
            page, status: problem == nil ? .ok : .unprocessableContent, to: context)
        response.headers[.cacheControl] = "no-store"
        return response
    }

    private func setUp(_ request: Request, _ context: PageContext) async throws -> Response {
        let (secret, form) = (try context.parameters.require("secret"), context.form ?? FormFields(""))
        guard let door else { throw PageProblem.setUpOver }
        do {
            guard let email = EmailAddress(form["email"]) else {
                throw FormProblem("“\(form["email"].prefix(60))” is no email address. Write one like ada@example.org.")
            }
            let signedIn = try await keeper.setUp(
                by: door.link, secret: secret, email: email, name: form.text("name") ?? "",
                password: form["password"], device: request.headers[.userAgent] ?? "")
            var response = Response.redirect(to: "/start", type: .normal)
            cookie.keep(signedIn, seconds: keeper.settings.maximumSeconds, in: &response)
            return response
        } catch AccountRefusal.linkNotUsable {
            throw PageProblem.setUpOver
        } catch AccountRefusal.badName {
            return try await show(context, problem: "Write your name, in at most 200 characters.")
        } catch let problem as FormProblem {
            return try await show(context, problem: problem.words)
        } catch let refusal as PasswordRefusal {
            return try await show(context, problem: refusal.sentence)
        } catch is PasswordsBusy {
            return try await show(context, problem: SignInTrouble.busy.words)
        }
    }
}

extension PageProblem {
    fileprivate static let setUpOver = PageProblem(
        .notFound, "This link cannot be used",
        "A link to set the service up works once, within a day, and only while nobody has an account. Sign in if you have "
            + "one; otherwise start the service again, and its log has another link.", way: ("/sign-in", "Sign in"))
}

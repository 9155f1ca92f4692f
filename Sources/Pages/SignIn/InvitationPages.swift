import Accounts
import Coverage
import HTTPTypes
import Hummingbird
import Storage

/// Where somebody who was invited, or who lost a password, sets one.
struct InvitationPages: Sendable {
    let keeper: AccountKeeper
    let renderer: PageRenderer
    let cookie: SessionCookie
    /// What people call the identity provider, where nobody has a password; nil where passwords are set here.
    let provider: String?

    func addRoutes(to router: Router<PageContext>) {
        router.get("/invitation/:secret") { _, context in try await show(context) }
        router.post("/invitation/:secret") { _, context in try await setPassword(context) }
    }

    private func show(_ context: PageContext, problem: String? = nil) async throws -> Response {
        let secret = try context.parameters.require("secret")
        guard let link = try await keeper.openLink(secret) else { throw PageProblem.linkNotUsable }
        var values: [String: Any] = [
            "address": "/invitation/\(secret)", "name": link.account.name, "email": link.account.email.text,
            "minimum": Password.minimumCharacters, "isInvitation": link.purpose == .invitation,
        ]
        values["problem"] = problem
        values["provider"] = provider.map { ["name": $0, "address": ProviderPages.begin(.start)] }
        let page = Page(
            template: "invitation", title: link.purpose == .invitation ? "Welcome" : "Another password",
            section: .other, values: values, stylesheets: ["accounts.css"], scripts: ["show-password.js"])
        var response = try renderer.response(
            page, status: problem == nil ? .ok : .unprocessableContent, to: context)
        response.headers[.cacheControl] = "no-store"
        return response
    }

    private func setPassword(_ context: PageContext) async throws -> Response {
        let secret = try context.parameters.require("secret")
        do {
            _ = try await keeper.useLink(secret, password: context.form?["password"] ?? "")
            var response = Response.redirect(to: "/sign-in?notice=password-set", type: .normal)
            // Whoever is signed in here may be somebody else; the page after this one asks who it is.
            if let signedIn = context.signedIn {
                try await keeper.signOut(signedIn.session, of: signedIn.account)
                cookie.forget(in: &response)
            }
            return response
        } catch SignInRefusal.noPasswords {
            return try await show(context, problem: SignInTrouble(.noPasswords).words)
        } catch AccountRefusal.linkNotUsable {
            throw PageProblem.linkNotUsable
        } catch let refusal as PasswordRefusal {
            return try await show(context, problem: refusal.sentence)
        } catch is PasswordsBusy {
            return try await show(context, problem: SignInTrouble.busy.words)
        }
    }
}

extension PageProblem {
    fileprivate static let linkNotUsable = PageProblem(
        .notFound, "This link cannot be used any more",
        "Links like this one work once, and for some days only. Sign in if you have set a password already; otherwise "
            + "ask your coordinator for another link.", way: ("/sign-in", "Sign in"))
}

extension PasswordRefusal {
    /// For people who look at a page.
    var sentence: String {
        switch self {
        case .tooShort(let minimum):
            "This password is too short. Take at least \(minimum) characters: a few words that do not belong together "
                + "are easy to remember."
        case .tooLong: "This password is too long. Take at most 64 letters."
        case .knownToEverybody:
            "This password is something that everybody knows of you, such as your email address. Take another one."
        case .tooCommon: "This password is one of those that are tried first. Take another one."
        }
    }
}

import Accounts
import HTTPTypes
import Hummingbird

/// Signing in and out.
struct SignInPages: Sendable {
    let keeper: AccountKeeper
    let renderer: PageRenderer
    let cookie: SessionCookie
    let address: SiteAddress
    /// What people call the identity provider; nil where there is none.
    var provider: String?

    func addRoutes(to router: Router<PageContext>) {
        router.get("/sign-in") { request, context in try show(request, context) }
        router.post("/sign-in") { request, context in try await signIn(request, context) }
        router.post("/sign-out") { _, context in try await signOut(context) }
    }

    private func show(_ request: Request, _ context: PageContext) throws -> Response {
        let query = FormFields(request.uri.query ?? "")
        let path = ReturnPath(query["to"]) ?? .start
        guard context.signedIn == nil else { return .redirect(to: path.text, type: .normal) }
        let view = SignInView(
            path: path, notice: SignInView.Notice(rawValue: query["notice"]), provider: provider,
            takesPasswords: keeper.settings.takesPasswords)
        return try renderer.response(view.page, to: context)
    }

    private func signIn(_ request: Request, _ context: PageContext) async throws -> Response {
        let form = context.form ?? FormFields("")
        let path = ReturnPath(form["to"]) ?? .start
        do {
            let signedIn = try await keeper.signIn(
                email: form["email"], password: form["password"],
                from: ClientAddress.of(request, on: context.channel, proxies: address.proxies),
                device: request.headers[.userAgent] ?? "")
            // Whoever was signed in here before is so no more.
            if let before = context.signedIn { try await keeper.signOut(before.session, of: before.account) }
            var response = Response.redirect(to: path.text, type: .normal)
            cookie.keep(signedIn, seconds: keeper.settings.maximumSeconds, in: &response)
            return response
        } catch let refusal as SignInRefusal {
            return try refused(SignInTrouble(refusal), form, path, context)
        } catch is PasswordsBusy {
            return try refused(.busy, form, path, context)
        }
    }

    private func refused(
        _ trouble: SignInTrouble, _ form: FormFields, _ path: ReturnPath, _ context: PageContext
    ) throws -> Response {
        let view = SignInView(
            path: path, email: String(form["email"].prefix(254)), trouble: trouble, provider: provider,
            takesPasswords: keeper.settings.takesPasswords)
        var response = try renderer.response(view.page, status: trouble.status, to: context)
        if let seconds = trouble.retryAfterSeconds { response.headers[.retryAfter] = "\(seconds)" }
        return response
    }

    private func signOut(_ context: PageContext) async throws -> Response {
        let signedIn = try context.requireSignedIn()
        try await keeper.signOut(signedIn.session, of: signedIn.account)
        var response = Response.redirect(to: "/sign-in?notice=signed-out", type: .normal)
        cookie.forget(in: &response)
        return response
    }
}

import Accounts
import HTTPTypes
import Hummingbird
import Logging
import OpenID

/// Signing in through the consortium's identity provider: there, and back.
struct ProviderPages: Sendable {
    let provider: IdentityProvider
    let keeper: AccountKeeper
    let renderer: PageRenderer
    let cookie: SessionCookie
    let address: SiteAddress

    /// Where the provider sends browsers; it has to be told this address.
    static let answer = "/sign-in/provider/answer"

    /// The link by which somebody sets out.
    static func begin(_ path: ReturnPath) -> String {
        "/sign-in/provider" + (path == .start ? "" : "?to=\(FormFields.encoded(path.text))")
    }

    private var visits: VisitCookie { VisitCookie(isSecure: cookie.isSecure) }

    func addRoutes(to router: Router<PageContext>) {
        // By a link, for our security policy lets no form lead to another site.
        router.get("/sign-in/provider") { request, context in try await begin(request, context) }
        router.get("/sign-in/provider/answer") { request, context in try await end(request, context) }
    }

    // MARK: There

    private func begin(_ request: Request, _ context: PageContext) async throws -> Response {
        let path = ReturnPath(FormFields(request.uri.query ?? "")["to"]) ?? .start
        let visit = keeper.beginVisit(to: path.text)
        do {
            let goal = try await provider.address(for: visit, redirect: redirect(request))
            var response = Response.redirect(to: goal, type: .normal)
            response.headers[.cacheControl] = "no-store"
            visits.keep(visit, seconds: keeper.settings.visitSeconds, in: &response)
            return response
        } catch {
            return try refused(trouble(error, context.logger), path, context)
        }
    }

    /// The same there and back, so that the provider finds it the same.
    private func redirect(_ request: Request) -> String { address.prefix(host: request.head.authority) + Self.answer }

    // MARK: And back

    private func end(_ request: Request, _ context: PageContext) async throws -> Response {
        let query = FormFields(request.uri.query ?? "")
        let from = ClientAddress.of(request, on: context.channel, proxies: address.proxies)
        var path = ReturnPath.start
        do {
            let visit = try await keeper.endVisit(visits.value(of: request), state: query["state"], from: from)
            path = ReturnPath(visit.path) ?? .start
            let identity = try await identity(query, of: visit, request)
            let signedIn = try await keeper.signIn(
                as: identity, from: from, device: request.headers[.userAgent] ?? "")
            // Whoever was signed in here before is so no more.
            if let before = context.signedIn { try await keeper.signOut(before.session, of: before.account) }
            var response = Response.redirect(to: path.text, type: .normal)
            cookie.keep(signedIn, seconds: keeper.settings.maximumSeconds, in: &response)
            visits.forget(in: &response)
            return response
        } catch let refusal as SignInRefusal {
            return try refused(SignInTrouble(refusal), path, context)
        } catch let error as ProviderTrouble {
            return try refused(trouble(error, context.logger), path, context)
        }
    }

    private func identity(
        _ query: FormFields, of visit: ProviderVisit, _ request: Request
    ) async throws(ProviderTrouble) -> ProvenIdentity {
        if let error = query.text("error") {
            // A word of the standard; whatever else stands there is no concern of the log.
            throw .declined(String(error.filter { $0.isASCII && ($0.isLetter || $0 == "_") }.prefix(40)))
        }
        guard let code = query.text("code") else { throw .declined("no code") }
        return try await provider.identity(
            for: code, issuer: query.text("iss"), of: visit, redirect: redirect(request))
    }

    // MARK: What goes wrong

    private func refused(_ trouble: SignInTrouble, _ path: ReturnPath, _ context: PageContext) throws -> Response {
        let view = SignInView(path: path, trouble: trouble, provider: provider.settings.name)
        var response = try renderer.response(view.page, status: trouble.status, to: context)
        response.headers[.cacheControl] = "no-store"
        if let seconds = trouble.retryAfterSeconds { response.headers[.retryAfter] = "\(seconds)" }
        visits.forget(in: &response)
        return response
    }

    /// What it means to whoever wants to sign in; those who run the service find the rest in the log.
    private func trouble(_ trouble: ProviderTrouble, _ logger: Logger) -> SignInTrouble {
        let name = provider.settings.name
        switch trouble {
        case .away:
            logger.warning("identity provider out of reach", metadata: ["error": "\(trouble)"])
            return SignInTrouble(
                "\(name) does not answer right now. Try again in a minute, or sign in with a password.",
                .serviceUnavailable, retryAfterSeconds: 60)
        case .misfit:
            logger.error("identity provider cannot be used", metadata: ["error": "\(trouble)"])
            return SignInTrouble(
                "Signing in with \(name) is not set up right. Tell whoever runs this service: the log says what is "
                    + "wrong. Meanwhile sign in with a password.", .badGateway)
        case .badToken:
            logger.error("identity provider's answer refused", metadata: ["error": "\(trouble)"])
            return SignInTrouble(
                "The answer of \(name) is not one to your sign-in, and was not taken. Begin again; if that does not "
                    + "help, tell whoever runs this service.", .badGateway)
        case .declined(let word):
            logger.notice("identity provider declined", metadata: ["error": "\(trouble)"])
            return SignInTrouble(
                word == "access_denied"
                    ? "\(name) did not let you in, or you turned back there. Try again, or sign in with a password."
                    : "\(name) could not sign you in. Try again, or sign in with a password.", .forbidden)
        case .codeOver:
            return SignInTrouble(SignInRefusal.visitOver)
        }
    }
}

import HTTPTypes
import Hummingbird

/// Lets nobody see a page who has not signed in, but for those pages that are made for them, and takes no forms that
/// are not ours.
struct AccessMiddleware: RouterMiddleware {
    typealias Context = PageContext

    let forms: FormGuard

    /// What can be seen without signing in; a route that is not named here cannot.
    static let openRoutes: Set<String> = [
        "/assets/{hash}/{name}", "/sign-in", "/sign-in/provider", "/sign-in/provider/answer", "/invitation/{secret}",
    ]

    func handle(
        _ request: Request, context: PageContext, next: @concurrent (Request, PageContext) async throws -> Response
    ) async throws -> Response {
        guard let route = context.endpointPath else { throw PageProblem.notFound }
        let isOpen = Self.openRoutes.contains(route)
        guard isOpen || context.signedIn != nil else { return try askWho(request) }
        guard request.method != .get, request.method != .head else { return try await next(request, context) }
        var context = context
        context.form = try await forms.fields(of: request, for: isOpen ? nil : context.signedIn)
        return try await next(request, context)
    }

    private func askWho(_ request: Request) throws -> Response {
        guard request.method == .get || request.method == .head, request.readsHTML else {
            throw PageProblem(
                .unauthorized, "You are not signed in", "Nothing was changed. Sign in, and do it once more.",
                way: ("/sign-in", "Sign in"))
        }
        let path = ReturnPath(request.head.path ?? "/") ?? .start
        return .redirect(to: path.signIn, type: .normal)
    }
}

import HTTPTypes
import Hummingbird

/// Lets nobody see a page who has not signed in, but for those pages that are made for them, and takes no forms that
/// are not ours.
struct AccessMiddleware: RouterMiddleware {
    typealias Context = PageContext

    let forms: FormGuard
    /// Nil once there were accounts when the process began.
    let door: SetUpDoor?

    /// What can be seen without signing in; a route that is not named here cannot.
    static let openRoutes: Set<String> = [
        "/assets/{hash}/{name}", "/sign-in", "/sign-in/provider", "/sign-in/provider/answer", "/invitation/{secret}",
        "/set-up",
        "/set-up/{secret}",
    ]

    /// What can be seen while nobody has an account; all else leads there.
    private static let setUpRoutes: Set<String> = ["/assets/{hash}/{name}", "/set-up", "/set-up/{secret}"]

    func handle(
        _ request: Request, context: PageContext, next: @concurrent (Request, PageContext) async throws -> Response
    ) async throws -> Response {
        guard let route = context.endpointPath else { throw PageProblem.notFound }
        if context.signedIn == nil, request.method == .get || request.method == .head,
            !Self.setUpRoutes.contains(route), let door, try await door.isOpen()
        {
            return .redirect(to: "/set-up", type: .normal)
        }
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

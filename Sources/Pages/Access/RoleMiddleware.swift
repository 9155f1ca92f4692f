import Accounts
import Coverage
import Hummingbird

/// Shows pages to some roles alone.
struct RoleMiddleware: RouterMiddleware {
    typealias Context = PageContext

    let roles: Set<Account.Role.Kind>

    func handle(
        _ request: Request, context: PageContext, next: @concurrent (Request, PageContext) async throws -> Response
    ) async throws -> Response {
        guard roles.contains(try context.requireSignedIn().account.role.kind) else { throw PageProblem.notForYou }
        return try await next(request, context)
    }
}

extension PageContext {
    /// Who looks.
    ///
    /// - Throws: ``PageProblem`` if nobody is signed in, which no route lets happen that is not an open one.
    func requireSignedIn() throws(PageProblem) -> SignedIn {
        guard let signedIn else {
            throw PageProblem(
                .unauthorized, "You are not signed in", "Sign in first.", way: ("/sign-in", "Sign in"))
        }
        return signedIn
    }
}

extension PageProblem {
    static let notForYou = PageProblem(
        .forbidden, "This page is not for your role",
        "Your account may not see or do this. If it should, ask your coordinator to change its role.",
        way: ("/", "Go to the start"))
}

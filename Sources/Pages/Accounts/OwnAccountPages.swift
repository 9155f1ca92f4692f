import Accounts
import Coverage
import HTTPTypes
import Hummingbird
import Scheduling
import Storage

/// One's own account: the password, and the browsers that are signed in.
struct OwnAccountPages: Sendable {
    let keeper: AccountKeeper
    let renderer: PageRenderer
    let boards: WeekBoards
    let beginning: ConsortiumBeginning

    func addRoutes(to router: Router<PageContext>) {
        router.get("/account") { request, context in
            try await show(context, notice: OwnAccountView.Notice(FormFields(request.uri.query ?? "")["notice"]))
        }
        router.post("/account/password") { _, context in try await changePassword(context) }
        router.post("/account/sessions/:number/end") { _, context in try await endSession(context) }
        router.post("/account/sessions/end-others") { _, context in
            let signedIn = try context.requireSignedIn()
            try await keeper.signOutEverywhere(signedIn.account, besides: signedIn.session)
            return Response.redirect(to: "/account?notice=others-signed-out", type: .normal)
        }
    }

    private func show(
        _ context: PageContext, notice: OwnAccountView.Notice? = nil, trouble: SignInTrouble? = nil
    ) async throws -> Response {
        let signedIn = try context.requireSignedIn()
        var view = OwnAccountView(
            signedIn: signedIn, sessions: try await keeper.sessions(of: signedIn.account),
            zone: try await boards.settings().zone, notice: notice, problem: trouble?.words)
        if signedIn.account.role == .coordinator { view.hasExample = try await beginning.isExample() }
        return try renderer.response(view.page, status: trouble?.status ?? .ok, to: context)
    }

    private func changePassword(_ context: PageContext) async throws -> Response {
        let form = context.form ?? FormFields("")
        do {
            try await keeper.changePassword(
                from: form["current"], to: form["password"], by: try context.requireSignedIn())
            return .redirect(to: "/account?notice=password-changed", type: .normal)
        } catch SignInRefusal.wrongEmailOrPassword {
            return try await show(
                context, trouble: SignInTrouble("The password so far is not right.", .unprocessableContent))
        } catch let refusal as SignInRefusal {
            return try await show(context, trouble: SignInTrouble(refusal))
        } catch let refusal as PasswordRefusal {
            return try await show(context, trouble: SignInTrouble(refusal.sentence, .unprocessableContent))
        } catch is PasswordsBusy {
            return try await show(context, trouble: .busy)
        }
    }

    private func endSession(_ context: PageContext) async throws -> Response {
        let signedIn = try context.requireSignedIn()
        guard let number = context.parameters.get("number", as: Int.self) else { throw PageProblem.notFound }
        // One that is over already is what was wanted.
        try await keeper.signOut(number, of: signedIn.account)
        return .redirect(to: "/account?notice=signed-out", type: .normal)
    }
}

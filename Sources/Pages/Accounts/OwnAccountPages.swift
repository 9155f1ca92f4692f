import Accounts
import Coverage
import Foundation
import HTTPTypes
import Hummingbird
import Notifications
import Scheduling
import Storage

/// One's own account: the password, and the browsers that are signed in.
struct OwnAccountPages: Sendable {
    let keeper: AccountKeeper
    let renderer: PageRenderer
    let boards: WeekBoards
    let beginning: ConsortiumBeginning
    let choices: NotificationChoices
    /// Whether the service sends any mail.
    let sendsMail: Bool
    /// By which news is posted; nil where none may be.
    let poster: NoticePoster?
    /// 32 bytes that nobody can foresee.
    let newSecret: @Sendable () -> [UInt8]
    let now: @Sendable () -> Instant

    func addRoutes(to router: Router<PageContext>) {
        router.get("/account") { request, context in
            try await show(context, notice: OwnAccountView.Notice(FormFields(request.uri.query ?? "")["notice"]))
        }
        router.post("/account/password") { _, context in try await changePassword(context) }
        router.post("/account/notifications") { _, context in try await choose(context) }
        router.post("/account/notification-address") { _, context in try await setAddress(context) }
        router.post("/account/notification-address/remove") { _, context in
            try await choices.removeAddress(of: try context.requireSignedIn().account, at: now())
            return Response.redirect(to: "/account?notice=address-removed", type: .normal)
        }
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
            zone: try await boards.settings().zone, notice: notice, problem: trouble?.words,
            choice: try await choices.choice(of: signedIn.account), sendsMail: sendsMail,
            mailProblem: try await choices.problem(of: signedIn.account))
        view.origins = poster?.origins
        view.takesPasswords = keeper.settings.takesPasswords
        if poster != nil { view.address = try await choices.address(of: signedIn.account) }
        if signedIn.account.role == .coordinator { view.hasExample = try await beginning.isExample() }
        return try renderer.response(view.page, status: trouble?.status ?? .ok, to: context)
    }

    private func choose(_ context: PageContext) async throws -> Response {
        let (form, account) = (context.form ?? FormFields(""), try context.requireSignedIn().account)
        guard let hour = Int(form["hour"]), (0...23).contains(hour) else {
            return try await show(
                context, trouble: SignInTrouble("Choose an hour of the day for the daily mail.", .unprocessableContent))
        }
        let deliveries = NotificationTopic.allCases.compactMap { topic in
            NotificationTopic.Delivery(rawValue: form[topic.rawValue]).map { (topic, $0) }
        }
        try await choices.set(
            NotificationChoices.Choice(deliveries: Dictionary(uniqueKeysWithValues: deliveries), hour: hour),
            for: account, at: now())
        return .redirect(to: "/account?notice=notifications-chosen", type: .normal)
    }

    private func setAddress(_ context: PageContext) async throws -> Response {
        let (form, account) = (context.form ?? FormFields(""), try context.requireSignedIn().account)
        guard let poster else { throw PageProblem.notFound }
        let url = form["url"].trimmingCharacters(in: .whitespaces)
        guard poster.origins.allow(url) else {
            let words = "Give an address that begins with \(poster.origins.all.joined(separator: " or "))."
            return try await show(context, trouble: SignInTrouble(words, .unprocessableContent))
        }
        let known = try await choices.address(of: account)
        let address = NotificationRepository.Address(
            url: url, secret: known?.secret ?? newSecret(), replacesMail: form["way"] == "post")
        if let problem = try await choices.set(address, for: account, tryingBy: poster, at: now()) {
            let words = "A first message was not taken there: \(problem). Nothing was changed."
            return try await show(context, trouble: SignInTrouble(words, .unprocessableContent))
        }
        return .redirect(to: "/account?notice=address-set", type: .normal)
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

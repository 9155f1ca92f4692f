/// The page that asks who somebody is.
struct SignInView: Hashable, Sendable {
    /// What has happened before.
    enum Notice: String, Hashable, Sendable {
        case signedOut = "signed-out"
        case passwordSet = "password-set"

        var words: String {
            switch self {
            case .signedOut: "You are signed out."
            case .passwordSet: "Your password is set. Sign in with it."
            }
        }
    }

    var path: ReturnPath
    var email = ""
    var notice: Notice?
    var trouble: SignInTrouble?

    var page: Page {
        var values: [String: Any] = ["to": path.text, "email": email]
        values["notice"] = notice?.words
        values["problem"] = trouble?.words
        return Page(
            template: "sign-in", title: trouble == nil ? "Sign in" : "Not signed in", section: .other, values: values,
            stylesheets: ["accounts.css"], scripts: ["show-password.js"])
    }
}

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
    /// What people call the identity provider; nil where there is none.
    var provider: String?
    /// Whether anybody has a password.
    var takesPasswords = true

    var page: Page {
        var values: [String: Any] = ["to": path.text, "email": email, "passwords": takesPasswords]
        values["notice"] = notice?.words
        values["problem"] = trouble?.words
        if let provider { values["provider"] = ["name": provider, "address": ProviderPages.begin(path)] }
        return Page(
            template: "sign-in", title: trouble == nil ? "Sign in" : "Not signed in", section: .other, values: values,
            stylesheets: ["accounts.css"], scripts: ["show-password.js"])
    }
}

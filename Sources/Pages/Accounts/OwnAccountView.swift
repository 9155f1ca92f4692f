import Accounts
import Coverage
import Storage

/// One's own account as the page shows it.
struct OwnAccountView: Sendable {
    /// What was done.
    enum Notice: String, Hashable, Sendable {
        case passwordChanged = "password-changed"
        case signedOut = "signed-out"
        case othersSignedOut = "others-signed-out"

        init?(_ text: String) { self.init(rawValue: text) }

        var words: String {
            switch self {
            case .passwordChanged: "Your password is changed, and your other browsers are signed out."
            case .signedOut: "That browser is signed out."
            case .othersSignedOut: "Your other browsers are signed out."
            }
        }
    }

    let signedIn: SignedIn
    let sessions: [AccountRepository.StoredSession]
    let zone: TimeZoneRules
    var notice: Notice?
    var problem: String?
    /// Whether the example is there, for somebody who may throw it away.
    var hasExample = false

    var page: Page {
        let account = signedIn.account
        var values: [String: Any] = [
            "name": account.name, "email": account.email.text, "role": AccountWords.role(account.role),
            "minimum": Password.minimumCharacters, "sessions": rows, "hasOthers": sessions.count > 1,
            "hasExample": hasExample,
        ]
        values["notice"] = notice?.words
        values["problem"] = problem
        return Page(
            template: "account", title: "Your account", section: .account, values: values,
            stylesheets: ["accounts.css"], scripts: ["show-password.js"])
    }

    private var rows: [[String: Any]] {
        sessions.map { session in
            let isThis = session.number == signedIn.session
            return [
                "device": DeviceText.words(session.device), "since": AccountWords.moment(session.createdAt, in: zone),
                "lastSeen": isThis ? "now" : AccountWords.moment(session.lastSeenAt, in: zone), "isThis": isThis,
                "end": "/account/sessions/\(session.number)/end",
            ]
        }
    }
}

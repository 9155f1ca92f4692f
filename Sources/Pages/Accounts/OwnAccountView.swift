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

    var page: Page {
        let account = signedIn.account
        var values: [String: Any] = [
            "name": account.name, "email": account.email.text, "role": AccountWords.role(account.role),
            "minimum": Password.minimumCharacters, "sessions": rows, "hasOthers": sessions.count > 1,
        ]
        values["notice"] = notice?.words
        values["problem"] = problem
        values["calendars"] = calendars
        return Page(
            template: "account", title: "Your account", section: .account, values: values,
            stylesheets: ["accounts.css"], scripts: ["show-password.js"])
    }

    /// What this account may have in its own calendar program; nil if nothing.
    private var calendars: String? {
        switch signedIn.account.role {
        case .operator: "Your shifts can be shown by the calendar program that you use anyway, on your phone too."
        case .manager: "Your library’s shifts can be shown by the calendar program that you use anyway."
        case .coordinator: "Each queue’s and each library’s shifts can be shown by people’s own calendar programs."
        case .reader: nil
        }
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

import Accounts
import Coverage
import Notifications
import Storage

/// One's own account as the page shows it.
struct OwnAccountView: Sendable {
    /// What was done.
    enum Notice: String, Hashable, Sendable {
        case passwordChanged = "password-changed"
        case signedOut = "signed-out"
        case othersSignedOut = "others-signed-out"
        case notificationsChosen = "notifications-chosen"
        case addressSet = "address-set"
        case addressRemoved = "address-removed"

        init?(_ text: String) { self.init(rawValue: text) }

        var words: String {
            switch self {
            case .passwordChanged: "Your password is changed, and your other browsers are signed out."
            case .signedOut: "That browser is signed out."
            case .othersSignedOut: "Your other browsers are signed out."
            case .notificationsChosen: "Your choice is noted."
            case .addressSet: "A first message was taken there. From now on your news is posted to it."
            case .addressRemoved: "Nothing is posted any more."
            }
        }
    }

    let signedIn: SignedIn
    let sessions: [AccountRepository.StoredSession]
    let zone: TimeZoneRules
    var notice: Notice?
    var problem: String?
    let choice: NotificationChoices.Choice
    let sendsMail: Bool
    /// Why the latest mail that was given up could not be sent.
    let mailProblem: String?
    /// Where news may be posted; nil is nowhere.
    var origins: PostOrigins?
    /// Where this account's is.
    var address: NotificationRepository.Address?
    /// Whether the example is there, for somebody who may throw it away.
    var hasExample = false
    /// Whether anybody has a password.
    var takesPasswords = true

    var page: Page {
        let account = signedIn.account
        var values: [String: Any] = [
            "name": account.name, "email": account.email.text, "role": AccountWords.role(account.role),
            "minimum": Password.minimumCharacters, "sessions": rows, "hasOthers": sessions.count > 1,
            "hasExample": hasExample, "passwords": takesPasswords,
        ]
        values["notice"] = notice?.words
        values["problem"] = problem
        values["calendars"] = calendars
        if !choice.deliveries.isEmpty { values["notifications"] = notifications }
        if !choice.deliveries.isEmpty, let origins { values["posting"] = posting(origins) }
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

    private var notifications: [String: Any] {
        .present([
            "topics": NotificationTopic.allCases.compactMap(topic), "silent": !sendsMail, "trouble": mailProblem,
            "hours": (0...23).map { hour in
                ["value": hour, "text": "\(hour.padded(to: 2)):00", "isChosen": hour == choice.hour] as [String: Any]
            },
        ])
    }

    private func posting(_ origins: PostOrigins) -> [String: Any] {
        .present([
            "origins": origins.all.joined(separator: ", "), "url": address?.url, "isSet": address != nil,
            "replacesMail": address?.replacesMail == true,
            "secret": (address?.secret).map(WebhookSignature.hex),
        ])
    }

    private func topic(_ topic: NotificationTopic) -> [String: Any]? {
        guard let chosen = choice.deliveries[topic] else { return nil }
        return [
            "name": topic.rawValue, "text": topic.words(for: signedIn.account.role.kind),
            "deliveries": NotificationTopic.Delivery.allCases.map { delivery in
                ["value": delivery.rawValue, "text": delivery.words, "isChosen": delivery == chosen]
            },
        ]
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

extension NotificationTopic {
    /// For people.
    fileprivate func words(for role: Account.Role.Kind) -> String {
        switch self {
        case .ownSchedule: "My schedule has changed"
        case .ownRequests: "A request of mine was decided, or a colleague would swap with me"
        case .requests: role == .coordinator ? "There is a new request" : "A request of my library needs me"
        case .openShifts:
            role == .operator ? "I could take a shift at a favourite time" : "My library could take a shift"
        }
    }
}

extension NotificationTopic.Delivery {
    /// For people.
    fileprivate var words: String {
        switch self {
        case .atOnce: "At once"
        case .daily: "In the daily mail"
        case .never: "Not at all"
        }
    }
}

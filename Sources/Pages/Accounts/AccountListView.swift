import Coverage
import Storage

/// All accounts as the page shows them.
struct AccountListView: Sendable {
    /// What was done.
    enum Notice: String, Hashable, Sendable {
        case roleSet = "role-set"
        case disabled, enabled, unlinked, mailed

        init?(_ text: String) { self.init(rawValue: text) }

        var words: String {
            switch self {
            case .roleSet: "The role is changed."
            case .disabled: "The account is disabled, and all its browsers are signed out."
            case .enabled: "The account can be used again."
            case .unlinked:
                "The account is unlinked, and all its browsers are signed out. Whoever signs in with its address next is "
                    + "linked to it."
            case .mailed: "The link is on its way by mail."
            }
        }
    }

    let entries: [AccountRepository.Entry]
    let libraries: [AccountRepository.LibraryName]
    let zone: TimeZoneRules
    /// A part of a name or an email address.
    var find: String?
    var notice: Notice?
    var problem: String?
    /// What was typed into the form that is shown again.
    var typed: FormFields?
    /// Whether links can be sent by mail.
    var sendsMail = false

    /// More are found by a part of their names.
    static let most = 200

    var page: Page {
        let found = found
        var values: [String: Any] = [
            "count": entries.count == 1 ? "1 account" : "\(entries.count) accounts", "find": find ?? "",
            "accounts": found.prefix(Self.most).map(row), "isInviting": typed != nil,
            "sendsMail": sendsMail,
            // Once for all rows: a list in each would make the page as heavy as accounts times libraries.
            "knownLibraries": choices(nil),
            "invite": [
                "email": typed?["email"] ?? "", "name": typed?["name"] ?? "", "operator": typed?["operator"] ?? "",
                "roles": roles(typed.flatMap { Account.Role.Kind(rawValue: $0["role"]) } ?? .operator),
                "libraries": choices(typed?["library"]),
            ] as [String: Any],
        ]
        values["notice"] = notice?.words
        values["problem"] = problem
        if found.isEmpty { values["nothing"] = "Nobody is found by “\(find ?? "")”." }
        if found.count > Self.most {
            values["more"] = "\(found.count - Self.most) more: look for a part of the name or the email address."
        }
        return Page(
            template: "accounts", title: "Accounts", section: .accounts, values: values,
            stylesheets: ["accounts.css"])
    }

    private var found: [AccountRepository.Entry] {
        guard let find = find?.lowercased() else { return entries }
        return entries.filter { entry in
            entry.account.name.lowercased().contains(find) || entry.account.email.text.contains(find)
        }
    }

    private func row(_ entry: AccountRepository.Entry) -> [String: Any] {
        let (account, role) = (entry.account, entry.account.role)
        let path = "/accounts/\(account.number)"
        var values: [String: Any] = [
            "name": account.name, "email": account.email.text, "role": AccountWords.role(role),
            "state": AccountWords.state(entry), "isDisabled": account.standing == .disabled,
            "lastSeen": entry.lastSeenAt.map { AccountWords.moment($0, in: zone) } ?? "—",
            "roles": roles(role.kind), "library": role.library?.rawValue ?? "",
            "operator": role.operator?.rawValue ?? "", "setRole": "\(path)/role",
            "disable": "\(path)/disable", "enable": "\(path)/enable", "key": account.number,
        ]
        if entry.isLinked { values["unlink"] = "\(path)/unlink" }
        if account.standing == .active {
            values["link"] = [
                "address": "\(path)/link",
                "text": entry.hasPassword ? "Make a link for another password" : "Make another invitation",
            ]
        }
        return values
    }

    private func roles(_ chosen: Account.Role.Kind) -> [[String: Any]] {
        Account.Role.Kind.allCases.map { kind in
            ["id": kind.rawValue, "name": kind.words, "isChosen": kind == chosen]
        }
    }

    private func choices(_ chosen: String?) -> [[String: Any]] {
        libraries.map { library in
            ["id": library.id.rawValue, "name": library.name, "isChosen": library.id.rawValue == chosen]
        }
    }
}

extension Account.Role.Kind {
    /// For people.
    var words: String {
        switch self {
        case .coordinator: "Coordinator"
        case .manager: "Library manager"
        case .operator: "Operator"
        case .reader: "Reader"
        }
    }
}

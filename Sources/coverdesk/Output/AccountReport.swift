import API
import Coverage
import Storage

/// An account as JSON.
struct AccountReport: Encodable {
    let number: Int
    let email: String
    let name: String
    let role: String
    let library: String?
    let `operator`: String?
    let state: String
    /// Whether its owner signs in through the consortium's provider.
    let isLinked: Bool
    let createdAt: String
    let createdBy: String
    let lastSeenAt: String?
    let linkExpiresAt: String?

    init(_ entry: AccountRepository.Entry) {
        number = entry.account.number
        email = entry.account.email.text
        name = entry.account.name
        role = entry.account.role.kind.rawValue
        library = entry.account.role.library?.rawValue
        `operator` = entry.account.role.operator?.rawValue
        state = Self.state(entry)
        isLinked = entry.isLinked
        createdAt = entry.createdAt.rfc3339
        createdBy = entry.createdBy
        lastSeenAt = entry.lastSeenAt?.rfc3339
        linkExpiresAt = entry.linkExpiresAt?.rfc3339
    }

    /// One word: whether the account can be used.
    static func state(_ entry: AccountRepository.Entry) -> String {
        switch entry.account.standing {
        case .active: entry.hasPassword || entry.isLinked ? "active" : "invited"
        case .disabled: "disabled"
        case .departed: "departed"
        }
    }
}

import Coverage
import Storage

/// Accounts in words.
enum AccountWords {
    /// `Manager of pub01`.
    static func role(_ role: Account.Role) -> String {
        switch role {
        case .coordinator: "Coordinator"
        case .manager(let library): "Manager of \(library)"
        case .operator(let person): "Operator \(person)"
        case .reader(nil): "Reader"
        case .reader(let library?): "Reader of \(library)"
        }
    }

    /// Whether somebody can use it, and what is to be said of that.
    static func state(_ entry: AccountRepository.Entry) -> String {
        switch entry.account.standing {
        case .active where entry.hasPassword || entry.isLinked: "Can sign in"
        case .active: entry.linkExpiresAt == nil ? "The invitation has run out" : "Invited"
        case .disabled: "Disabled"
        case .departed: "Has left"
        }
    }

    /// `26 October 2026, 09:00`.
    static func moment(_ instant: Instant, in zone: TimeZoneRules) -> String {
        let date = zone.civil(at: instant).date
        return "\(DayText.dayAndMonth(date)) \(date.components.year), \(DayText.time(instant, in: zone))"
    }
}

package import Coverage

/// A kind of news that people choose to have by mail, or not.
package enum NotificationTopic: String, CaseIterable, Hashable, Sendable {
    /// My schedule has changed.
    case ownSchedule = "own_schedule"
    /// A request of mine was decided.
    case ownRequests = "own_requests"
    /// A request waits for me.
    case requests
    /// Open shifts are offered to my library.
    case openShifts = "open_shifts"

    /// When it is told.
    package enum Delivery: String, CaseIterable, Hashable, Sendable {
        case atOnce = "at_once"
        /// In one mail a day.
        case daily
        case never
    }

    /// What counts for those who have chosen nothing.
    package var standard: Delivery {
        switch self {
        case .ownSchedule, .ownRequests: .atOnce
        case .requests, .openShifts: .daily
        }
    }

    /// Whether there is such news for a role.
    package func isFor(_ role: Account.Role.Kind) -> Bool {
        switch self {
        case .ownSchedule, .ownRequests: role == .operator
        case .requests: role == .manager || role == .coordinator
        case .openShifts: role == .manager
        }
    }
}

package import Coverage

/// A kind of news that people choose to have by mail, or not.
package enum NotificationTopic: String, CaseIterable, Hashable, Sendable {
    /// My schedule has changed.
    case ownSchedule = "own_schedule"
    /// A request of mine was decided, or a colleague would swap with me.
    case ownRequests = "own_requests"
    /// A request waits for me.
    case requests
    /// Shifts are offered to my library, or to me at a time that I like best.
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
        case .requests: role == .coordinator || role == .manager
        case .openShifts: role == .manager || role == .operator
        }
    }
}

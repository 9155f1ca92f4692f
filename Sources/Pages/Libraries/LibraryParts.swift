import Coverage

/// The pages of one library, as links above each of them.
enum LibraryParts: CaseIterable {
    case week, availability, absences, hours, policy, calendars

    /// Those that somebody may follow.
    static func links(of library: Library.ID, for account: Account, at current: LibraryParts) -> [[String: Any]] {
        allCases.filter { $0.isFor(account, library) }.map { part in
            ["address": part.address(library, account), "text": part.text, "isCurrent": part == current]
        }
    }

    private func isFor(_ account: Account, _ library: Library.ID) -> Bool {
        switch self {
        case .week, .absences, .hours: account.sees(library)
        // Others' times are reached by their names.
        case .availability: account.library == library && account.role.operator != nil
        case .policy: true
        case .calendars: account.decides(for: library)
        }
    }

    private func address(_ library: Library.ID, _ account: Account) -> String {
        switch self {
        case .week: "/library/\(library)"
        case .availability: account.role.operator.map { AvailabilityPages.address(of: $0, at: library) } ?? ""
        case .absences: "/library/\(library)/absences"
        case .hours: "/library/\(library)/hours"
        case .policy: "/library/\(library)/policy"
        case .calendars: "/calendars?library=\(library)"
        }
    }

    private var text: String {
        switch self {
        case .week: "Week"
        case .availability: "My times"
        case .absences: "Absences"
        case .hours: "Hours and closures"
        case .policy: "Policy page"
        case .calendars: "Calendar"
        }
    }
}

import Coverage

/// Where the links on top of each page lead.
enum Navigation {
    /// Those that a visitor may follow.
    static func links(for visitor: Visitor?, in section: Page.Section) -> [[String: Any]] {
        guard let visitor else { return [] }
        return entries.filter { $0.roles.contains(visitor.role) }.map { entry in
            ["address": entry.address, "text": entry.text, "isCurrent": entry.section == section]
        }
    }

    private struct Entry {
        let section: Page.Section
        let address: String
        let text: String
        var roles = Set(Visitor.Role.allCases)
    }

    private static let entries = [
        Entry(section: .week, address: "/week", text: "Week"),
        Entry(section: .charts, address: "/charts", text: "Charts"),
        Entry(section: .accounts, address: "/accounts", text: "Accounts", roles: [.coordinator]),
    ]
}

import Coverage

/// Where the links on top of each page lead.
enum Navigation {
    /// Those that a visitor may follow.
    static func links(for visitor: Visitor?, in section: Page.Section) -> [[String: Any]] {
        guard let visitor else { return [] }
        return entries.filter { $0.roles.contains(visitor.role) }.map { entry in
            ["address": entry.address, "text": text(of: entry, for: visitor), "isCurrent": entry.section == section]
        }
    }

    private static func text(of entry: Entry, for visitor: Visitor) -> String {
        entry.section == .library && visitor.library != nil ? "Our library" : entry.text
    }

    private struct Entry {
        let section: Page.Section
        let address: String
        let text: String
        var roles = Set(Visitor.Role.allCases)
    }

    private static let entries = [
        Entry(section: .week, address: "/week", text: "Week"),
        Entry(section: .plans, address: "/planning", text: "Planning", roles: [.coordinator]),
        Entry(section: .library, address: "/libraries", text: "Libraries"),
        Entry(section: .now, address: "/now", text: "Now"),
        Entry(section: .charts, address: "/charts", text: "Charts"),
        Entry(section: .requests, address: "/requests", text: "Requests"),
        Entry(section: .accounts, address: "/accounts", text: "Accounts", roles: [.coordinator]),
    ]
}

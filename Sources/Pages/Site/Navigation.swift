/// Where the links on top of each page lead.
enum Navigation {
    /// Those that a visitor may follow.
    static func links(for visitor: Visitor?, in section: Page.Section) -> [[String: Any]] {
        guard visitor != nil else { return [] }
        return entries.map { entry in
            ["address": entry.address, "text": entry.text, "isCurrent": entry.section == section]
        }
    }

    private static let entries: [(section: Page.Section, address: String, text: String)] = [
        (.week, "/week", "Week")
    ]
}

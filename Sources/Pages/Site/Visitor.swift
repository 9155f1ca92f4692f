package import Coverage

/// Who looks at a page.
package struct Visitor: Hashable, Sendable {
    package enum Role: String, Hashable, CaseIterable, Sendable {
        case coordinator, manager, `operator`, reader

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

    package var name: String
    package var role: Role
    /// Theirs; nil for those of the consortium.
    package var library: Library.ID?
    package var `operator`: Operator.ID?

    package init(name: String, role: Role, library: Library.ID? = nil, operator: Operator.ID? = nil) {
        self.name = name
        self.role = role
        self.library = library
        self.operator = `operator`
    }
}

package import Coverage

/// Who looks at a page.
package struct Visitor: Hashable, Sendable {
    package typealias Role = Account.Role.Kind

    package var name: String
    package var email: EmailAddress
    package var role: Role
    /// Theirs; nil for those who see all.
    package var library: Library.ID?
    package var `operator`: Operator.ID?

    package init(_ account: Account) {
        name = account.name
        email = account.email
        role = account.role.kind
        library = account.library
        `operator` = account.role.operator
    }
}

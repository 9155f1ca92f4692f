package import Coverage

/// Who asks, and what they may do.
package struct TokenAccess: Hashable, Sendable {
    /// The token's number in the consortium.
    package let number: Int
    /// The chat server that it belongs to.
    package let chatServer: String
    /// The library that it belongs to, if it opens a library's replica.
    package let library: Library.ID?
    package let scopes: Set<Scope>
    package let requestsPerSecond: Int
}

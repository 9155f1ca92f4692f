/// Why an exchange with the service did not come to its end.
package struct SyncTrouble: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is to be done about it.
    package enum Kind: Hashable, Sendable {
        /// Trying again may help.
        case passing
        /// Somebody must do something here first, but trying again does no harm.
        case standing
        /// The service cannot continue from the cache's cursor: begin with a snapshot.
        case cursorExpired
        /// Trying again is no use.
        case final
    }

    package var kind: Kind
    /// Whole sentences for people.
    package var description: String
    /// How long the service asks to wait.
    package var retryAfter: Duration?

    package init(_ kind: Kind, _ description: String, retryAfter: Duration? = nil) {
        self.kind = kind
        self.description = description
        self.retryAfter = retryAfter
    }
}

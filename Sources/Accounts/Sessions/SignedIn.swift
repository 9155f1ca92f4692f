package import Coverage

/// A browser that is signed in, and as whom.
package struct SignedIn: Hashable, Sendable {
    package let account: Account
    /// Counted from 1 for each account.
    package let session: Int
    /// What the cookie holds.
    package let secret: SecretText
    /// When it is over, however often it is used.
    package let expiresAt: Instant

    /// What its forms carry: see ``SecretText/formToken``.
    package var formToken: String { secret.formToken }
}

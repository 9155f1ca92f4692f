package import Coverage
package import Storage

/// A link under which somebody sets a password, told once: only a hash of its secret is kept.
package struct IssuedLink: Hashable, Sendable {
    package let account: Account
    package let purpose: AccountRepository.LinkPurpose
    package let secret: SecretText
    package let expiresAt: Instant

    /// The path of the page, `/invitation/SECRET`.
    package var path: String { "/invitation/\(secret.text)" }
}

package import Coverage

/// The link by which the first coordinator of a new service makes their account.
///
/// A process has one of its own for as long as it runs, and tells it to whoever can read its log. All such links end
/// when there is an account.
package struct SetUpLink: Hashable, Sendable {
    package let secret: SecretText
    /// A day after the process began.
    package let expiresAt: Instant

    /// The path of the page, `/set-up/SECRET`.
    package var path: String { "/set-up/\(secret.text)" }

    /// Whether somebody has the link; takes as long whatever they have.
    func accepts(_ text: String, at now: Instant) -> Bool {
        // Hashes are compared, so that where two differ tells nothing of either.
        guard let typed = SecretText(text), typed.hash == secret.hash else { return false }
        return now < expiresAt
    }
}

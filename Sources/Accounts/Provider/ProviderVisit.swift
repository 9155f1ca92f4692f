package import Coverage
import Crypto
import Foundation

/// A browser on its way to the identity provider and back.
///
/// All that is kept of it is in a cookie of that browser: a secret, when it set out, and where it wants to go. What the
/// provider is sent along (RFC 6749, section 10.12; RFC 7636; OpenID Connect Core 1.0, section 15.5.2) is made of these by
/// a keyed hash, so no part of the cookie can be changed on the way.
package struct ProviderVisit: Hashable, Sendable {
    private let secret: SecretText
    package let begunAt: Instant
    /// Where the browser wants to go once its owner is signed in, as it came: to be checked before it is followed.
    package let path: String

    static func begin(to path: String, at now: Instant, of random: RandomSource) -> ProviderVisit {
        ProviderVisit(secret: SecretText.make(of: random), begunAt: now, path: path)
    }

    private init(secret: SecretText, begunAt: Instant, path: String) {
        self.secret = secret
        self.begunAt = begunAt
        self.path = path
    }

    /// Reads a cookie; nil if it can be none.
    package init?(cookie: some StringProtocol) {
        let parts = cookie.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let secret = SecretText(parts[0]), let seconds = Int64(parts[1]),
            let path = Data(base64URL: parts[2])
        else { return nil }
        self.init(
            secret: secret, begunAt: Instant(secondsSince1970: seconds), path: String(decoding: path, as: UTF8.self))
    }

    /// What the browser keeps.
    package var cookie: String {
        "\(secret.text).\(begunAt.secondsSince1970).\(Data(path.utf8).base64URL)"
    }

    // MARK: What the provider is sent

    /// Comes back with the browser.
    package var state: String { derived("state") }

    /// Comes back in the token.
    package var nonce: String { derived("nonce") }

    /// Goes to the provider with the code, and proves that it is for us.
    package var verifier: String { derived("verifier") }

    /// Goes to the provider first: the hash of ``verifier``.
    package var challenge: String { Data(SHA256.hash(data: Data(verifier.utf8))).base64URL }

    /// Whether a browser that comes back brings the state along; takes as long whatever it brings.
    func accepts(state text: String) -> Bool {
        // Hashed first, for texts of two lengths would be told apart at once.
        SHA256.hash(data: Data(text.utf8)) == SHA256.hash(data: Data(state.utf8))
    }

    private func derived(_ purpose: String) -> String {
        let text = "coverdesk provider 1 \(purpose) \(begunAt.secondsSince1970) \(path)"
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(text.utf8), using: SymmetricKey(data: Data(secret.text.utf8)))
        return Data(code).base64URL
    }
}

extension ProviderVisit: CustomStringConvertible {
    /// Says nothing, for it may end up in a log.
    package var description: String { "a visit to the identity provider" }
}

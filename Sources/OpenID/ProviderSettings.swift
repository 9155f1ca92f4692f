/// The identity provider by which a consortium's people sign in, and who we are to it.
package struct ProviderSettings: Sendable {
    /// A setting that is none, with what would be right.
    package enum Fault: Error, Hashable, Sendable {
        /// It must be an address by https, or by http of this very machine.
        case badIssuer
        /// It is missing, or holds what is no printable ASCII.
        case badClientID
        /// It holds what is no printable ASCII.
        case badClientSecret
        /// It is longer than a button can be.
        case badName
    }

    /// A secret that no log shows.
    struct ClientSecret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
        let text: String

        var description: String { "a secret" }
        var debugDescription: String { "a secret" }
    }

    /// The provider's address, `https://login.example.org`, as it was typed.
    package let issuer: String
    package let clientID: String
    /// Nil for a client that has none (RFC 6749, section 2.1).
    let clientSecret: ClientSecret?
    /// What people call the provider, `Example University`.
    package let name: String

    /// Takes the settings.
    ///
    /// - Parameters:
    ///   - issuer: The provider's address.
    ///   - clientID: What the provider calls us.
    ///   - clientSecret: By which it knows us; nil if it gave us none.
    ///   - name: What people call it, 60 characters at most; nil is the address's host.
    /// - Throws: ``Fault``, the first that there is.
    package init(issuer: String, clientID: String, clientSecret: String?, name: String?) throws(Fault) {
        guard let host = SafeAddress.host(of: issuer), !issuer.contains("?"), !issuer.contains("#") else {
            throw .badIssuer
        }
        guard !clientID.isEmpty, Self.isPrintable(clientID) else { throw .badClientID }
        if let clientSecret, clientSecret.isEmpty || !Self.isPrintable(clientSecret) { throw .badClientSecret }
        guard (name ?? host).count <= 60 else { throw .badName }
        self.issuer = issuer
        self.clientID = clientID
        self.clientSecret = clientSecret.map { ClientSecret(text: $0) }
        self.name = name.flatMap { $0.isEmpty ? nil : $0 } ?? host
    }

    /// Where the provider describes itself (OpenID Connect Discovery 1.0, section 4).
    var descriptionAddress: String {
        (issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer) + "/.well-known/openid-configuration"
    }

    /// As the standard has it (RFC 6749, appendix A).
    private static func isPrintable(_ text: String) -> Bool { text.utf8.allSatisfy { (0x20...0x7E).contains($0) } }
}

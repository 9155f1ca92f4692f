/// Why a provider vouches for nobody.
package enum ProviderTrouble: Error, Hashable, Sendable {
    /// It cannot be reached, or does not work right now; in a few words for the log.
    case away(String)
    /// It and our settings do not fit together; in a few words for the log.
    case misfit(String)
    /// Its owner, or the provider, has said no; the provider's word for that.
    case declined(String)
    /// The code was used before, or is too old.
    case codeOver
    /// Its token is none for us.
    case badToken(TokenFault)
}

extension ProviderTrouble: CustomStringConvertible {
    /// For the log: nothing of what is secret.
    package var description: String {
        switch self {
        case .away(let words): "the provider is away: \(words)"
        case .misfit(let words): "the provider and the settings do not fit together: \(words)"
        case .declined(let word): "the provider says no: \(word)"
        case .codeOver: "the provider's code was used before, or is too old"
        case .badToken(let fault): "the provider's token is not taken: \(fault)"
        }
    }
}

/// What is wrong with a token (OpenID Connect Core 1.0, section 3.1.3.7).
package enum TokenFault: Error, Hashable, Sendable {
    case malformed
    /// It is signed in none of the ways that are taken, or not at all.
    case unsigned
    /// The provider has no key of the name that the token says, or none of its kind.
    case unknownKey
    case badSignature
    /// It is another provider's.
    case otherIssuer
    /// It is for somebody else.
    case otherAudience
    case expired
    /// It says that it was made in the future.
    case early
    /// It is the answer to another question than ours.
    case otherNonce
}

/// What a provider says of itself (OpenID Connect Discovery 1.0, section 3).
struct ProviderDescription: Hashable, Sendable, Decodable {
    let issuer: String
    let authorizationEndpoint: String
    let tokenEndpoint: String
    let keysAddress: String
    let userInfoEndpoint: String?
    private let tokenEndpointMethods: [String]?

    enum CodingKeys: String, CodingKey {
        case issuer
        case authorizationEndpoint = "authorization_endpoint"
        case tokenEndpoint = "token_endpoint"
        case keysAddress = "jwks_uri"
        case userInfoEndpoint = "userinfo_endpoint"
        case tokenEndpointMethods = "token_endpoint_auth_methods_supported"
    }

    /// Whether our secret goes into the form, because the header that is usual is not taken.
    var wantsSecretInForm: Bool {
        guard let methods = tokenEndpointMethods, !methods.contains("client_secret_basic") else { return false }
        return methods.contains("client_secret_post")
    }

    /// Sees to it that it is that of the provider that the settings mean, and secrets go nowhere unsafe.
    ///
    /// - Throws: ``ProviderTrouble/misfit(_:)``
    func check(_ settings: ProviderSettings) throws(ProviderTrouble) {
        guard Self.withoutSlash(issuer) == Self.withoutSlash(settings.issuer) else {
            throw .misfit("it calls itself otherwise than openid.issuer")
        }
        let addresses = [authorizationEndpoint, tokenEndpoint, keysAddress] + [userInfoEndpoint].compactMap { $0 }
        guard addresses.allSatisfy(SafeAddress.isSafe), !authorizationEndpoint.contains("#") else {
            throw .misfit("it names an address that is not by https")
        }
    }

    /// Whether there is a slash at the end is easily overlooked, and makes no other provider.
    private static func withoutSlash(_ issuer: String) -> Substring {
        issuer.hasSuffix("/") ? issuer.dropLast() : issuer[...]
    }
}

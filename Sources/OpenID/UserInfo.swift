/// What a provider says of somebody beside the token (OpenID Connect Core 1.0, section 5.3).
struct UserInfo: Decodable, Sendable {
    let sub: String
    let email: String?
    let emailVerified: IdentityClaims.Truth?

    enum CodingKeys: String, CodingKey {
        case sub, email
        case emailVerified = "email_verified"
    }
}

import Coverage
import JWTKit

/// What a token says of somebody (OpenID Connect Core 1.0, sections 2 and 5.1), once its signature is right.
struct IdentityClaims: JWTPayload, Hashable {
    var iss: String
    var sub: String
    var aud: Audience
    var azp: String?
    /// Seconds since 1970.
    var exp: Double
    /// Seconds since 1970.
    var iat: Double
    /// Seconds since 1970.
    var nbf: Double?
    var nonce: String?
    var email: String?
    var emailVerified: Truth?

    enum CodingKeys: String, CodingKey {
        case iss, sub, aud, azp, exp, iat, nbf, nonce, email
        case emailVerified = "email_verified"
    }

    /// By how many seconds clocks may differ.
    static let leeway: Int64 = 60

    /// Nothing here: ``check(issuer:client:nonce:at:)`` needs to know what we asked.
    func verify(using algorithm: some JWTAlgorithm) async throws {}

    /// Sees to it that the token is the answer to what we asked.
    func check(issuer: String, client: String, nonce: String, at now: Instant) throws(TokenFault) {
        guard iss == issuer else { throw .otherIssuer }
        guard aud.names.contains(client), azp == nil ? aud.names.count == 1 : azp == client else {
            throw .otherAudience
        }
        let time = Double(now.secondsSince1970)
        guard time < exp + Double(Self.leeway) else { throw .expired }
        guard max(iat, nbf ?? iat) <= time + Double(Self.leeway) else { throw .early }
        guard self.nonce == nonce else { throw .otherNonce }
        // Longer ones the standard does not allow (section 2).
        guard !sub.isEmpty, sub.utf8.count <= 255 else { throw .malformed }
    }

    /// For whom a token is: one name, or several.
    struct Audience: Codable, Hashable, Sendable {
        var names: [String]

        init(_ names: [String]) { self.names = names }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let name = try? container.decode(String.self) {
                names = [name]
            } else {
                names = try container.decode([String].self)
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(names)
        }
    }

    /// Some providers write `"true"` where the standard says `true`.
    struct Truth: Codable, Hashable, Sendable {
        var isTrue: Bool

        init(_ isTrue: Bool) { self.isTrue = isTrue }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            isTrue = try (try? container.decode(Bool.self)) ?? (container.decode(String.self) == "true")
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(isTrue)
        }
    }
}

import Accounts
import Coverage
import Foundation
import JWTKit
import OpenID
import Synchronization

/// An identity provider made of values: what it says of itself, its keys, and the token that it gives for any code.
final class StillProvider: Sendable {
    struct State {
        /// What it says of itself otherwise than usual.
        var description: [String: String] = [:]
        var isAway = false
        /// Names of keys that it shows.
        var shownKeys = ["first"]
        var tokenStatus = 200
        var tokenFields: [String: String] = [:]
        var userInfo: [String: String] = [:]
        var asked: [ProviderQuestion] = []
        var time = Instant(secondsSince1970: 1_790_000_000)
    }

    static let issuer = "https://login.example.org"
    static let redirect = "https://desk.example.org/sign-in/provider/answer"

    let state = Mutex(State())
    private let keys = ["first": ES256PrivateKey(), "second": ES256PrivateKey()]

    /// The provider as the service asks it.
    func provider(
        secret: String? = "hush, hush", issuer: String = StillProvider.issuer
    ) throws -> IdentityProvider {
        IdentityProvider(
            try ProviderSettings(issuer: issuer, clientID: "desk", clientSecret: secret, name: "Example University"),
            exchange: ProviderExchange { [self] in try answer(to: $0) }, now: { [self] in state.withLock { $0.time } })
    }

    func advance(bySeconds seconds: Int64) { state.withLock { $0.time = $0.time.advanced(bySeconds: seconds) } }

    /// How often an address was asked.
    func asks(of path: String) -> Int { state.withLock { $0.asked.count { $0.url.hasSuffix(path) } } }

    var latest: ProviderQuestion? { state.withLock { $0.asked.last } }

    // MARK: Tokens

    /// What a token says that is right in all.
    func claims(for visit: ProviderVisit) -> [String: Claim] {
        let now = state.withLock { $0.time.secondsSince1970 }
        return [
            "iss": .text(Self.issuer), "sub": .text("u-1"), "aud": .text("desk"), "exp": .number(now + 300),
            "iat": .number(now), "nonce": .text(visit.nonce), "email": .text("Ada@Example.org"),
            "email_verified": .truth(true),
        ]
    }

    /// Gives a token for the next code.
    func give(_ claims: [String: Claim], signedBy key: String = "first", named name: String? = nil) async throws {
        let keys = JWTKeyCollection()
        await keys.add(ecdsa: try self.key(key), kid: JWKIdentifier(string: name ?? key))
        give(try await keys.sign(Claims(values: claims), kid: JWKIdentifier(string: name ?? key)))
    }

    func give(_ token: String) {
        state.withLock { $0.tokenFields = ["id_token": token, "access_token": "let-me-see"] }
    }

    private struct NoKey: Error {}

    private func key(_ name: String) throws -> ES256PrivateKey {
        guard let key = keys[name] else { throw NoKey() }
        return key
    }

    // MARK: Answering

    private struct Away: Error {}

    private func answer(to question: ProviderQuestion) throws -> ProviderAnswer {
        let state = state.withLock { state in
            state.asked.append(question)
            return state
        }
        if state.isAway { throw Away() }
        switch question.url.replacing(Self.issuer, with: "") {
        case "/.well-known/openid-configuration": return try json(described(state.description))
        case "/keys": return try json(["keys": try state.shownKeys.map(shown)])
        case "/token":
            return ProviderAnswer(
                status: state.tokenStatus, body: try JSONEncoder().encode(state.tokenFields))
        case "/userinfo": return ProviderAnswer(status: 200, body: try JSONEncoder().encode(state.userInfo))
        default: return ProviderAnswer(status: 404, body: Data())
        }
    }

    private func described(_ changes: [String: Any]) -> [String: Any] {
        [
            "issuer": Self.issuer, "authorization_endpoint": "\(Self.issuer)/authorize",
            "token_endpoint": "\(Self.issuer)/token", "jwks_uri": "\(Self.issuer)/keys",
            "userinfo_endpoint": "\(Self.issuer)/userinfo",
        ].merging(changes) { $1 }
    }

    /// The public half of a key; beside it one that we can do nothing with.
    private func shown(_ name: String) throws -> [String: String] {
        guard name != "odd" else { return ["kty": "oct", "kid": "odd", "alg": "HS256", "k": "aHVzaA"] }
        let parameters = try key(name).publicKey.parameters
        return [
            "kty": "EC", "crv": "P-256", "kid": name, "use": "sig", "x": parameters?.x ?? "", "y": parameters?.y ?? "",
        ]
    }

    private func json(_ value: [String: Any]) throws -> ProviderAnswer {
        ProviderAnswer(status: 200, body: try JSONSerialization.data(withJSONObject: value))
    }
}

/// A claim of a test's token.
enum Claim: Codable, Sendable {
    case text(String)
    case texts([String])
    case number(Int64)
    case truth(Bool)

    init(from decoder: any Decoder) throws { self = .text(try decoder.singleValueContainer().decode(String.self)) }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .texts(let texts): try container.encode(texts)
        case .number(let number): try container.encode(number)
        case .truth(let truth): try container.encode(truth)
        }
    }
}

/// The claims of a test's token, right or wrong.
struct Claims: JWTPayload {
    var values: [String: Claim]

    init(values: [String: Claim]) { self.values = values }

    init(from decoder: any Decoder) throws { values = try [String: Claim](from: decoder) }

    func encode(to encoder: any Encoder) throws { try values.encode(to: encoder) }

    func verify(using algorithm: some JWTAlgorithm) async throws {}
}

import Accounts
import Foundation
import JWTKit

/// The head of a token, which says how it is signed (RFC 7515, section 4.1): read before anything of it is believed.
struct TokenHeader: Hashable, Sendable {
    let algorithm: SigningAlgorithm
    /// The key's name; nil where the token names none.
    let key: String?

    private struct Fields: Decodable {
        let alg: String?
        let kid: String?
        let crit: [String]?
    }

    init(of token: String) throws(TokenFault) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, token.utf8.count <= 65_536, let data = Data(base64URL: parts[0]),
            let fields = try? JSONDecoder().decode(Fields.self, from: data)
        else { throw .malformed }
        // What must be understood according to the token, we do not.
        guard fields.crit == nil else { throw .malformed }
        guard let algorithm = fields.alg.flatMap({ SigningAlgorithm(rawValue: $0) }) else { throw .unsigned }
        self.algorithm = algorithm
        key = fields.kid
    }
}

/// How tokens may be signed: by keys of which the public half cannot sign, and never not at all.
enum SigningAlgorithm: String, Hashable, Sendable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case edDSA = "EdDSA"

    /// Whether a key is of the kind, and for nothing else.
    func fits(_ key: JWK) -> Bool {
        let kind: JWK.KeyType =
            switch self {
            case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: .rsa
            case .es256, .es384, .es512: .ecdsa
            case .edDSA: .octetKeyPair
            }
        return key.keyType == kind && (key.algorithm == nil || key.algorithm?.rawValue == rawValue)
    }
}

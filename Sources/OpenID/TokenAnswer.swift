import Foundation

/// What a provider gives for a code (OpenID Connect Core 1.0, section 3.1.3.3).
struct TokenAnswer: Decodable, Sendable {
    let idToken: String
    let accessToken: String?

    enum CodingKeys: String, CodingKey {
        case idToken = "id_token"
        case accessToken = "access_token"
    }

    private struct Failure: Decodable {
        let error: String
    }

    /// Reads an answer.
    ///
    /// - Throws: ``ProviderTrouble/codeOver`` if the code cannot be used, ``ProviderTrouble/misfit(_:)`` if it is about us.
    static func read(_ answer: ProviderAnswer) throws(ProviderTrouble) -> TokenAnswer {
        guard answer.status == 200 else {
            let failure = try? JSONDecoder().decode(Failure.self, from: answer.body)
            switch failure?.error {
            case "invalid_grant": throw .codeOver
            case "temporarily_unavailable", "server_error": throw .away("token endpoint: answered \(answer.status)")
            case "invalid_client", "unauthorized_client":
                throw .misfit("it does not know openid.clientID, or openid.clientSecret is not the one it gave us")
            default: throw .misfit("token endpoint: answered \(answer.status)")
            }
        }
        guard let tokens = try? JSONDecoder().decode(TokenAnswer.self, from: answer.body) else {
            throw .misfit("token endpoint: the answer has no id_token")
        }
        return tokens
    }
}

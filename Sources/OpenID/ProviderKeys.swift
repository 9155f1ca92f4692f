import Foundation
import JWTKit

/// The keys with which a provider signs (RFC 7517); those that we cannot read are left out.
struct ProviderKeys: Sendable, Decodable {
    private let keys: [Key]

    private struct Key: Sendable, Decodable {
        let jwk: JWK
        let use: String?

        enum CodingKeys: String, CodingKey { case use }

        init(from decoder: any Decoder) throws {
            jwk = try JWK(from: decoder)
            use = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(String.self, forKey: .use)
        }
    }

    /// A key, or whatever else stands in its place.
    private struct Place: Decodable {
        let key: Key?

        init(from decoder: any Decoder) { key = try? Key(from: decoder) }
    }

    private enum CodingKeys: String, CodingKey { case keys }

    init(from decoder: any Decoder) throws {
        keys = try decoder.container(keyedBy: CodingKeys.self).decode([Place].self, forKey: .keys).compactMap(\.key)
    }

    /// The key that a token names; of a provider that has only one of the kind, a token need not name it.
    func key(for header: TokenHeader) -> JWK? {
        let fitting = keys.filter { key in
            header.algorithm.fits(key.jwk) && key.use ?? "sig" == "sig"
                && (header.key == nil || header.key == key.jwk.keyIdentifier?.string)
        }
        return fitting.count == 1 ? fitting.first?.jwk : header.key == nil ? nil : fitting.first?.jwk
    }
}

import Crypto
import CryptoExtras
import Foundation

/// A password as it is stored: a key that scrypt (RFC 7914) made of it and of a salt, with what that cost.
///
/// Written as `$scrypt$ln=16,r=8,p=2$SALT$KEY`, salt and key in base64 without padding, as the Password Hashing
/// Competition's string format has it; so the cost can be raised, and each password is hashed anew when its owner signs
/// in next.
package struct PasswordHash: Hashable, Sendable {
    /// What hashing takes.
    package struct Cost: Hashable, Sendable {
        /// Rounds as a power of two: 16 are 65 536.
        package var logRounds: Int
        /// In 128 bytes.
        package var blockSize: Int
        package var parallelism: Int

        package init(logRounds: Int, blockSize: Int, parallelism: Int) {
            self.logRounds = logRounds
            self.blockSize = blockSize
            self.parallelism = parallelism
        }

        /// 64 MiB, twice: one of the settings of equal strength that OWASP's Password Storage Cheat Sheet names.
        package static let standard = Cost(logRounds: 16, blockSize: 8, parallelism: 2)

        /// Whether a stored one may be followed: what a database holds must not use up the memory.
        var isBearable: Bool {
            (1...20).contains(logRounds) && (1...16).contains(blockSize) && (1...16).contains(parallelism)
                && blockSize << logRounds <= 1 << 22
        }
    }

    let cost: Cost
    let salt: [UInt8]
    let key: [UInt8]

    static let saltBytes = 16
    static let keyBytes = 32

    /// Makes a key of a password.
    ///
    /// Takes as long as the cost says, on the thread that asks: see ``PasswordWork``.
    package typealias Derivation = @Sendable (_ password: Password, _ salt: [UInt8], _ cost: Cost) throws -> [UInt8]

    package static let scrypt: Derivation = { password, salt, cost in
        let key = try KDF.Scrypt.deriveKey(
            from: Data(password.bytes), salt: Data(salt), outputByteCount: keyBytes, rounds: 1 << cost.logRounds,
            blockSize: cost.blockSize, parallelism: cost.parallelism)
        return unsafe key.withUnsafeBytes { unsafe Array($0) }
    }

    /// Whether a key is this one's; takes as long whatever it is.
    func matches(_ other: [UInt8]) -> Bool {
        SymmetricKey(data: Data(key)) == SymmetricKey(data: Data(other))
    }
}

extension PasswordHash {
    /// The hash as it is stored.
    package var text: String {
        "$scrypt$ln=\(cost.logRounds),r=\(cost.blockSize),p=\(cost.parallelism)"
            + "$\(Self.base64(salt))$\(Self.base64(key))"
    }

    /// Reads a stored hash; nil if it is none, or one whose cost nobody could bear.
    package init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt" else { return nil }
        let numbers = zip(parts[2].split(separator: ","), ["ln=", "r=", "p="]).compactMap { part, name in
            part.hasPrefix(name) ? Int(part.dropFirst(name.count)) : nil
        }
        guard numbers.count == 3, let salt = Self.bytes(parts[3]), let key = Self.bytes(parts[4]),
            salt.count >= 8, key.count == Self.keyBytes
        else { return nil }
        let cost = Cost(logRounds: numbers[0], blockSize: numbers[1], parallelism: numbers[2])
        guard cost.isBearable else { return nil }
        self.init(cost: cost, salt: salt, key: key)
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("=", with: "")
    }

    private static func bytes(_ text: Substring) -> [UInt8]? {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Data(base64Encoded: text + padding).map(Array.init)
    }
}

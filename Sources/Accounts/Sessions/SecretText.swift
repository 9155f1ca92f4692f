import Crypto
import Foundation

/// 256 random bits that let in whoever has them: of a session, or of a link under which a password is set.
package struct SecretText: Hashable, Sendable {
    /// The bits in base64url (RFC 4648, section 5), 43 characters, as cookies and addresses have them.
    package let text: String

    /// Reads a secret; nil if it can be none.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == 43, text.utf8.allSatisfy(Self.isDigit) else { return nil }
        self.text = String(text)
    }

    private init(bits: [UInt8]) {
        text = Data(bits).base64URL
    }

    /// Makes one.
    package static func make(of random: RandomSource) -> SecretText {
        SecretText(bits: random.bytes(32))
    }

    /// What is kept of it: SHA-256.
    package var hash: [UInt8] { Array(SHA256.hash(data: Data(text.utf8))) }

    /// What the forms of a session carry, so that other people's pages cannot send them: a keyed hash of the session's
    /// secret, which tells nothing of it.
    package var formToken: String {
        formCode.map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }

    /// Whether a form carries the session's token; takes as long whatever it carries.
    package func accepts(formToken token: String) -> Bool {
        // Hashed first, for texts of two lengths would be told apart at once.
        SHA256.hash(data: Data(token.utf8)) == SHA256.hash(data: Data(formToken.utf8))
    }

    private var formCode: HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(
            for: Data("coverdesk form 1".utf8), using: SymmetricKey(data: Data(text.utf8)))
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == 0x2D || byte == 0x5F
    }
}

extension SecretText: CustomStringConvertible {
    /// Says nothing, for it may end up in a log.
    package var description: String { "a secret" }
}

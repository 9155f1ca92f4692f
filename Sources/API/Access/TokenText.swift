package import Coverage
import Crypto
import Notifications

/// A token as chat servers send it: `coverdesk~CONSORTIUM~` and 256 random bits.
///
/// The beginning lets programs that look for leaked secrets know one, and tells whose it is without a look-up.
package enum TokenText {
    /// Makes a token of a generator's bits: the system's generator but in tests.
    package static func make(
        for consortium: Consortium.ID, using generator: inout some RandomNumberGenerator
    ) -> String {
        "coverdesk~\(consortium)~\(bits(using: &generator))"
    }

    /// 256 random bits as hexadecimal digits.
    private static func bits(using generator: inout some RandomNumberGenerator) -> String {
        hex(
            (0..<4).flatMap { _ in
                let word = generator.next() as UInt64
                return (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
            })
    }

    /// What is kept of a token.
    package static func hash(_ token: some StringProtocol) -> [UInt8] {
        Array(SHA256.hash(data: Array(token.utf8)))
    }

    static func hex(_ bytes: [UInt8]) -> String { WebhookSignature.hex(bytes) }
}

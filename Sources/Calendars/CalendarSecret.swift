import Crypto

/// What a calendar's address is kept secret by: 256 random bits, as 64 hexadecimal digits.
package enum CalendarSecret {
    private static let ending = ".ics"

    /// Makes a secret of a generator's bits: the system's generator but in tests.
    package static func make(using generator: inout some RandomNumberGenerator) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let secret = (0..<4).flatMap { _ in
            let word = generator.next() as UInt64
            return (0..<16).map { digits[Int(truncatingIfNeeded: word >> (4 * $0)) & 15] }
        }
        return String(decoding: secret, as: UTF8.self)
    }

    /// What is kept of a secret: SHA-256.
    package static func hash(_ secret: some StringProtocol) -> [UInt8] {
        Array(SHA256.hash(data: Array(secret.utf8)))
    }

    /// The path of a calendar's address.
    package static func path(_ secret: String) -> String { "/calendar/\(secret)\(ending)" }

    /// The secret in the last part of an address; nil if it can be none.
    package static func secret(inFile name: String) -> Substring? {
        guard name.utf8.count == 64 + ending.utf8.count, name.hasSuffix(ending) else { return nil }
        return name.dropLast(ending.count)
    }
}

/// What a calendar's address is kept secret by: 256 random bits.
package enum CalendarSecret {
    private static let ending = ".ics"

    /// Makes a secret of a generator's bits: the system's generator but in tests.
    package static func make(using generator: inout some RandomNumberGenerator) -> String {
        TokenText.bits(using: &generator)
    }

    /// What is kept of a secret.
    package static func hash(_ secret: some StringProtocol) -> [UInt8] {
        TokenText.hash(secret)
    }

    /// The path of a calendar's address.
    package static func path(_ secret: String) -> String { "/calendar/\(secret)\(ending)" }

    /// The secret in the last part of an address; nil if it can be none.
    static func secret(inFile name: String) -> Substring? {
        guard name.utf8.count == 64 + ending.utf8.count, name.hasSuffix(ending) else { return nil }
        return name.dropLast(ending.count)
    }
}

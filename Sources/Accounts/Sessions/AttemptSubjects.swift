import Coverage
import Crypto
import Foundation

/// Whose allowances an attempt to sign in is taken from, as hashes.
package struct AttemptSubjects: Hashable, Sendable {
    let email: [UInt8]
    let address: [UInt8]?

    /// Takes what an attempt comes with.
    ///
    /// - Parameters:
    ///   - email: As it was typed: one that no account has is counted, too.
    ///   - address: An IP address; nil where none is to be counted.
    init(email: String, address: String?) {
        let typed = EmailAddress(email)?.text ?? email.lowercased()
        self.email = Self.hash("email \(typed)")
        self.address = address.map(Self.address)
    }

    /// An attempt that names no account: only where it comes from is counted.
    static func address(_ address: String) -> [UInt8] { hash("address \(network(of: address))") }

    /// A way to the identity provider and back, which is gone once.
    static func visit(_ visit: ProviderVisit) -> [UInt8] { hash("visit \(visit.state)") }

    /// The address, or of IPv6 the first 64 bits, all of which one client has.
    package static func network(of address: String) -> String {
        // A dot: IPv4, maybe written as IPv6.
        guard address.contains(":"), !address.contains(".") else { return address }
        var groups = address.lowercased().split(separator: ":", omittingEmptySubsequences: false)
        if let gap = groups.firstIndex(of: "") {
            let missing = max(0, 8 - groups.count { !$0.isEmpty })
            groups.replaceSubrange(gap..<gap + 1, with: Array(repeating: "0", count: missing))
        }
        return groups.filter { !$0.isEmpty }.prefix(4).map { String(Int($0, radix: 16) ?? 0, radix: 16) }
            .joined(separator: ":")
    }

    private static func hash(_ text: String) -> [UInt8] { Array(SHA256.hash(data: Data(text.utf8))) }
}

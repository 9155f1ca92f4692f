/// Addresses to which secrets may go.
enum SafeAddress {
    /// The host of an address by https, or by http of this very machine, which no network sees; otherwise nil.
    static func host(of text: String) -> String? {
        guard text.utf8.count <= 2000, text.utf8.allSatisfy(isUsual) else { return nil }
        let schemes = ["https://", "http://"]
        guard let scheme = schemes.first(where: { text.lowercased().hasPrefix($0) }) else { return nil }
        let authority = text.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        // What is before an @ would be a name and a password.
        guard !authority.contains("@"), let host = host(in: authority) else { return nil }
        let isHere = ["localhost", "127.0.0.1", "[::1]"].contains(host)
        return scheme == "https://" || isHere ? host : nil
    }

    private static func isUsual(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && !"\"<>\\^`{|}".utf8.contains(byte)
    }

    static func isSafe(_ text: String) -> Bool { host(of: text) != nil }

    /// The host without the port behind it.
    private static func host(in authority: Substring) -> String? {
        var rest = authority
        let host: Substring
        if rest.hasPrefix("[") {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            host = rest[...end]
        } else {
            host = rest.prefix { $0 != ":" }
        }
        rest = rest.dropFirst(host.count)
        let port = rest.dropFirst()
        guard !host.isEmpty, rest.isEmpty || (rest.hasPrefix(":") && (1...5).contains(port.count)),
            port.allSatisfy({ ("0"..."9").contains($0) })
        else { return nil }
        return host.lowercased()
    }
}

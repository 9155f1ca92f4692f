/// Where browsers reach the pages, as far as the settings say.
package struct SiteAddress: Hashable, Sendable {
    /// Scheme and host, `https://desk.example.org`; nil where it is whatever browsers ask for.
    package let origin: String?
    /// Whether they come by https, so that cookies may not go any other way.
    package let isSecure: Bool
    /// How many proxies in front write where a request comes from into `X-Forwarded-For`.
    package let proxies: Int

    /// Takes the settings; nil if the address is none.
    ///
    /// - Parameters:
    ///   - url: The address for people, with nothing behind the host; nil where it is not set.
    ///   - hasTLS: Whether the service itself answers by https.
    ///   - proxies: How many are in front.
    package init?(url: String?, hasTLS: Bool, proxies: Int = 0) {
        self.proxies = proxies
        guard let url else {
            (origin, isSecure) = (nil, hasTLS)
            return
        }
        let text = url.lowercased()
        let address = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard let scheme = ["https://", "http://"].first(where: { address.hasPrefix($0) }) else { return nil }
        let host = address.dropFirst(scheme.count)
        guard !host.isEmpty, host.utf8.allSatisfy(Self.isOfHost) else { return nil }
        (origin, isSecure) = (address, scheme == "https://")
    }

    private static func isOfHost(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x3A).contains(byte) || "-.[]".utf8.contains(byte)
    }

    /// What goes before a path in a whole address, given the host that the browser asked for.
    package func prefix(host: String?) -> String {
        origin ?? host.map { "\(isSecure ? "https" : "http")://\($0)" } ?? ""
    }
}

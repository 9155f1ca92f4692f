import Coverage
import Foundation

/// The origins to whose addresses news may be posted, `https://hooks.slack.com`: whoever runs the service names them, so
/// that nobody makes it talk to what only it can reach.
package struct PostOrigins: Hashable, Sendable {
    /// In lower case, as they were named.
    package let all: [String]

    /// Takes origins, parted by commas or spaces; nil where one of them is none.
    package init?(_ text: String) {
        let parts = text.split { $0 == "," || $0.isWhitespace }.map { $0.lowercased() }
        guard !parts.isEmpty, parts.allSatisfy({ Self.origin(of: $0) == $0 }) else { return nil }
        all = parts
    }

    /// Whether an address belongs to one of them.
    package func allow(_ url: String) -> Bool {
        Self.origin(of: url).map(all.contains) ?? false
    }

    /// Scheme, host and port in lower case; nil where the text is no address by http or https.
    private static func origin(of url: String) -> String? {
        guard WebAddress.accepts(url), let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            let host = parts.host?.lowercased(), parts.user == nil
        else { return nil }
        return "\(scheme)://\(host)\(parts.port.map { ":\($0)" } ?? "")"
    }
}

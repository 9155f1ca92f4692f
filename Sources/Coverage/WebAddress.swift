/// What counts as an address of a page or of a program that takes events: a URI of RFC 3986 with a host, by http or https.
///
/// Of IPv6 addresses the full form and `::1`, which a pattern can tell from what only looks like one.
package enum WebAddress {
    /// Its length in characters, all of ASCII.
    package static let length = 10...2000

    /// The rule as a regular expression of ECMA 262, for the OpenAPI document.
    package static let pattern =
        "^https?://([A-Za-z0-9._-]+|\\[(::1|([0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4})\\])(:[0-9]{1,5})?"
        + "(/([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*"
        + "(\\?([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
        + "(#([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?)?$"

    /// Whether a text is one; the same as ``pattern`` says, without an engine for patterns on what strangers send.
    package static func accepts(_ text: String) -> Bool {
        guard length.contains(text.utf8.count), let scheme = ["http://", "https://"].first(where: text.hasPrefix)
        else { return false }
        var rest = text.utf8.dropFirst(scheme.utf8.count)
        let authority = rest.prefix { $0 != UInt8(ascii: "/") }
        rest = rest.dropFirst(authority.count)
        return isAuthority(authority) && isPath(rest)
    }

    private static let letters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    private static let digits = Set("0123456789".utf8)
    private static let hexadecimal = digits.union("abcdefABCDEF".utf8)
    private static let named = letters.union(digits).union("._-".utf8)
    private static let inPath = named.union("~!$&'()*+,;=:@/".utf8)

    /// A host, and a port behind a colon if there is one.
    private static func isAuthority(_ text: Substring.UTF8View) -> Bool {
        var rest = text
        if rest.first == UInt8(ascii: "[") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "]")), isIPv6(rest[rest.startIndex..<end].dropFirst())
            else { return false }
            rest = rest[end...].dropFirst()
        } else {
            let host = rest.prefix(while: named.contains)
            guard !host.isEmpty else { return false }
            rest = rest.dropFirst(host.count)
        }
        guard let colon = rest.first else { return true }
        let port = rest.dropFirst()
        return colon == UInt8(ascii: ":") && (1...5).contains(port.count) && port.allSatisfy(digits.contains)
    }

    private static func isIPv6(_ text: Substring.UTF8View) -> Bool {
        if text.elementsEqual("::1".utf8) { return true }
        let groups = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        return groups.count == 8
            && groups.allSatisfy { (1...4).contains($0.count) && $0.allSatisfy(hexadecimal.contains) }
    }

    /// A path, and a query and a fragment if there are any.
    private static func isPath(_ text: Substring.UTF8View) -> Bool {
        var hasFragment = false
        var rest = text
        while let next = rest.popFirst() {
            switch next {
            case UInt8(ascii: "%"):
                let code = rest.prefix(2)
                guard code.count == 2, code.allSatisfy(hexadecimal.contains) else { return false }
            // Once there is a query further question marks are part of it, or of the fragment.
            case UInt8(ascii: "?"): break
            case UInt8(ascii: "#"):
                guard !hasFragment else { return false }
                hasFragment = true
            default:
                guard inPath.contains(next) else { return false }
            }
        }
        return true
    }
}

/// Where somebody wanted to go before they had to sign in: a page of ours, for the address may come from elsewhere.
package struct ReturnPath: Hashable, Sendable {
    package let text: String

    /// Takes an address; nil if it could lead to another host.
    ///
    /// Browsers take `//host` and `/\host` for other hosts, and leave out tabs and line ends before they look; so no more
    /// is let through than paths are made of.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.first == UInt8(ascii: "/"), bytes.count <= 2000, bytes.dropFirst().first != UInt8(ascii: "/"),
            bytes.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") })
        else { return nil }
        self.text = String(text)
    }

    static let start = ReturnPath(known: "/")

    private init(known text: String) { self.text = text }

    /// The page that asks who somebody is, and leads on to this one.
    var signIn: String {
        text == "/" ? "/sign-in" : "/sign-in?to=\(FormFields.encoded(text))"
    }
}

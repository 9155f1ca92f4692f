/// An email address by which somebody signs in, in small letters: capitals make no other address.
package struct EmailAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address, `ada@example.org`.
    package let text: String

    /// Reads an address; spaces around it are left out.
    ///
    /// Only the form is looked at, and not closely: whether mail arrives there, only mail can tell. At most 254 bytes,
    /// as RFC 5321 allows (section 4.5.3.1.3, the angle brackets taken off).
    package init?(_ text: String) {
        var address = Substring(text.lowercased())
        while address.first == " " { address.removeFirst() }
        while address.last == " " { address.removeLast() }
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), address.utf8.count <= 254,
            address.allSatisfy(Self.isUsual)
        else { return nil }
        self.text = String(address)
    }

    private static func isUsual(_ character: Character) -> Bool {
        !character.isWhitespace && !"<>()[]\\,;:\"".contains(character)
            && character.unicodeScalars.allSatisfy {
                $0.properties.generalCategory != .control && $0.properties.generalCategory != .format
            }
    }

    package var description: String { text }
}

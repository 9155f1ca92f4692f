import Foundation

/// A password as somebody typed it.
///
/// Letters that can be written in two ways in Unicode are brought to one, by normalization form C (NIST SP 800-63B-4,
/// section 3.1.1.2), so that it is the same password on every keyboard.
package struct Password: Sendable {
    let text: String

    /// Takes a text; nil if it is empty, or so long that it can be nobody's password.
    package init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= 4 * Self.maximumBytes else { return nil }
        self.text = text.precomposedStringWithCanonicalMapping
    }

    var bytes: [UInt8] { Array(text.utf8) }

    /// The fewest characters that a new one may have: NIST SP 800-63B-4 asks for 15 where a password is all there is.
    package static let minimumCharacters = 15
    /// The most bytes that a new one may have: at least 64 characters, of whichever script.
    package static let maximumBytes = 256

    /// Sees to it that a new password is a good one for an account.
    ///
    /// As NIST SP 800-63B-4 has it, section 3.1.1.2: long, not one of those that are tried first, not what everybody
    /// knows of the account; and no rules about capitals, digits and signs, which make people choose worse ones.
    ///
    /// - Throws: The first ``PasswordRefusal`` that applies, in the order of its cases.
    package func check(for email: String, name: String, consortium: String) throws(PasswordRefusal) {
        guard text.unicodeScalars.count >= Self.minimumCharacters else {
            throw .tooShort(minimumCharacters: Self.minimumCharacters)
        }
        guard text.utf8.count <= Self.maximumBytes else { throw .tooLong(maximumBytes: Self.maximumBytes) }
        let plain = Self.plain(text)
        let known = [email, email.split(separator: "@").first.map(String.init) ?? "", name, consortium, "coverdesk"]
        let unit = Self.repeatedUnit(of: plain)
        guard !known.map(Self.plain).contains(where: { $0 == plain || $0 == unit && !$0.isEmpty }) else {
            throw .knownToEverybody
        }
        guard !CommonPasswords.contains(plain), unit.map({ $0.count > 4 && !CommonPasswords.contains($0) }) ?? true
        else { throw .tooCommon }
    }

    /// Small letters without spaces.
    private static func plain(_ text: String) -> String {
        text.lowercased().filter { !$0.isWhitespace }
    }

    /// What a text is made of again and again, `abc` of `abcabcab`; nil if it is not.
    private static func repeatedUnit(of text: String) -> String? {
        let characters = Array(text)
        guard characters.count > 1 else { return nil }
        for length in 1...(characters.count / 2)
        where characters.indices.dropFirst(length).allSatisfy({ characters[$0] == characters[$0 - length] }) {
            return String(characters[..<length])
        }
        return nil
    }
}

extension Password: CustomStringConvertible {
    /// Says nothing, for it may end up in a log.
    package var description: String { "a password" }
}

import Foundation

/// Text as mail carries it: headers of ASCII alone, lines of at most 76 characters.
enum MailText {
    /// A header's text in encoded words (RFC 2047), folded where it is long; plain where that is the same.
    static func encodedWords(_ text: String) -> String {
        // What is plain may still mean something to a parser of addresses; letters, digits and spaces do not.
        let isPlain = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x20
        }
        guard !isPlain || text.utf8.count > 60 else { return text }
        return pieces(of: text).map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\n ")
    }

    /// Parts of at most 42 bytes, for an encoded word has at most 75 characters and never half of a letter.
    private static func pieces(of text: String) -> [String] {
        var pieces = [""]
        for scalar in text.unicodeScalars {
            if pieces[pieces.count - 1].utf8.count + scalar.utf8.count > 42 { pieces.append("") }
            pieces[pieces.count - 1].unicodeScalars.append(scalar)
        }
        return pieces
    }

    /// A body as quoted-printable (RFC 2045, section 6.7).
    static func quotedPrintable(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { quotedLine(Array($0.utf8)) }
            .joined(separator: "\n")
    }

    private static func quotedLine(_ bytes: [UInt8]) -> String {
        var (lines, line) = ([String](), "")
        for (index, byte) in bytes.enumerated() {
            let isLast = index == bytes.count - 1
            let isPlain = (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "=")
            // A space at a line's end would be lost on the way, and a lone point ends a mail for some programs.
            let isInnerSpace = byte == 0x20 && !isLast
            let isPoint = byte == UInt8(ascii: ".") && line.isEmpty
            let token = (isPlain && !isPoint) || isInnerSpace ? String(UnicodeScalar(byte)) : escaped(byte)
            if line.utf8.count + token.utf8.count > 75 {
                lines.append(line + "=")
                line = ""
            }
            line += token
        }
        return (lines + [line]).joined(separator: "\n")
    }

    private static func escaped(_ byte: UInt8) -> String {
        "=" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
}

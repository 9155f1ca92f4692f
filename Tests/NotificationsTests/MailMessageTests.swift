import Coverage
import Foundation
import Notifications
import Testing

@Suite("A mail")
struct MailMessageTests {
    private static func message(
        to name: String = "Ada King", subject: String = "Hello", body: String = "Text"
    ) throws -> MailMessage {
        MailMessage(
            from: try #require(MailAddress("Coverdesk <desk@example.org>")),
            to: MailAddress(name: name, email: try #require(EmailAddress("ada@example.org"))), subject: subject,
            body: body, date: Instant(secondsSince1970: 1_792_994_400), id: "notification-7.two")
    }

    private static func headers(_ text: String) -> [String] {
        let head = text.firstRange(of: "\n\n").map { String(text[..<$0.lowerBound]) } ?? text
        return head.replacing("\n ", with: " ").split(separator: "\n").map(String.init)
    }

    @Test("says from whom, to whom, when, and that no answer is awaited by a person")
    func headers() throws {
        let headers = Self.headers(try Self.message().text)
        #expect(headers.contains("From: Coverdesk <desk@example.org>"))
        #expect(headers.contains("To: Ada King <ada@example.org>"))
        #expect(headers.contains("Subject: Hello"))
        #expect(headers.contains("Date: Mon, 26 Oct 2026 06:00:00 +0000"))
        #expect(headers.contains("Message-ID: <notification-7.two@example.org>"))
        #expect(headers.contains("Auto-Submitted: auto-generated"))
    }

    @Test(
        "carries names and subjects of all letters, and no line of them becomes a header",
        arguments: [
            "Žofie Müller-Łuczak, Dr. \"Q\" <x@y>", "library\nBcc: everybody@example.org", "図書館の人たち, とても長い名前のひとびと、まだ続く",
            "a=?utf-8?B?Qg==?=",
        ])
    func encodes(text: String) throws {
        let message = try Self.message(to: text, subject: text).text
        let headers = Self.headers(message)
        #expect(headers.count == 9, "\(headers)")
        #expect(message.utf8.allSatisfy { $0 < 0x7F })
        #expect(message.split(separator: "\n").allSatisfy { $0.utf8.count <= 78 })
        let subject = try #require(headers.first { $0.hasPrefix("Subject: ") }).dropFirst("Subject: ".count)
        #expect(Self.decoded(String(subject)) == text)
    }

    @Test(
        "carries a body of all letters in short lines",
        arguments: [
            "a", ".", "a = b", "trailing space \nnext", String(repeating: "långt ", count: 40), "=\n\n..\n\tx\t",
            String(repeating: "x", count: 200),
        ])
    func body(text: String) throws {
        let message = try Self.message(body: text).text
        let range = try #require(message.firstRange(of: "\n\n"))
        let coded = String(message[range.upperBound...].dropLast())
        #expect(coded.split(separator: "\n").allSatisfy { $0.utf8.count <= 76 && !$0.hasSuffix(" ") && $0 != "." })
        #expect(Self.unquoted(coded) == text)
    }

    @Test("is from an address with a name or without one, and from nothing else")
    func addresses() throws {
        #expect(MailAddress("desk@example.org")?.name == "")
        #expect(MailAddress("\"The desk\" <desk@example.org>")?.name == "The desk")
        #expect(MailAddress("desk") == nil)
        #expect(MailAddress("Desk <desk>") == nil)
        #expect(MailAddress("") == nil)
    }

    private static func decoded(_ header: String) -> String {
        let words = header.split(separator: " ").map { word -> Data in
            let coded = word.dropFirst("=?utf-8?B?".count).dropLast(2)
            return Data(base64Encoded: String(coded)) ?? Data()
        }
        return String(decoding: words.reduce(Data(), +), as: UTF8.self)
    }

    private static func unquoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.replacing("=\n", with: "").utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "=") else {
                bytes.append(byte)
                continue
            }
            bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

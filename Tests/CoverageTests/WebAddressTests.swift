import Coverage
import Foundation
import TestSupport
import Testing

@Suite("An address that is given to the service")
struct WebAddressTests {
    @Test(
        "may be that of a page, with a port, a query and a fragment",
        arguments: [
            "http://a.b", "https://desk.example.org/hooks/1?key=%41b&x=/?#part", "http://127.0.0.1:8080/",
            "http://[::1]:8080/in", "https://[2001:db8:0:0:0:0:0:1]/",
        ])
    func accepts(text: String) {
        #expect(WebAddress.accepts(text))
    }

    @Test(
        "is refused where it is none",
        arguments: [
            "https://l:F/|w?V<q!PtC0,", "https://a/b c", "https://a/b|c", "https://a/%4", "https://a/x#y#z",
            "https:///path", "https://a:123456/", "https://[::2]/", "https://a:/", "ftp://example.org",
            "https://bücher.example/",
        ])
    func refuses(text: String) {
        #expect(!WebAddress.accepts(text))
    }

    @Test("is judged as the document's pattern says", arguments: 1...2000)
    func agreesWithPattern(seed: Int) throws {
        let pieces = [
            "http://", "https://", "a", "b.c", ":", "80", "/", "?", "#", "%41", "%4", "[", "::1", "]", "|", "_",
        ]
        var random = SplitMix64(seed: UInt64(seed))
        let text = (0..<8).map { $0 == 0 ? pieces[seed % 2] : pieces.randomElement(using: &random) ?? "" }.joined()
        guard WebAddress.length.contains(text.utf8.count) else { return }
        let matches = text.range(of: WebAddress.pattern, options: .regularExpression) != nil
        #expect(WebAddress.accepts(text) == matches, "\(text)")
    }
}

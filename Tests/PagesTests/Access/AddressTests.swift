import Pages
import Testing

@Suite("What browsers send")
struct AddressTests {
    @Test(
        "after signing in only pages of ours are gone to",
        arguments: [
            "//evil.example", "/\\evil.example", "\\\\evil.example", "https:", "https://evil.example", "evil.example",
            "javascript:alert(1)", "", "/\t/evil.example", "/\n/evil.example", "/week\r\nSet-Cookie: x=y", " /week",
            "/wéek", "/week\u{0}", "/" + String(repeating: "a", count: 2000),
        ])
    func staysHere(address: String) {
        #expect(ReturnPath(address) == nil)
    }

    @Test("pages of ours are", arguments: ["/", "/week", "/week?date=2026-10-26&queue=ask", "/accounts/3/role"])
    func goesThere(address: String) {
        #expect(ReturnPath(address)?.text == address)
    }

    @Test("a form is read as it was typed, and written so that it can be")
    func readsForms() {
        let form = FormFields(
            "name=Ada+King&email=ada%40example.org&odd=100%25%2&empty=&=x&flag&caf%C3%A9=%F0%9F%93%9A")
        #expect(form["name"] == "Ada King")
        #expect(form["email"] == "ada@example.org")
        #expect(form["odd"] == "100%%2")
        #expect(form["empty"].isEmpty)
        #expect(form["flag"].isEmpty)
        #expect(form["nothing"].isEmpty)
        #expect(form["café"] == "📚")
        let text = "/week?a=b&c=d e+f%g\u{E9}\n"
        #expect(FormFields("to=\(FormFields.encoded(text))")["to"] == text)
        #expect(FormFields("name=%20%20").text("name") == nil)
        #expect(FormFields("name=+Ada+").text("name") == "Ada")
    }

    @Test(
        "the address for people is one with nothing behind the host",
        arguments: [
            ("https://desk.example.org", true), ("https://Desk.example.org/", true), ("http://127.0.0.1:8080", false),
        ])
    func reads(url: String, isSecure: Bool) {
        let address = SiteAddress(url: url, hasTLS: false)
        #expect(address?.isSecure == isSecure)
        #expect(address?.origin?.hasSuffix("/") == false)
    }

    @Test(
        "anything else is refused",
        arguments: ["desk.example.org", "https://", "https://a/b", "https://a b", "ftp://a"])
    func refuses(url: String) {
        #expect(SiteAddress(url: url, hasTLS: false) == nil)
    }

    @Test("without it, cookies are for https alone where the service itself answers by it", arguments: [true, false])
    func followsTLS(hasTLS: Bool) {
        #expect(SiteAddress(url: nil, hasTLS: hasTLS)?.isSecure == hasTLS)
    }

    @Test(
        "browsers are told apart in words",
        arguments: [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0",
                "Edge on Windows"
            ),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari on iPhone"),
            ("curl/8.0", "Another program"), ("", "Another program"),
        ])
    func knows(device: String, words: String) {
        #expect(DeviceText.words(device) == words)
    }
}

import Notifications
import Testing

@Suite("Origins to which news may be posted")
struct PostOriginsTests {
    @Test("allow addresses of theirs, however they are written, and no others")
    func allows() throws {
        let origins = try #require(PostOrigins("https://hooks.slack.com, http://127.0.0.1:8080"))
        #expect(origins.all == ["https://hooks.slack.com", "http://127.0.0.1:8080"])
        for url in [
            "https://hooks.slack.com/services/T1/B2", "https://Hooks.Slack.com/x", "http://127.0.0.1:8080/hook",
        ] {
            #expect(origins.allow(url), "\(url)")
        }
        for url in [
            "http://hooks.slack.com/x", "https://hooks.slack.com.example.org/", "https://hooks.slack.com:8443/",
            "https://hooks.slack.com@example.org/", "http://127.0.0.1/", "http://127.0.0.1:80800/",
            "file:///etc/passwd", "",
        ] {
            #expect(!origins.allow(url), "\(url)")
        }
    }

    @Test("are named with nothing behind the host")
    func named() {
        for text in ["", "hooks.slack.com", "https://hooks.slack.com/services", "https://a.example, ftp://b.example"] {
            #expect(PostOrigins(text) == nil, "\(text)")
        }
    }
}

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Pages

/// A browser, as far as the pages need one: it keeps cookies, follows nothing by itself, and has no scripts.
struct Browser {
    let base: String
    /// What it says of where its requests come from; nil is the site's own address.
    var origin: String?
    /// Headers beside those that every request has.
    var headers: [String: String] = [:]
    private(set) var cookie: String?

    init(at base: String) {
        self.base = base
    }

    /// What came back.
    struct Answer {
        let status: Int
        let headers: HTTPHeaders
        let text: String

        var location: String? { header("Location") }
        var setCookie: String? { header("Set-Cookie") }

        func header(_ name: String) -> String? { headers.first(name: name) }

        /// The token of the page's forms.
        var formToken: String { value(after: "name=\"form_token\" value=\"") ?? "" }

        /// What stands between a text and the next quotation mark.
        func value(after text: String) -> String? {
            guard let range = self.text.firstRange(of: text) else { return nil }
            return String(self.text[range.upperBound...].prefix { $0 != "\"" })
        }
    }

    mutating func get(_ path: String) async throws -> Answer {
        try await ask(.GET, path, nil)
    }

    /// Sends a form.
    mutating func post(_ path: String, _ fields: [String: String]) async throws -> Answer {
        let body = fields.sorted { $0.key < $1.key }
            .map { "\(FormFields.encoded($0.key))=\(FormFields.encoded($0.value))" }.joined(separator: "&")
        return try await ask(.POST, path, body)
    }

    /// Sends a form with the token of a page that is loaded first.
    mutating func submit(_ path: String, from page: String, _ fields: [String: String] = [:]) async throws -> Answer {
        let token = try await get(page).formToken
        return try await post(path, fields.merging(["form_token": token]) { $1 })
    }

    /// Sends files, as a form with a field for several does.
    mutating func send(_ files: [String: String], to path: String, token: String) async throws -> Answer {
        let boundary = "----coverdesk-test-5f1c"
        var body = "--\(boundary)\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n\(token)\r\n"
        for (name, text) in files.sorted(by: { $0.key < $1.key }) {
            body += "--\(boundary)\r\nContent-Disposition: form-data; name=\"files\"; filename=\"\(name)\"\r\n"
            body += "Content-Type: text/csv\r\n\r\n\(text)\r\n"
        }
        return try await ask(
            .POST, path, body + "--\(boundary)--\r\n", type: "multipart/form-data; boundary=\(boundary)")
    }

    @discardableResult
    mutating func signIn(_ email: String, _ password: String, to: String = "/") async throws -> Answer {
        try await post("/sign-in", ["email": email, "password": password, "to": to])
    }

    /// What comes first of a page that never ends, up to a text.
    mutating func beginning(of path: String, until end: String) async throws -> String {
        var request = HTTPClientRequest(url: base + path)
        if let cookie { request.headers.add(name: "Cookie", value: cookie) }
        let response = try await Self.client.execute(request, timeout: .seconds(60))
        var text = ""
        for try await piece in response.body {
            text += String(buffer: piece)
            if text.contains(end) { break }
        }
        return text
    }

    private mutating func ask(
        _ method: HTTPMethod, _ path: String, _ form: String?, type: String = "application/x-www-form-urlencoded"
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: base + path)
        request.method = method
        request.headers.add(name: "Accept", value: "text/html")
        request.headers.add(name: "User-Agent", value: "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0")
        if let cookie { request.headers.add(name: "Cookie", value: cookie) }
        if let form {
            request.headers.add(name: "Origin", value: origin ?? base)
            request.headers.add(name: "Content-Type", value: type)
            request.body = .bytes(ByteBuffer(string: form))
        }
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        let response = try await Self.client.execute(request, timeout: .seconds(60))
        if let line = response.headers.first(name: "Set-Cookie"), let pair = line.split(separator: ";").first {
            cookie = pair.hasSuffix("=") ? nil : String(pair)
        }
        return Answer(
            status: Int(response.status.code), headers: response.headers,
            text: String(buffer: try await response.body.collect(upTo: 10_000_000)))
    }

    private static let client = HTTPClient(
        eventLoopGroup: HTTPClient.defaultEventLoopGroup,
        configuration: HTTPClient.Configuration(redirectConfiguration: .disallow))
}

package import AsyncHTTPClient
package import Coverage
import NIOCore
import NIOHTTP1

/// JSON that is posted to a program, signed with a secret that both know.
package struct SignedPost: Sendable {
    private let client: HTTPClient
    private let clock: @Sendable () -> Instant

    private static let timeout = TimeAmount.seconds(10)

    /// - Parameters:
    ///   - client: Must not follow redirects: what a program sends elsewhere would go where nobody allowed.
    ///   - clock: The world's: posts are signed with the time at which they are sent.
    package init(client: HTTPClient, clock: @escaping @Sendable () -> Instant) {
        self.client = client
        self.clock = clock
    }

    /// Posts a body.
    ///
    /// - Parameters:
    ///   - body: JSON.
    ///   - url: Where to.
    ///   - secret: What it is signed with (``WebhookSignature``).
    ///   - event: The number of the event that it tells of, for the header `Coverdesk-Event`; nil leaves that out.
    /// - Returns: Nil if it was taken, within ten seconds; otherwise what happened instead.
    package func send(_ body: [UInt8], to url: String, secret: [UInt8], event: Int64? = nil) async -> String? {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "User-Agent", value: "coverdesk")
        if let event { request.headers.add(name: "Coverdesk-Event", value: "\(event)") }
        let signature = WebhookSignature.header(
            key: WebhookSignature.hex(secret), timestamp: clock().secondsSince1970, body: body)
        request.headers.add(name: "Coverdesk-Signature", value: signature)
        request.body = .bytes(body)
        do {
            let response = try await client.execute(request, timeout: Self.timeout)
            return (200..<300).contains(response.status.code) ? nil : "answered \(response.status.code)"
        } catch let error as HTTPClientError {
            return "no answer: \(error.shortDescription)"
        } catch {
            return "no answer: \(type(of: error))"
        }
    }
}

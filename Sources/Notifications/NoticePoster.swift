package import AsyncHTTPClient
package import Coverage
import Foundation
import NIOCore
import NIOHTTP1
import Storage

/// Posts people's news to programs: a chat's incoming address, as Slack, Mattermost and ntfy have them, or one's own.
package struct NoticePoster: Sendable {
    package let origins: PostOrigins
    private let client: HTTPClient
    /// Where people reach the pages; nil where it is not set, and news names no address.
    let site: String?
    /// The world's clock: posts are signed with the time at which they are sent.
    private let clock: @Sendable () -> Instant

    /// Sets it up.
    ///
    /// - Parameters:
    ///   - origins: Where to.
    ///   - client: Must not follow redirects: what an origin sends elsewhere would go where nobody allowed.
    ///   - site: `https://desk.example.org`.
    ///   - clock: The world's.
    package init(
        origins: PostOrigins, client: HTTPClient, site: String?, clock: @escaping @Sendable () -> Instant
    ) {
        self.origins = origins
        self.client = client
        self.site = site
        self.clock = clock
    }

    private static let timeout = TimeAmount.seconds(10)

    /// What is posted, as JSON.
    package struct Message: Encodable, Sendable {
        /// The same for the same news, however often it comes.
        package var number: Int64
        /// `schedule_changed`, `request_waiting`, …: what docs/notifications.md lists.
        package var kind: String
        /// When it happened, RFC 3339.
        package var at: String
        /// The email address of the account that is told.
        package var to: String
        package var subject: String
        /// Subject and news in words, which chats show as they are.
        package var text: String

        package init(number: Int64, kind: String, at: Instant, to: String, subject: String, body: String) {
            (self.number, self.kind, self.at, self.to) = (number, kind, at.rfc3339, to)
            (self.subject, text) = (subject, "\(subject)\n\n\(body)")
        }
    }

    /// Posts a message.
    ///
    /// - Parameters:
    ///   - message: What.
    ///   - url: Where to.
    ///   - secret: What it is signed with, as webhooks are (docs/api.md).
    /// - Returns: Nil if it was taken; otherwise what happened instead.
    package func post(_ message: Message, to url: String, secret: [UInt8]) async -> String? {
        guard origins.allow(url) else { return "nothing may be posted to its origin" }
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let body = Array(try encoder.encode(message))
            var request = HTTPClientRequest(url: url)
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/json")
            request.headers.add(name: "User-Agent", value: "coverdesk")
            let signature = WebhookSignature.header(
                key: WebhookSignature.hex(secret), timestamp: clock().secondsSince1970, body: body)
            request.headers.add(name: "Coverdesk-Signature", value: signature)
            request.body = .bytes(body)
            let response = try await client.execute(request, timeout: Self.timeout)
            return (200..<300).contains(response.status.code) ? nil : "answered \(response.status.code)"
        } catch let error as HTTPClientError {
            return "no answer: \(error.shortDescription)"
        } catch {
            return "no answer: \(type(of: error))"
        }
    }
}

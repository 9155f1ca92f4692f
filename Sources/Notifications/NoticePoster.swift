package import AsyncHTTPClient
package import Coverage
import Foundation
import Storage

/// Posts people's news to programs: a chat's incoming address, as Slack, Mattermost and ntfy have them, or one's own.
package struct NoticePoster: Sendable {
    package let origins: PostOrigins
    private let post: SignedPost
    /// Where people reach the pages; nil where it is not set, and news names no address.
    let site: String?

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
        post = SignedPost(client: client, clock: clock)
        self.site = site
    }

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
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let body = try? encoder.encode(message) else { return "it cannot be written as JSON" }
        return await post.send(Array(body), to: url, secret: secret)
    }
}

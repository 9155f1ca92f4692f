import Accounts
import Coverage
import Foundation
import NIOHTTP1
import Notifications
import PostgresClient
import Storage
import StorageTestSupport
import TestSupport
import Testing

@Suite("What people choose to be told by mail")
struct NotificationPageTests {
    @Test("is chosen on the page of one's own account, each role what concerns it")
    func chooses() async throws {
        try await withSite { site in
            var pat = try await site.browser(of: .operator("pub01-01"))
            let page = try await pat.get("/account").text
            #expect(
                page.contains("own_schedule") && page.contains("open_shifts") && !page.contains(#"name="requests""#))
            #expect(page.contains("sends no mail yet"))
            let chosen = try await pat.submit(
                "/account/notifications", from: "/account",
                ["own_schedule": "daily", "own_requests": "never", "open_shifts": "daily", "hour": "17"])
            #expect(chosen.location == "/account?notice=notifications-chosen")
            let wrong = try await pat.submit("/account/notifications", from: "/account", ["hour": "25"])
            #expect(wrong.status == 422)
            let account = try await site.account(.operator("pub01-01"))
            let (deliveries, hour) = try await site.pool.withConnection {
                try await NotificationRepository(consortium: "two").choices(of: account.number, in: $0)
            }
            #expect(deliveries[.ownSchedule] == .daily && deliveries[.ownRequests] == .never && hour == 17)
            var reader = try await site.browser(of: .reader(nil))
            #expect(try await !reader.get("/account").text.contains("/account/notifications"))
        }
    }

    @Test("goes to a chat's address too once that has taken a first message, signed, and to no other origin")
    func posts() async throws {
        try await withReceiver { receiver in
            let origin = receiver.url.replacingOccurrences(of: "/hook", with: "")
            try await withSite(["COVERDESK_NOTIFY_POST_ORIGINS": origin], arguments: .atSunday) { site in
                var pat = try await site.browser(of: .operator("pub01-01"))
                let elsewhere = ["url": "http://127.0.0.1:9/hook", "way": "post"]
                let refused = try await pat.submit("/account/notification-address", from: "/account", elsewhere)
                #expect(refused.status == 422 && refused.text.contains("Give an address that begins with \(origin)"))
                let fields = ["url": receiver.url, "way": "post"]
                let saved = try await pat.submit("/account/notification-address", from: "/account", fields)
                #expect(saved.location == "/account?notice=address-set", "\(saved.text)")
                let secret = try #require(try await pat.get("/account").value(after: #"class="secret">"#)?.prefix(64))
                try await site.pool.withTransaction { transaction in
                    try await NotificationRepository(consortium: "two").enqueue(
                        .absenceRemoved(NoticeTime(Self.hour), by: "Bo"), to: .operator("pub01-01"), by: "bo",
                        at: Self.hour.lowerBound, in: transaction)
                }
                try await eventually("it is posted") { receiver.posts.count == 2 }
                let post = receiver.posts[1]
                let text = String(decoding: post.body, as: UTF8.self)
                #expect(
                    text.contains(#""kind":"absence_removed""#) && text.contains("Bo has taken back that you are away"))
                let signature = try #require(post.headers.first(name: "Coverdesk-Signature"))
                let time = try #require(Int64(signature.dropFirst(2).prefix { $0 != "," }))
                #expect(
                    signature == WebhookSignature.header(key: String(secret), timestamp: time, body: post.body))
                let removed = try await pat.submit("/account/notification-address/remove", from: "/account")
                #expect(removed.location == "/account?notice=address-removed")
            }
        }
    }

    @Test("is posted to no address that does not take the first message")
    func firstMessage() async throws {
        try await withReceiver(failing: 1) { receiver in
            let origin = receiver.url.replacingOccurrences(of: "/hook", with: "")
            try await withSite(["COVERDESK_NOTIFY_POST_ORIGINS": origin]) { site in
                var pat = try await site.browser(of: .operator("pub01-01"))
                let answer = try await pat.submit(
                    "/account/notification-address", from: "/account", ["url": receiver.url, "way": "both"])
                #expect(answer.status == 422 && answer.text.contains("answered 500"))
                #expect(try await !pat.get("/account").text.contains("Post nothing any more"))
            }
        }
    }

    private static let hour =
        Instant.newYork(
            CivilDate(daysSince1970: 20_752), hour: 10)..<Instant.newYork(CivilDate(daysSince1970: 20_752), hour: 11)

    @Test("an invitation goes by mail where the service sends some, and is shown where it could not be sent")
    func invites() async throws {
        try await withTemporaryFolder { folder in
            let program = "\(folder.path)/sendmail"
            try Data("#!/bin/sh\ncat >'\(folder.path)/mail'\ntest ! -e '\(folder.path)/full' || exit 75\n".utf8)
                .write(to: URL(fileURLWithPath: program))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
            let settings = [
                "COVERDESK_NOTIFY_SENDMAIL": "\(program) -t", "COVERDESK_NOTIFY_FROM": "Desk <desk@example.org>",
            ]
            try await withSite(settings) { site in
                var ada = try await site.browser(of: .coordinator)
                let fields = [
                    "name": "Bo", "email": "bo@example.org", "role": "manager", "library": "pub01", "deliver": "mail",
                ]
                let sent = try await ada.submit("/accounts", from: "/accounts", fields)
                #expect(sent.location == "/accounts?notice=mailed", "\(sent.text)")
                let mail = try String(contentsOfFile: "\(folder.path)/mail", encoding: .utf8)
                #expect(mail.contains("To: Bo <bo@example.org>") && mail.contains("/invitation/"))
                _ = FileManager.default.createFile(atPath: "\(folder.path)/full", contents: nil)
                let again = fields.merging(["email": "cy@example.org", "name": "Cy"]) { $1 }
                let shown = try await ada.submit("/accounts", from: "/accounts", again)
                #expect(shown.status == 200 && shown.text.contains("could not be sent"))
                #expect(shown.value(after: #"class="link" value=""#)?.contains("/invitation/") == true)
            }
        }
    }
}

import Coverage
import Scheduling
import Storage

/// A library's policy page as a colleague sees it, with its versions.
struct PolicyView {
    let book: LibraryBook
    let account: Account
    /// The newest first.
    let versions: [PolicyPageRepository.Page]
    /// The one that is shown; nil if there is none.
    let shown: PolicyPageRepository.Page?
    let freshDays: Int
    let now: Instant
    let notice: String

    private static let notices = [
        "written": "The page is changed. Offers bring it within seconds.",
        "confirmed": "It is noted that all of it is still so.",
        "changed": "Somebody else has changed the page meanwhile. Look at it as it is now.",
    ]

    private var latest: PolicyPageRepository.Page? { versions.first }

    var page: Page {
        get throws {
            Page(
                template: "policy", title: "Policy page of \(book.library.name)", section: .library,
                values: .present([
                    "library": book.library.name, "address": "/library/\(book.library.id)",
                    "parts": LibraryParts.links(of: book.library.id, for: account, at: .policy),
                    "notice": Self.notices[notice], "mayChange": account.decides(for: book.library.id),
                    "shown": try shown.map { try PolicyCard.values(PolicyText($0.content)) },
                    "older": shown.flatMap { page in
                        page.version == latest?.version ? nil : "This is version \(page.version), an earlier one."
                    },
                    "outOfDate": outOfDate, "standing": standing, "seen": latest?.version,
                    "versions": versions.map(values),
                ]), stylesheets: ["library.css"])
        }
    }

    private var outOfDate: String? {
        guard let latest, shown?.version == latest.version else { return nil }
        let days = now.seconds(since: latest.confirmedAt) / 86_400
        guard days >= Int64(freshDays) else { return nil }
        return "Out of date: for \(days) days nobody has said that it is all still so. Colleagues are told this too."
    }

    private var standing: String? {
        latest.map { page in
            "Version \(page.version) counts. It was last confirmed \(AccountWords.moment(page.confirmedAt, in: book.zone)), "
                + "and is out of date \(freshDays) days after that."
        }
    }

    private func values(_ page: PolicyPageRepository.Page) -> [String: Any] {
        [
            "version": page.version, "writtenAt": AccountWords.moment(page.writtenAt, in: book.zone),
            "writtenBy": page.writtenBy, "isShown": page.version == shown?.version,
        ]
    }
}

/// What the template of a page's content reads.
enum PolicyCard {
    static func values(_ text: PolicyText) -> [String: Any] {
        .present([
            "greeting": some(text.greeting), "hours": some(text.hours), "cards": some(text.cardsAndLoans),
            "body": some(text.body), "isEmpty": text.isEmpty, "hasDatabases": !text.databases.isEmpty,
            "hasReferrals": !text.referrals.isEmpty,
            "databases": text.databases.map { database in
                [String: Any].present(["name": database.name, "url": database.url, "note": database.note])
            },
            "referrals": text.referrals.map { ["topic": $0.topic, "to": $0.to] },
        ])
    }

    /// Nil in the place of nothing, which a template would take for something.
    private static func some(_ text: String) -> String? { text.isEmpty ? nil : text }
}

import Coverage
import Scheduling

/// The form in which a policy page is written.
struct PolicyEditView {
    let book: LibraryBook
    let account: Account
    let text: PolicyText
    /// The version that is replaced; 0 where there is none.
    var seen: Int
    var faults: [String] = []
    var isPreview = false
    /// What somebody else has written meanwhile, and who.
    var theirs: PolicyText?
    var theirAuthor: String?
    /// Empty lines behind those that are filled in.
    var spareLines = 2

    var page: Page {
        Page(
            template: "policy-edit", title: "Writing the policy page of \(book.library.name)", section: .library,
            values: .present([
                "library": book.library.name, "address": "/library/\(book.library.id)",
                "heading": seen == 0 ? "Write the policy page" : "Change the policy page",
                "parts": LibraryParts.links(of: book.library.id, for: account, at: .policy),
                "seen": seen, "faults": faults, "hasFaults": !faults.isEmpty, "conflict": conflict, "typed": typed,
                "preview": isPreview ? PolicyCard.values(text) : nil, "theirs": theirs.map(PolicyCard.values),
            ]), stylesheets: ["library.css"])
    }

    private var conflict: String? {
        theirAuthor.map { author in
            "\(author) has changed the page while you wrote, so nothing was saved. What it says now stands beside what "
                + "you wrote: take over what you need, and save once more to put yours in its place."
        }
    }

    private var typed: [String: Any] {
        let databases = text.databases + spare(PolicyText.Database(name: ""), behind: text.databases.count)
        let referrals = text.referrals + spare(PolicyText.Referral(topic: "", to: ""), behind: text.referrals.count)
        return [
            "greeting": text.greeting, "hours": text.hours, "cards": text.cardsAndLoans, "body": text.body,
            "databaseLines": databases.enumerated().map { index, database in
                [
                    "number": index + 1, "name": database.name, "url": database.url ?? "",
                    "note": database.note ?? "",
                ] as [String: Any]
            },
            "referralLines": referrals.enumerated().map { index, referral in
                ["number": index + 1, "topic": referral.topic, "to": referral.to] as [String: Any]
            },
        ]
    }

    private func spare<Line>(_ line: Line, behind count: Int) -> [Line] {
        [Line](repeating: line, count: max(0, min(spareLines, PolicyText.mostLines - count)))
    }
}

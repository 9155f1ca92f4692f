import Coverage
import Scheduling

/// A library's weekly hours and its closures, as the page shows them.
struct HoursView {
    let book: LibraryBook
    let account: Account
    let hours: [LibraryHours]
    let closures: [Closure]
    let today: CivilDate
    var notice = ""
    /// What was typed into the hours that are shown again.
    var typed: WeeklyHoursForm?
    var faults: [Weekday: String] = [:]
    /// What the author of what was typed saw; nil is what is there now.
    var seen: String?
    /// Whether somebody else has changed the hours meanwhile.
    var isConflict = false
    var closure = ClosureForm()
    var closureProblem: String?

    private static let notices = [
        "hours-set": "The hours are changed. Patrons are told the number by them within seconds.",
        "same": "These are the hours as they were; nothing is changed.",
        "closed": "The library is closed on these days.",
        "closed-already": "The library was closed on these days already.",
        "opened": "The closure is taken back.", "open-already": "There was no such closure any more.",
    ]

    var page: Page {
        let mayChange = account.decides(for: book.library.id)
        return Page(
            template: "hours", title: "Hours of \(book.library.name)", section: .library,
            values: .present([
                "heading": "Hours and closures", "library": book.library.name, "clock": book.zone.identifier,
                "address": "/library/\(book.library.id)",
                "parts": LibraryParts.links(of: book.library.id, for: account, at: .hours),
                "notice": Self.notices[notice], "mayChange": mayChange,
                "phone": book.library.phone.isEmpty ? nil : book.library.phone, "days": days,
                "seen": seen ?? LibraryHoursBook.text(hours), "isConflict": isConflict, "hasFaults": !faults.isEmpty,
                "coming": closures.filter { $0.date >= today }.map { values($0, mayChange) },
                "hasComing": closures.contains { $0.date >= today },
                "past": closures.filter { $0.date < today }.reversed().prefix(Self.mostPast).map { values($0, false) },
                "hasPast": closures.contains { $0.date < today }, "closureProblem": closureProblem,
                "from": closure.from, "to": closure.to, "reason": closure.reason, "today": today.description,
            ]), stylesheets: ["library.css"])
    }

    private static let mostPast = 60

    private var days: [[String: Any]] {
        let fields = typed ?? WeeklyHoursForm(hours)
        return zip(Weekday.allCases, fields.typed).map { weekday, text in
            let now = WeeklyHoursForm.words(hours, on: weekday)
            return .present([
                "name": DayText.weekday(weekday), "field": WeeklyHoursForm.field(weekday), "typed": text,
                "now": now.isEmpty ? "Nobody picks up" : now, "fault": faults[weekday],
                // Only where it differs from what was typed.
                "theirs": isConflict && now != text ? (now.isEmpty ? "nothing" : now) : nil,
            ])
        }
    }

    private func values(_ closure: Closure, _ mayChange: Bool) -> [String: Any] {
        [
            "day": DayText.long(closure.date), "date": closure.date.description, "reason": closure.reason,
            "isOfAll": closure.library == nil, "mayRemove": mayChange && closure.library != nil,
        ]
    }
}

import Coverage
import Scheduling
import Storage

/// When one person can work, every week, and the form in which that is changed.
struct AvailabilityView {
    let book: LibraryBook
    let person: LibraryRepository.Person
    let account: Account
    let standing: AvailabilityBook.Standing
    var notice = ""
    /// What was typed; nil is what is there now.
    var typed: AvailabilityForm?
    /// By the numbers of the rows.
    var faults: [Int: String] = [:]
    /// The week that the author of what was typed saw; nil is what is there now.
    var seen: String?
    /// Whether somebody else has changed the week meanwhile.
    var isConflict = false

    private static let notices = [
        "saved": "The times are saved. The published schedule stays as it is; the next plan is made by them.",
        "same": "These are the times as they were; nothing is changed.",
    ]

    var page: Page {
        let isOwn = account.role.operator == person.id
        return Page(
            template: "availability", title: "Times of \(person.name)", section: .library,
            values: .present([
                "library": book.library.name, "clock": book.zone.identifier, "name": person.name,
                "address": AvailabilityPages.address(of: person.id, at: book.library.id),
                "parts": LibraryParts.links(of: book.library.id, for: account, at: .availability),
                "absences": "/library/\(book.library.id)/absences", "notice": Self.notices[notice],
                "week": AvailabilityPicture(week: standing.week, showsLiking: showsLiking).values,
                "limit": AvailabilityPages.hours(standing.maxHoursPerWeek),
                "mayChange": account.tells(of: person.id, at: book.library.id),
                "isOwn": isOwn, "isConflict": isConflict, "hasFaults": !faults.isEmpty,
                "seen": seen ?? standing.week.text, "grid": standing.gridMinutes, "rows": rows,
                "count": rows.count, "isDecider": account.decides(for: book.library.id),
            ]), stylesheets: ["library.css"])
    }

    /// Readers of all libraries know when somebody can work, and not how they like it.
    private var showsLiking: Bool { account.role == .coordinator || account.library == book.library.id }

    private var rows: [[String: Any]] {
        (typed ?? AvailabilityForm(standing.week)).withSpareRows().rows.enumerated().map { index, row in
            .present([
                "number": index + 1, "from": row.from, "to": row.to, "fault": faults[index + 1],
                "isTakenAway": row.isTakenAway, "isFilled": !row.isEmpty,
                "weekdays": Weekday.allCases.map { day in
                    [
                        "value": "\(day.rawValue)", "text": DayText.weekday(day),
                        "isChosen": row.weekday == "\(day.rawValue)",
                    ] as [String: Any]
                },
                "likings": WeeklyAvailability.Liking.allCases.reversed().map { liking in
                    [
                        "value": "\(liking.rawValue)", "text": liking.words,
                        "isChosen": row.liking == "\(liking.rawValue)",
                    ] as [String: Any]
                },
            ])
        }
    }
}

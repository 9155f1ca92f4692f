import Coverage
import Scheduling
import Storage

/// The coming absences of a library's people, as the page shows them.
struct AbsenceView {
    let book: LibraryBook
    let account: Account
    let coming: [LibraryRepository.PersonAbsence]
    let now: Instant
    var notice = ""
    var form = AbsenceForm()
    var problem: String?

    private static let notices = [
        "added": "The absence is saved. The published schedule stays as it is until the plan is mended.",
        "removed": "The absence is taken back.", "gone": "There was no such absence any more.",
    ]

    /// More are of no use at once.
    private static let most = 200

    private var library: Library { book.library }

    /// Readers of all libraries know when somebody is away, and not why.
    private var showsReasons: Bool { account.role == .coordinator || account.library == library.id }

    var page: Page {
        let own = account.role.operator
        return Page(
            template: "absences", title: "Absences at \(library.name)", section: .library,
            values: .present([
                "library": library.name, "clock": book.zone.identifier, "address": "/library/\(library.id)",
                "parts": LibraryParts.links(of: library.id, for: account, at: .absences),
                "notice": Self.notices[notice], "problem": problem, "showsReasons": showsReasons,
                "absences": coming.prefix(Self.most).map(values), "hasAbsences": !coming.isEmpty,
                "further": coming.count > Self.most ? coming.count - Self.most : nil,
                "mayAdd": account.decides(for: library.id) || own != nil,
                "self": own.map { book.name(of: $0) }, "people": people,
                "hasPeople": !book.people.isEmpty, "from": form.from,
                "fromTime": form.fromTime, "to": form.to, "toTime": form.toTime, "typedReason": form.reason,
            ]), stylesheets: ["library.css"])
    }

    private var people: [[String: Any]] {
        book.people.map { person in
            [
                "id": person.id.rawValue, "name": person.name, "isChosen": person.id.rawValue == form.person,
                "times": AvailabilityPages.address(of: person.id, at: library.id),
            ]
        }
    }

    private func values(_ entry: LibraryRepository.PersonAbsence) -> [String: Any] {
        let absence = entry.absence
        return .present([
            "name": entry.name, "when": AbsenceWords.when(absence.during, in: book.zone),
            "isNow": absence.during.contains(now),
            "why": showsReasons && !absence.reason.isEmpty ? absence.reason : nil,
            "mayRemove": account.tells(of: absence.operator, at: library.id), "person": absence.operator.rawValue,
            "starts": absence.during.lowerBound.secondsSince1970, "ends": absence.during.upperBound.secondsSince1970,
            "reason": absence.reason,
        ])
    }
}

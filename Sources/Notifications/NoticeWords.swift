import Coverage
import Storage

/// News in words, as a mail has them.
struct NoticeWords {
    /// By whose clock times are told.
    let zone: TimeZoneRules
    /// Where people reach the pages; nil where it is not known.
    let site: String?

    /// A schedule may change all over; the rest is on the pages.
    private static let mostShifts = 40

    func subject(_ notice: Notice) -> String {
        switch notice {
        case .scheduleChanged, .shiftsChanged: "Your shifts have changed"
        case .absenceAdded: "An absence of yours was entered"
        case .absenceRemoved: "An absence of yours was taken back"
        case .availabilityChanged: "Your weekly times were changed"
        case .requestDecided(_, let isGranted, _, _):
            isGranted ? "Your request was granted" : "Your request was not granted"
        case .requestWaiting: "A request waits for you"
        case .swapProposed(let request, _, _): "\(request.person) would swap a shift with you"
        case .shiftsOffered(let shifts): shifts.count == 1 ? "An open shift" : "\(shifts.count) open shifts"
        case .favouriteOffered: "A shift at a favourite time of yours"
        case .digest(let notices, _): notices.isEmpty ? "What waits for you" : "Your day at the desk"
        }
    }

    func body(_ notice: Notice) -> String {
        switch notice {
        case .scheduleChanged(let gained, let lost, let message):
            [
                "A plan was published in which your shifts have changed.", message.isEmpty ? nil : "“\(message)”",
                list("You have now:", gained), list("You have no more:", lost), address("/week"),
            ].compactMap { $0 }.joined(separator: "\n\n")
        case .shiftsChanged(let gained, let lost, let author):
            [
                "\(author) has changed your shifts.", list("You have now:", gained), list("You have no more:", lost),
                address("/week"),
            ].compactMap { $0 }.joined(separator: "\n\n")
        case .absenceAdded(let time, let reason, let author):
            "\(author) has entered that you are away:\n\n  \(span(time.during))"
                + (reason.isEmpty ? "" : "\n  \(reason)")
        case .absenceRemoved(let time, let author):
            "\(author) has taken back that you are away:\n\n  \(span(time.during))"
        case .availabilityChanged(let author):
            "\(author) has changed the times of the week in which you can be planned. They stand on your library’s pages "
                + "under “My times”." + (address("/libraries").map { "\n\n\($0)" } ?? "")
        case .requestDecided(let request, let isGranted, let reason, let author):
            "\(author) has \(isGranted ? "granted" : "not granted") your request:\n\n  \(asked(request))\(quoted(reason))"
        case .requestWaiting(let request, let reason, let author):
            "\(author) asks:\n\n  \(request.person): \(asked(request))\(quoted(reason))"
                + (address("/requests").map { "\n\n\($0)" } ?? "")
        case .swapProposed(let request, let reason, _):
            "\(request.person) asks you:\n\n  \(asked(request))\(quoted(reason))\n\n"
                + "Nothing changes until you agree and a coordinator grants it."
                + (address("/requests").map { "\n\n\($0)" } ?? "")
        case .shiftsOffered(let shifts):
            [list("Your library’s people could take:", shifts), address("/libraries")].compactMap { $0 }
                .joined(separator: "\n\n")
        case .favouriteOffered(let shift):
            "You could take a shift at a time that you like best:\n\n  \(span(shift.during)), \(shift.queue)"
                + (address("/requests").map { "\n\n\($0)" } ?? "")
        case .digest(let notices, let undecided): digest(notices, undecided)
        }
    }

    private func digest(_ notices: [Notice], _ undecided: Int) -> String {
        let waiting =
            undecided == 0
            ? nil : undecided == 1 ? "1 request waits to be decided." : "\(undecided) requests wait to be decided."
        let parts = notices.map { "\(subject($0))\n\n\(body($0))" }
        return ([waiting].compactMap { $0 } + parts).joined(separator: "\n\n\n")
    }

    /// What is asked for: `give away Mon 26 October 2026, 10:00–12:00, Ask`.
    private func asked(_ request: NoticeRequest) -> String {
        let shift = "\(span(request.shift.during)), \(request.shift.queue)"
        let from = request.colleague.map { " from \($0)" } ?? ""
        switch request.kind {
        case .giveaway: return "give away \(shift)"
        case .leave: return "be away \(span(request.shift.during))"
        case .claim: return "take \(shift)\(from)"
        case .swap:
            let other = request.other.map { "\(span($0.during)), \($0.queue)" } ?? "any other"
            return "give \(shift) for \(other)\(from)"
        }
    }

    private func quoted(_ reason: String) -> String { reason.isEmpty ? "" : "\n  “\(reason)”" }

    private func list(_ heading: String, _ shifts: [NoticeShift]) -> String? {
        guard !shifts.isEmpty else { return nil }
        let lines = shifts.prefix(Self.mostShifts).map { "  \(span($0.during)), \($0.queue)" }
        let more = shifts.count > Self.mostShifts ? ["  and \(shifts.count - Self.mostShifts) more"] : []
        return ([heading] + lines + more).joined(separator: "\n")
    }

    private func address(_ path: String) -> String? { site.map { $0 + path } }

    // MARK: Times

    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// `Mon 26 October 2026, 10:00–12:00`, or with both days where they are two.
    private func span(_ during: Range<Instant>) -> String {
        let (start, end) = (zone.civil(at: during.lowerBound), zone.civil(at: during.upperBound))
        let isUntilMidnight = end.secondOfDay == 0
        let last = isUntilMidnight ? end.date.advanced(byDays: -1) : end.date
        let until = isUntilMidnight ? "24:00" : String(end.timeText.prefix(5))
        let isWhole = start.secondOfDay == 0 && isUntilMidnight
        if start.date == last {
            return isWhole ? day(last) : "\(day(last)), \(start.timeText.prefix(5))–\(until)"
        }
        return isWhole
            ? "\(day(start.date)) to \(day(last))"
            : "\(day(start.date)), \(start.timeText.prefix(5)), to \(day(last)), \(until)"
    }

    private func day(_ date: CivilDate) -> String {
        let (year, month, day) = date.components
        return "\(Self.weekdays[date.weekday.rawValue]) \(day) \(Self.months[month - 1]) \(year)"
    }
}

import Coverage
import Scheduling
import Storage

/// What new times of a person would mean, before they are saved.
struct AvailabilityLookView {
    let book: LibraryBook
    let person: LibraryRepository.Person
    let account: Account
    let standing: AvailabilityBook.Standing
    let week: WeeklyAvailability
    let hits: [AvailabilityBook.Hit]
    let form: AvailabilityForm
    /// The week that the author saw.
    let seen: String
    /// Whether the schedule has changed since it was looked at.
    var hasChanged = false

    var page: Page {
        let hidden = form.fields + [("seen", seen), ("seen-shifts", AvailabilityBook.fingerprint(hits))]
        return Page(
            template: "availability-look", title: "Look before you save", section: .library,
            values: .present([
                "heading": "Look before you save", "name": person.name, "clock": book.zone.identifier,
                "address": AvailabilityPages.address(of: person.id, at: book.library.id),
                "parts": LibraryParts.links(of: book.library.id, for: account, at: .availability),
                "changed": hasChanged
                    ? "The schedule has changed since you looked, so nothing was saved yet. This is how it is now."
                    : nil,
                "week": AvailabilityPicture(week: week, showsLiking: true).values, "hours": hours,
                "tooFew": tooFew, "hits": hits.prefix(Self.mostHits).map(values), "hasHits": !hits.isEmpty,
                "summary": summary, "further": hits.count > Self.mostHits ? hits.count - Self.mostHits : nil,
                "fields": hidden.map { ["name": $0.name, "value": $0.value] },
            ]), stylesheets: ["library.css"])
    }

    private static let mostHits = 60

    private var hours: String {
        let (before, after) = (standing.week.minutes, week.minutes)
        guard after > 0 else { return "No time at all; before, it was \(DayText.hours(minutes: before)) a week." }
        let limit = AvailabilityPages.hours(standing.maxHoursPerWeek)
        let times =
            before == after
            ? "\(DayText.hours(minutes: after)) a week, as many as before"
            : "\(DayText.hours(minutes: after)) a week; before, it was \(DayText.hours(minutes: before))"
        return "\(times). At most \(limit) of them may be planned."
    }

    private var tooFew: String? {
        guard week.minutes * 1000 < standing.maxHoursPerWeek.rawValue * 60 else { return nil }
        return week.minutes == 0
            ? "\(person.name) is not planned any more then."
            : "That is less than the \(AvailabilityPages.hours(standing.maxHoursPerWeek)) a week that are allowed."
    }

    private var summary: String {
        hits.count == 1
            ? "1 published shift lies outside the new times."
            : "\(hits.count) published shifts lie outside the new times."
    }

    private func values(_ hit: AvailabilityBook.Hit) -> [String: Any] {
        let during = hit.shift.shift.during
        let outside = hit.outside.map { DayText.times($0, in: book.zone) }.joined(separator: ", ")
        return .present([
            "queue": hit.shift.queueName, "day": DayText.long(book.zone.civil(at: during.lowerBound).date),
            "times": DayText.times(during, in: book.zone), "outside": hit.outside == [during] ? nil : outside,
            "change": changeAddress(hit.shift.shift),
            "changeText": account.role == .coordinator ? "Change it" : "Give it away, or swap it",
        ])
    }

    /// Coordinators change shifts themselves; others ask.
    private func changeAddress(_ shift: IntentRepository.PublishedShift) -> String {
        let shift = Shift(queue: shift.queue, operator: shift.operator, during: shift.during)
        if account.role == .coordinator { return ShiftWish.address(of: shift, plan: nil) }
        return "/requests/new?shift=\(FormFields.encoded(ShiftReference(shift).text))"
    }
}

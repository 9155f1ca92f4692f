package import Calendars

/// Why an address of a calendar is not made or not taken back.
package enum CalendarRefusal: Error, Hashable, Sendable {
    /// There is no such operator, library or queue.
    case noSubject(CalendarSubject)
    /// There is no calendar of this number, or it was revoked before.
    case noCalendar(Int)
}

/// Hours of every week in which a library answers its telephone, by the clocks of the library.
///
/// Those of one library do not overlap.
package struct LibraryHours: Hashable, Sendable {
    package var library: Library.ID
    package var weekday: Weekday
    package var opens: MinuteOfDay
    package var closes: MinuteOfDay

    package init(library: Library.ID, weekday: Weekday, opens: MinuteOfDay, closes: MinuteOfDay) {
        self.library = library
        self.weekday = weekday
        self.opens = opens
        self.closes = closes
    }
}

package import Coverage
package import Storage

/// Why what a library wants to change of its own is not changed.
package enum LibraryRefusal: Error, Hashable, Sendable {
    /// There is no such library, or it has left.
    case noLibrary(Library.ID)
    /// The person is no operator of the library.
    case notOurs(Operator.ID, Library.ID)
    /// Somebody else has changed the hours since they were read; these are there now.
    case hoursChangedMeanwhile([LibraryHours])
    /// Somebody else has changed when the person can work since that was read; this is there now.
    case availabilityChangedMeanwhile(WeeklyAvailability)
    /// Somebody else has written the policy page since it was read; nil where there was one and is none.
    case policyChangedMeanwhile(PolicyPageRepository.Page?)
    /// The schedule is another one than was looked at.
    case scheduleChangedMeanwhile
}

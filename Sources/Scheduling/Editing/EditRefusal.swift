package import Coverage
package import Planning
package import Storage

/// Why a change of single shifts is not made; then everything is as it was.
package enum EditRefusal: Error, Sendable {
    /// It would change nothing.
    case nothing
    /// A time begins or ends between two slots, or ends before it begins.
    case badTime(Range<Instant>, slotMinutes: Int)
    /// No plan of the schedule that is edited holds the time.
    case outsideThePlan(Range<Instant>)
    /// The plan has been superseded meanwhile.
    case superseded(Int)
    /// What was worked stays as it was.
    case isOver(Shift)
    /// A shift is not as it was seen: what its operator has around that time now, and the edit that changed it, if it was
    /// one.
    case changedMeanwhile(Shift, now: [Shift], by: PlanEditRepository.Edit?)
    /// Rules that nobody may bend.
    case refused(EditEffect)
    /// Yellow rules that a coordinator may bend, with a reason.
    case needsReason(EditEffect)
    case noEdit(Int)
    case undoneBefore(PlanEditRepository.Edit)
    /// Others changed the schedule again and again while this one was judged.
    case tooBusy
}

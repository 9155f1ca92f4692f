/// Operators who are on a queue in a slot, beside those who are wanted; or the sums of several queues or slots.
///
/// A sum keeps what is missing apart from what is there: an operator too many on one queue makes up for nobody on another.
package struct Staffing: Hashable, Sendable {
    /// How well what is wanted is met; the raw value is what pages and files write.
    package enum State: String, Hashable, CaseIterable, Sendable {
        /// Below a minimum somewhere.
        case critical
        /// All minimums are met, a target is not.
        case thin
        /// All targets are met.
        case covered
        /// All targets are met, and somewhere there are more.
        case over
    }

    /// The most of anything that is counted; what is more counts as this.
    package static let most = 1_000_000_000

    package let onShift: Int
    package let minimum: Int
    package let target: Int
    /// Operators missing below the minimum.
    package let critical: Int
    /// Operators missing between the minimum, or those who are there if they are more, and the target.
    package let thin: Int

    /// One queue in one slot.
    ///
    /// Each number is cut to 0…``most``, and the target to the minimum at the least.
    package init(onShift: Int, minimum: Int, target: Int) {
        let (there, least) = (Self.cut(onShift), Self.cut(minimum))
        let wanted = max(least, Self.cut(target))
        self.init(
            onShift: there, minimum: least, target: wanted, critical: max(0, least - there),
            thin: wanted - min(wanted, max(there, least)))
    }

    private init(onShift: Int, minimum: Int, target: Int, critical: Int, thin: Int) {
        self.onShift = onShift
        self.minimum = minimum
        self.target = target
        self.critical = critical
        self.thin = thin
    }

    private static func cut(_ number: Int) -> Int { min(max(0, number), most) }

    package static func + (left: Staffing, right: Staffing) -> Staffing {
        Staffing(
            onShift: cut(left.onShift + right.onShift), minimum: cut(left.minimum + right.minimum),
            target: cut(left.target + right.target), critical: cut(left.critical + right.critical),
            thin: cut(left.thin + right.thin))
    }

    /// Operators wanted and not there.
    package var missing: Int { critical + thin }

    package var state: State {
        if critical > 0 { return .critical }
        if thin > 0 { return .thin }
        return onShift > target ? .over : .covered
    }

    /// Of those wanted, the per cent who are there, rounded down: 100 is all of them; nil where nobody is wanted.
    package var coveredPercent: Int? {
        target > 0 ? max(0, target - missing) * 100 / target : nil
    }
}

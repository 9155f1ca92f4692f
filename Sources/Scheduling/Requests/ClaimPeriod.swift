package import Coverage

/// How long people can ask for the same time before it is decided whose it becomes.
///
/// It begins with the first who asks, so that nobody waits for what nobody wants, and ends the sooner the nearer the time
/// is: at the latest the period's own length before the shift, and at once where that is over.
package enum ClaimPeriod {
    /// When it ends.
    ///
    /// - Parameters:
    ///   - first: When the first asked.
    ///   - start: When the shift begins.
    ///   - hours: The consortium's period; 0 ends at once.
    /// - Returns: From `first` on.
    package static func end(from first: Instant, shiftAt start: Instant, hours: Int) -> Instant {
        let seconds = Int64(hours) * 3600
        return max(first, min(first.advanced(bySeconds: seconds), start.advanced(bySeconds: -seconds)))
    }
}

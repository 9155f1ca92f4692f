import Coverage
import Foundation

/// A clock that was set to a moment and may go faster than the world's, for demos and tests.
///
/// It keeps no state: two processes that are told the same three values see the same time, and so does one that was
/// started again.
struct PacedClock: Hashable, Sendable {
    /// What it showed when it was set.
    var from: Instant
    /// When it was set, in seconds since 1970 by the world's clock.
    var since: Double
    /// How many of its seconds pass in one of the world's, 1 and up.
    var speed: Int

    /// What it shows, where the world's clock shows this.
    func now(_ real: Double) -> Instant {
        from.advanced(bySeconds: Int64((real - since) * Double(speed)))
    }

    /// The world's clock, in seconds since 1970.
    static let world: @Sendable () -> Double = { Date().timeIntervalSince1970 }
}

/// How long sessions of a queue have taken lately: from when an operator accepted one until it had ended.
///
/// A running mean: each session counts for 1/n, n being the sessions so far up to ``window``, so that old ones fade. A
/// session counts for at most five times what one was thought to take, and at least a tenth: one that somebody forgot to
/// end, or ended by mistake, moves the mean a little and not by hours. The setting of the queue counts like
/// ``priorWeight`` sessions at first and less with each, until it counts for nothing once ``window`` were seen: a queue
/// of which little was seen is told as it was set, and one that was set wrong comes right.
///
/// Whole numbers only, so that every process that is told the same ends has the same; learning the same sessions in the
/// same order gives the same again.
package struct HandlePace: Hashable, Sendable {
    /// As many sessions as the mean remembers.
    package static let window = 100
    /// For how many sessions the setting counts before any was seen.
    package static let priorWeight = 10

    /// Sessions learned from, ``window`` at most.
    package private(set) var count: Int
    /// Their running mean.
    package private(set) var meanMilliseconds: Int

    package init(count: Int = 0, meanMilliseconds: Int = 0) {
        self.count = count
        self.meanMilliseconds = meanMilliseconds
    }

    /// What a session is likely to take: the mean, and the setting as far as it still counts; at least a second.
    package func seconds(configured: Int) -> Int {
        max(1, (milliseconds(configured: configured) + 500) / 1000)
    }

    private func milliseconds(configured: Int) -> Int {
        // Both weights times the window, to stay whole.
        let prior = Self.priorWeight * (Self.window - count)
        let seen = Self.window * count
        return (prior * configured * 1000 + seen * meanMilliseconds) / (prior + seen)
    }

    /// Learns from a session that has ended.
    ///
    /// - Parameters:
    ///   - seconds: What it took.
    ///   - configured: What the queue's settings say that one takes.
    package mutating func learn(_ seconds: Int, configured: Int) {
        let usual = milliseconds(configured: configured)
        // The bound comes first: no length of time is too long to be counted in milliseconds then.
        let counted = max(min(seconds, 5 * usual / 1000) * 1000, usual / 10)
        count = min(count + 1, Self.window)
        meanMilliseconds += (counted - meanMilliseconds) / count
    }
}

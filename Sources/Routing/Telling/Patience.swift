/// How readily patrons of a queue give up while they wait, learned from how waits have ended lately.
///
/// A wait that an operator ends says only that the patron would have stayed that long at least: it is censored on the
/// right. If the chance to give up in the next second is the same however long one has waited, the likeliest rate is the
/// number of those who gave up over the time that all have waited (L. Brown, N. Gans, A. Mandelbaum and others,
/// "Statistical analysis of a telephone call center", Journal of the American Statistical Association 100, 2005).
///
/// Both are running means over the last ``window`` waits. A wait counts for at most ten times the mean, or ten minutes,
/// so that one that somebody forgot to end hides nobody's impatience. An hour in which nobody gave up is added at first,
/// and less of it with each wait until ``window`` were seen: the first who leaves says little. Whole numbers only, as in
/// ``HandlePace``, for the same reason.
package struct Patience: Hashable, Sendable {
    /// As many waits as the means remember.
    package static let window = 200
    /// Seconds without anybody who gave up that are added before any wait was seen.
    package static let priorSeconds = 3600
    private static let million = 1_000_000

    /// Waits learned from, ``window`` at most.
    package private(set) var count: Int
    /// The mean of these waits, whichever way they ended.
    package private(set) var meanWaitMilliseconds: Int
    /// Of a million of them, how many ended because the patron left.
    package private(set) var leftPerMillion: Int

    package init(count: Int = 0, meanWaitMilliseconds: Int = 0, leftPerMillion: Int = 0) {
        self.count = count
        self.meanWaitMilliseconds = meanWaitMilliseconds
        self.leftPerMillion = leftPerMillion
    }

    /// The chance that a patron who waits gives up within the next second; nobody gives up sooner than in ten seconds
    /// on average.
    var leavingPerSecond: Double {
        guard leftPerMillion > 0 else { return 0 }
        let left = Double(count) * Double(leftPerMillion) / Double(Self.million)
        let waited = Double(count) * Double(meanWaitMilliseconds) / 1000
        let prior = Double(Self.priorSeconds) * Double(Self.window - count) / Double(Self.window)
        return left / max(waited + prior, left * 10)
    }

    /// After how many seconds of waiting a patron gives up on average; nil where nobody was seen to.
    package var meanSeconds: Int? {
        leavingPerSecond > 0 ? Int((1 / leavingPerSecond).rounded()) : nil
    }

    /// Learns from a wait that is over.
    ///
    /// - Parameters:
    ///   - seconds: How long the patron waited.
    ///   - hasLeft: Whether the patron gave up, rather than being served.
    package mutating func learn(_ seconds: Int, hasLeft: Bool) {
        let most = max(600, meanWaitMilliseconds / 100)
        let counted = max(0, min(seconds, most)) * 1000
        count = min(count + 1, Self.window)
        meanWaitMilliseconds += (counted - meanWaitMilliseconds) / count
        leftPerMillion += ((hasLeft ? Self.million : 0) - leftPerMillion) / count
    }
}

package import Coverage

/// When a delivery that failed is tried again: of mails, and of events to other programs.
package struct RetryPlan: Hashable, Sendable {
    /// Attempts at most, the first one too.
    private let attempts: Int
    /// How long a delivery is worth making.
    package let giveUpSeconds: Int64

    package init(attempts: Int = 12, giveUpSeconds: Int64 = 86_400) {
        self.attempts = attempts
        self.giveUpSeconds = giveUpSeconds
    }

    private static let firstPause = 5.0
    private static let longestPause = 3600.0

    /// Seconds before the next attempt, where so many were made: twice as long each time, and by chance half as long to
    /// as long, so that deliveries that failed together are not tried together again.
    package func pauseSeconds(after attempts: Int, using generator: inout some RandomNumberGenerator) -> Int64 {
        var pause = Self.firstPause
        for _ in 0..<min(max(0, attempts - 1), 20) { pause *= 2 }
        pause = min(Self.longestPause, pause)
        return max(1, Int64((pause * Double.random(in: 0.5...1, using: &generator)).rounded()))
    }

    /// When to try again; nil gives up.
    package func retry(
        after attempts: Int, since: Instant, at now: Instant, using generator: inout some RandomNumberGenerator
    ) -> Instant? {
        guard attempts < self.attempts, now.seconds(since: since) < giveUpSeconds else { return nil }
        return now.advanced(bySeconds: pauseSeconds(after: attempts, using: &generator))
    }
}

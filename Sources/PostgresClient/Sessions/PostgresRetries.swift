/// How often, and after which pauses, a transaction that collided with another is run anew.
package struct PostgresRetries: Sendable, Hashable {
    /// How often it is run at most, the first time included.
    package var maximumAttempts: Int
    /// The longest pause before the second attempt; it doubles with each further one.
    package var firstPause: Duration
    package var longestPause: Duration

    package init(
        maximumAttempts: Int = 8, firstPause: Duration = .milliseconds(4), longestPause: Duration = .milliseconds(500)
    ) {
        self.maximumAttempts = max(1, maximumAttempts)
        self.firstPause = firstPause
        self.longestPause = longestPause
    }

    /// Each transaction is run once.
    package static let never = PostgresRetries(maximumAttempts: 1)

    /// The pause after the attempts made so far: anything up to the bound, so that two that collided do not meet again.
    ///
    /// - Returns: Nil if there is to be no further attempt.
    func pause(
        afterAttempts attempts: Int, using generator: inout some RandomNumberGenerator
    ) -> Duration? {
        guard attempts < maximumAttempts else { return nil }
        let bound = min(longestPause, firstPause * (1 << min(attempts - 1, 20)))
        return bound * Double.random(in: 0...1, using: &generator)
    }
}

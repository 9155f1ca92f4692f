/// The pauses between tries that fail: each twice as long as the last, up to a longest, and by chance down to half.
///
/// So agents that lost the service together do not come back together.
package struct BackOff: Sendable {
    private let first: Duration
    private let longest: Duration
    private var pause: Duration

    package init(first: Duration, longest: Duration) {
        self.first = first
        self.longest = longest
        pause = first
    }

    /// The next pause.
    package mutating func next(by random: inout some RandomNumberGenerator) -> Duration {
        defer { pause = min(pause * 2, longest) }
        return pause * Double.random(in: 0.5...1, using: &random)
    }

    /// After success.
    package mutating func reset() {
        pause = first
    }
}

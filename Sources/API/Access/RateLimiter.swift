import Synchronization

/// Lets each token make so many requests a second, and twice as many in one burst.
final class RateLimiter: Sendable {
    /// A bucket that fills steadily; each request takes one unit out.
    struct Bucket: Hashable, Sendable {
        private var level: Double
        private var filledAt: ContinuousClock.Instant

        init(rate: Int, at now: ContinuousClock.Instant) {
            level = Double(2 * rate)
            filledAt = now
        }

        /// Takes one unit out.
        ///
        /// - Returns: Nil if there was one; otherwise how many whole seconds to wait for the next, 1 at least.
        mutating func take(rate: Int, at now: ContinuousClock.Instant) -> Int? {
            let elapsed = filledAt.duration(to: now) / .seconds(1)
            level = min(Double(2 * rate), level + elapsed * Double(rate))
            filledAt = now
            guard level < 1 else {
                level -= 1
                return nil
            }
            return max(1, Int(((1 - level) / Double(rate)).rounded(.up)))
        }
    }

    private let buckets = Mutex<[Int: Bucket]>([:])

    /// - Throws: ``Problem`` with the status 429 if the token's rate is used up.
    func admit(_ access: TokenAccess, at now: ContinuousClock.Instant = .now) throws(Problem) {
        let rate = access.requestsPerSecond
        let wait = buckets.withLock { buckets in
            buckets[access.number, default: Bucket(rate: rate, at: now)].take(rate: rate, at: now)
        }
        if let wait { throw Problem.tooManyRequests(retryAfterSeconds: wait) }
    }
}

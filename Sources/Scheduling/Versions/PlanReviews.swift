package import Coverage
package import PostgresClient
import Storage

/// The plans that were looked at last, judged anew where something has changed since.
///
/// Judging a large plan takes a second: it is done once however many ask, one plan at a time.
package actor PlanReviews {
    private struct Entry {
        let review: PlanReview
        let readAt: Instant
        var usedAt: Instant
    }

    private let consortium: Consortium.ID
    private let pool: PostgresPool
    private let now: @Sendable () -> Instant
    private var entries: [Int: Entry] = [:]
    /// Those who wait for a reading that is under way.
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var isReading = false

    /// Each with all that planning it would need.
    private static let capacity = 4
    /// Well below the days for which changes are kept, by which a plan is known to stand.
    private static let longestSeconds: Int64 = 3600

    package init(consortium: Consortium.ID, pool: PostgresPool, now: @escaping @Sendable () -> Instant) {
        self.consortium = consortium
        self.pool = pool
        self.now = now
    }

    /// A plan as it stands in the database when this is called.
    ///
    /// - Throws: As ``PlanReview/read(_:_:in:)``.
    package func review(_ number: Int) async throws -> PlanReview {
        while isReading { await withCheckedContinuation { waiting.append($0) } }
        isReading = true
        defer {
            isReading = false
            for one in waiting { one.resume() }
            waiting = []
        }
        if let entry = entries[number], now().seconds(since: entry.readAt) < Self.longestSeconds,
            try await stands(entry.review)
        {
            entries[number]?.usedAt = now()
            return entry.review
        }
        let review = try await PlanReview.read(consortium, number, in: pool)
        entries[number] = Entry(review: review, readAt: now(), usedAt: now())
        while entries.count > Self.capacity, let oldest = entries.min(by: { $0.value.usedAt < $1.value.usedAt }) {
            entries[oldest.key] = nil
        }
        return review
    }

    /// Whether neither the data nor the plan have changed.
    private func stands(_ review: PlanReview) async throws -> Bool {
        try await pool.withConnection { connection in
            guard try await !ChangeRepository(consortium: consortium).hasChanged(since: review.snapshot, in: connection)
            else { return false }
            return try await PlanRepository(consortium: consortium).plan(review.plan.number, in: connection)
                == review.plan
        }
    }
}

import Synchronization

/// Watches that an answer makes progress, and ends it when it does not.
///
/// Only time spent waiting for the service counts, not the cache's own work.
final class ProgressWatch: Sendable {
    private struct State {
        /// Waited since the last progress, finished waits alone.
        var waited = Duration.zero
        var waitingSince: ContinuousClock.Instant?
        var bytes = 0
        var hasHeard = false
    }

    private let limits: SyncLimits
    private let state = Mutex(State())

    init(_ limits: SyncLimits) {
        self.limits = limits
    }

    /// Waits for the service while the body runs.
    nonisolated(nonsending) func waiting<Result>(
        _ body: nonisolated(nonsending) () async throws -> Result
    ) async throws -> Result {
        beginWaiting()
        defer { endWaiting() }
        return try await body()
    }

    func beginWaiting() {
        state.withLock { $0.waitingSince = .now }
    }

    func endWaiting() {
        state.withLock { state in
            if let since = state.waitingSince { state.waited += .now - since }
            state.waitingSince = nil
        }
    }

    /// Bytes have come; many of them are progress.
    func note(bytes: Int) {
        state.withLock { state in
            state.hasHeard = true
            state.bytes += bytes
            if state.bytes >= limits.progressBytes { Self.reset(&state) }
        }
    }

    /// A step of the feed has come, which is progress however small.
    func noteStep() {
        state.withLock { Self.reset(&$0) }
    }

    private static func reset(_ state: inout State) {
        state.bytes = 0
        state.waited = .zero
        if state.waitingSince != nil { state.waitingSince = .now }
    }

    /// Never returns.
    ///
    /// - Throws: ``SyncTrouble`` once there was no progress for too long; `CancellationError`.
    func watch() async throws {
        while true {
            try await Task.sleep(for: limits.silence / 8)
            let (waited, hasHeard) = state.withLock { state in
                (state.waited + (state.waitingSince.map { .now - $0 } ?? .zero), state.hasHeard)
            }
            guard waited >= limits.silence else { continue }
            throw SyncTrouble(
                .passing,
                hasHeard
                    ? "the service sends next to nothing: fewer than \(limits.progressBytes) bytes and no whole step "
                        + "in \(limits.silence)"
                    : "the service took the request and did not answer within \(limits.silence)")
        }
    }

    /// Runs a body that is ended when it makes no progress.
    func guarding<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await self.watch()
                return nil
            }
            defer { group.cancelAll() }
            while let ended = try await group.next() {
                if let result = ended { return result }
            }
            throw CancellationError()
        }
    }
}

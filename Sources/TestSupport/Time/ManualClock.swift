import Synchronization

/// A clock that stands still until a test moves it.
///
/// ```swift
/// let clock = ManualClock()
/// async let answer = deskWithDeadline(of: .seconds(30), clock: clock)
/// await clock.waitForSleepers()      // the desk waits for its deadline now
/// clock.advance(by: .seconds(30))
/// ```
package final class ManualClock: Clock, Sendable {
    /// A time of the clock, counted from its making.
    package struct Instant: InstantProtocol {
        /// How long after the clock's making.
        package let offset: Duration

        package init(offset: Duration) {
            self.offset = offset
        }

        package func advanced(by duration: Duration) -> Instant {
            Instant(offset: offset + duration)
        }

        package func duration(to other: Instant) -> Duration {
            other.offset - offset
        }

        package static func < (left: Instant, right: Instant) -> Bool {
            left.offset < right.offset
        }
    }

    private struct Sleeper {
        let deadline: Instant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct Watcher {
        let count: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now = Instant(offset: .zero)
        var lastNumber = 0
        var sleepers: [Int: Sleeper] = [:]
        var watchers: [Watcher] = []
    }

    private let state = Mutex(State())

    package init() {}

    package var now: Instant { state.withLock { $0.now } }
    package var minimumResolution: Duration { .nanoseconds(1) }

    /// Waits until the clock has been moved to the deadline.
    ///
    /// - Throws: `CancellationError` if the task is cancelled first.
    package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                fallAsleep(number, Sleeper(deadline: deadline, continuation: continuation))
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: number) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Moves the clock and wakes those whose deadline has come, the earliest first.
    package func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for number in due.keys {
                state.sleepers[number] = nil
            }
            return due.sorted { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }
        }
        for (_, sleeper) in due {
            sleeper.continuation.resume()
        }
    }

    /// Waits until that many sleep at the same time.
    package func waitForSleepers(_ count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isEnough = state.withLock { state in
                guard state.sleepers.count < count else {
                    return true
                }
                state.watchers.append(Watcher(count: count, continuation: continuation))
                return false
            }
            if isEnough {
                continuation.resume()
            }
        }
    }

    private func fallAsleep(_ number: Int, _ sleeper: Sleeper) {
        let (answer, satisfied) = state.withLock { state -> (Result<Void, any Error>?, [Watcher]) in
            // Looked at under the lock: a cancellation that comes later finds the sleeper.
            guard !Task.isCancelled else {
                return (.failure(CancellationError()), [])
            }
            guard sleeper.deadline > state.now else {
                return (.success(()), [])
            }
            state.sleepers[number] = sleeper
            let satisfied = state.watchers.filter { $0.count <= state.sleepers.count }
            state.watchers.removeAll { $0.count <= state.sleepers.count }
            return (nil, satisfied)
        }
        if let answer {
            sleeper.continuation.resume(with: answer)
        }
        for watcher in satisfied {
            watcher.continuation.resume()
        }
    }
}

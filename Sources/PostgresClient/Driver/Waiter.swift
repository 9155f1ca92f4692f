/// A task that waits for an answer.
///
/// It must be resumed exactly once. That holds because a waiter is in one place at a time, an operation's or the
/// state's, and whoever resumes it takes it out of there first, under the link's lock.
@safe
struct Waiter<Answer: Sendable>: Sendable {
    private let continuation: UnsafeContinuation<Answer, any Error>

    private init(_ continuation: UnsafeContinuation<Answer, any Error>) {
        unsafe self.continuation = unsafe continuation
    }

    /// Suspends the task until the waiter that the closure gets is resumed.
    static func suspend(_ start: (Waiter) -> Void) async throws -> Answer {
        try unsafe await withUnsafeThrowingContinuation { start(unsafe Waiter($0)) }
    }

    func resume(with outcome: Result<Answer, any Error>) {
        unsafe continuation.resume(with: outcome)
    }
}

import Dispatch
import Foundation
import Synchronization

/// Threads for searches, beside those on which requests are answered.
///
/// A search keeps its threads for minutes, and tasks share as many as there are cores: on these it would keep others
/// waiting. The system gives them what the rest of the process leaves.
final class SearchThreads: TaskExecutor {
    private let waiting = Mutex<[UnownedJob]>([])
    private let arrivals = DispatchSemaphore(value: 0)

    /// Lends threads, which end after the work.
    ///
    /// - Parameters:
    ///   - count: How many; 1 at least.
    ///   - work: What they do, with all its child tasks.
    /// - Returns: What the work returns.
    static func run<Result: Sendable>(
        _ count: Int, _ work: @Sendable () async throws -> Result
    ) async rethrows -> Result {
        let threads = SearchThreads(count: max(1, count))
        // An end that finds nothing to do is what a thread ends by.
        defer { for _ in 0..<max(1, count) { threads.arrivals.signal() } }
        return try await withTaskExecutorPreference(threads) { try await work() }
    }

    private init(count: Int) {
        for _ in 0..<count { Thread.detachNewThread { self.work() } }
    }

    private func work() {
        Self.giveWay()
        let executor = unsafe asUnownedTaskExecutor()
        while true {
            arrivals.wait()
            let job = waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            guard let job else { return }
            unsafe job.runSynchronously(on: executor)
        }
    }

    /// Lets other threads go first.
    ///
    /// On Linux priorities are a thread's own.
    private static func giveWay() {
        // Where it is refused, the thread is one like the others.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 5)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        waiting.withLock { $0.append(job) }
        arrivals.signal()
    }
}

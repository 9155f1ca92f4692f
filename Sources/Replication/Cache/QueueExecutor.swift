import Dispatch

/// Runs an actor's work on a queue of its own: SQLite's calls block, and the cooperative pool's threads are few.
final class QueueExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        // The job is run exactly once, by the block that it is handed to.
        let unowned = UnownedJob(job)
        let executor = unsafe asUnownedSerialExecutor()
        queue.async { unsafe unowned.runSynchronously(on: executor) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }
}

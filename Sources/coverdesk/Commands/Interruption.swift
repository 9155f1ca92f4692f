import Foundation
import Synchronization

/// Ctrl-C and SIGTERM, while a command does work that is worth keeping when it is cut short.
enum Interruption {
    /// The signal that came first; 0 for none.
    private static let received = Atomic<Int32>(0)

    private static let signals = [SIGINT, SIGTERM]

    /// Looks for the first signal, on a thread of its own: a search may keep all threads that tasks run on.
    private final class Watch: Sendable {
        private static let pauseSeconds = 0.02
        private let hasEnded = Atomic(false)

        func run(_ cancel: () -> Void) {
            while !hasEnded.load(ordering: .relaxed) {
                if Interruption.received.load(ordering: .relaxed) != 0 { return cancel() }
                Thread.sleep(forTimeInterval: Self.pauseSeconds)
            }
        }

        func end() { hasEnded.store(true, ordering: .relaxed) }
    }

    /// Does the work, and cancels its task when a signal comes.
    ///
    /// The work is to end soon then and to return what it has. Another signal, also one that comes after the work,
    /// ends the program at once. Without any, signals do afterwards what they did before.
    ///
    /// - Parameter work: What to do.
    /// - Returns: What the work returned, and the signal that cut it short, if one did.
    static func watched<Result: Sendable>(
        _ work: @escaping @Sendable () async -> Result
    ) async -> (result: Result, signal: Int32?) {
        // Looked at before it is written by a handler, which must not be the one to set it up.
        received.store(0, ordering: .relaxed)
        for number in signals { signal(number, Self.note) }
        let task = Task { await work() }
        let watch = Watch()
        Thread.detachNewThread { watch.run { task.cancel() } }
        let found = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        watch.end()
        let number = received.load(ordering: .relaxed)
        if number == 0 { signals.forEach { signal($0, SIG_DFL) } }
        return (found, number == 0 ? nil : number)
    }

    /// Only what a signal's handler may do: an atomic number and the end of the process.
    private static let note: @convention(c) (Int32) -> Void = { number in
        let (isFirst, _) = received.compareExchange(expected: 0, desired: number, ordering: .relaxed)
        if !isFirst { _exit(128 + number) }
    }
}

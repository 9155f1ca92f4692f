import Foundation
import Synchronization

/// Ctrl-C and SIGTERM, while a command does work that is worth keeping when it is cut short.
enum Interruption {
    /// The signal that came first; 0 for none.
    private static let received = Atomic<Int32>(0)

    private static let signals = [SIGINT, SIGTERM]

    /// How often the first signal is looked for.
    private static let pause = Duration.milliseconds(20)

    /// Does the work, and cancels its task when a signal comes.
    ///
    /// The work is to end soon then and to return what it has. Another signal, also one that comes after the work,
    /// ends the program at once. Without any, signals do afterwards what they did before.
    ///
    /// - Parameter work: What to do.
    /// - Returns: What the work returned, and the signal that cut it short, if one did.
    /// - Throws: Never while the work returns, which it always does.
    static func watched<Result: Sendable>(
        _ work: @escaping @Sendable () async -> Result
    ) async throws -> (result: Result, signal: Int32?) {
        // Looked at before it is written by a handler, which must not be the one to set it up.
        received.store(0, ordering: .relaxed)
        for number in signals { signal(number, Self.note) }
        let found = await withTaskGroup(of: Result?.self) { group in
            group.addTask { await work() }
            group.addTask {
                while received.load(ordering: .relaxed) == 0, !Task.isCancelled { try? await Task.sleep(for: pause) }
                return nil
            }
            var found: Result?
            for await result in group {
                if let result { found = result }
                group.cancelAll()
            }
            return found
        }
        let number = received.load(ordering: .relaxed)
        if number == 0 { signals.forEach { signal($0, SIG_DFL) } }
        guard let found else { throw CancellationError() }
        return (found, number == 0 ? nil : number)
    }

    /// Only what a signal's handler may do: an atomic number and the end of the process.
    private static let note: @convention(c) (Int32) -> Void = { number in
        let (isFirst, _) = received.compareExchange(expected: 0, desired: number, ordering: .relaxed)
        if !isFirst { _exit(128 + number) }
    }
}

/// Waits until a condition holds that nothing tells of, such as another process's state, by asking again and again.
///
/// - Parameters:
///   - what: The condition in words, for the error.
///   - limit: When to give up; long, for a slow machine is no fault. Where all threads are taken by other tests for as
///     long as that, it is asked ``leastAsks`` times all the same: the condition's makers wait for the same threads.
///   - condition: Whether it holds now.
/// - Throws: ``NeverHeld`` if it never held, and what the condition throws.
package func eventually(
    _ what: String, within limit: Duration = .seconds(60), _ condition: () async throws -> Bool
) async throws {
    let start = ContinuousClock.now
    var asks = 1
    while try await !condition() {
        guard ContinuousClock.now - start < limit || asks < leastAsks else {
            throw NeverHeld(what: what, limit: limit)
        }
        asks += 1
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// How often a condition is asked before it is given up, however long that takes.
private let leastAsks = 100

/// What a test waited for and did not get.
package struct NeverHeld: Error, CustomStringConvertible {
    /// The condition in words.
    package let what: String
    /// How long it was waited for.
    package let limit: Duration

    package var description: String { "waited \(limit) in vain until \(what)" }
}

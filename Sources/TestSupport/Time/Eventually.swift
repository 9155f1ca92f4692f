/// Waits until a condition holds that nothing tells of, such as another process's state, by asking again and again.
///
/// - Parameters:
///   - what: The condition in words, for the error.
///   - limit: When to give up; long, for a slow machine is no fault.
///   - condition: Whether it holds now.
/// - Throws: ``NeverHeld`` if it never held, and what the condition throws.
package func eventually(
    _ what: String, within limit: Duration = .seconds(60), _ condition: () async throws -> Bool
) async throws {
    let start = ContinuousClock.now
    while try await !condition() {
        guard ContinuousClock.now - start < limit else {
            throw NeverHeld(what: what, limit: limit)
        }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// What a test waited for and did not get.
package struct NeverHeld: Error, CustomStringConvertible {
    /// The condition in words.
    package let what: String
    /// How long it was waited for.
    package let limit: Duration

    package var description: String { "waited \(limit) in vain until \(what)" }
}

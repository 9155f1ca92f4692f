import Hummingbird
import NIOCore

/// A search as server-sent events (HTML Living Standard, section 9.2): once at the beginning, whenever it has changed,
/// and an event `over` at its end.
///
/// It ends after some minutes, and the browser asks anew: whoever may no longer see it then does not.
struct RunFrames: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    /// The board's HTML as it is when this is called, and whether the search goes on.
    let look: @Sendable () async throws -> (html: String, isOpen: Bool)

    private static let interval = Duration.seconds(1)
    private static let mostLooks = 300

    struct AsyncIterator: AsyncIteratorProtocol {
        let look: @Sendable () async throws -> (html: String, isOpen: Bool)
        var looks = 0
        var last = ""
        var isOver = false

        mutating func next() async throws -> ByteBuffer? {
            guard looks < RunFrames.mostLooks, !isOver else { return nil }
            if looks > 0 { try await Task.sleep(for: RunFrames.interval) }
            looks += 1
            // While the database is out of reach the board stands still.
            let seen = try? await withTaskExecutorPreference(globalConcurrentExecutor) { [look] in try await look() }
            guard let seen, seen.html != last || !seen.isOpen else {
                // A comment finds out whether anybody is still there.
                return ByteBuffer(string: ":\n\n")
            }
            last = seen.html
            isOver = !seen.isOpen
            let lines = seen.html.split(separator: "\n").map { "data: \($0)\n" }.joined()
            return ByteBuffer(string: "retry: 2000\nevent: \(isOver ? "over" : "board")\n\(lines)\n")
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(look: look) }
}

import Hummingbird
import NIOCore

/// The board as server-sent events (HTML Living Standard, section 9.2): once at the beginning, and whenever it has changed.
///
/// It ends after some minutes, and the browser asks anew: whoever may no longer see it then does not.
struct NowFrames: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    /// The board's HTML as it is when this is called.
    let html: @Sendable () async throws -> String

    /// How often the board is looked at while somebody watches.
    private static let interval = Duration.seconds(2)
    private static let mostLooks = 150

    struct AsyncIterator: AsyncIteratorProtocol {
        let html: @Sendable () async throws -> String
        var looks = 0
        var last = ""

        mutating func next() async throws -> ByteBuffer? {
            guard looks < NowFrames.mostLooks else { return nil }
            if looks > 0 { try await Task.sleep(for: NowFrames.interval) }
            looks += 1
            // While the database is out of reach the board stands still, and tells by its own time since when.
            let found = try? await withTaskExecutorPreference(globalConcurrentExecutor) { [html] in try await html() }
            guard let found, found != last else {
                // A comment finds out whether anybody is still there.
                return ByteBuffer(string: ":\n\n")
            }
            last = found
            let lines = found.split(separator: "\n").map { "data: \($0)\n" }.joined()
            return ByteBuffer(string: "retry: 2000\nevent: board\n\(lines)\n")
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(html: html) }
}

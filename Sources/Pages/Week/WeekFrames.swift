import Hummingbird
import NIOCore
import Scheduling
import Storage

/// Server-sent events (HTML Living Standard, section 9.2) that tell when a week has changed since the stream began.
///
/// It ends after some minutes, and the browser asks anew: whoever may no longer see the week then does not.
struct WeekFrames: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    struct State: Hashable, Sendable {
        /// What is another whenever the week is.
        let version: String
        /// Who changed what last, in one line; empty where nobody changed single shifts.
        let words: String
    }

    /// What is another whenever a week is: the changes of its plans, a space, and what else was there.
    static func version(of board: WeekBoard) -> String {
        "\(board.plans.map { "\($0.number).\($0.lastEdit)" }.joined(separator: ",")) \(board.snapshot)"
    }

    /// The week as it is when this is called.
    let state: @Sendable () async throws -> State

    private static let interval = Duration.seconds(1)
    private static let mostLooks = 300

    struct AsyncIterator: AsyncIteratorProtocol {
        let state: @Sendable () async throws -> State
        var looks = 0
        var last: State?

        mutating func next() async throws -> ByteBuffer? {
            guard looks < WeekFrames.mostLooks else { return nil }
            if looks > 0 { try await Task.sleep(for: WeekFrames.interval) }
            looks += 1
            // While the database is out of reach nothing is told.
            let found = try? await withTaskExecutorPreference(globalConcurrentExecutor) { [state] in try await state() }
            guard let found else { return ByteBuffer(string: ":\n\n") }
            let event = last == nil ? "standing" : "changed"
            let words = last?.words == found.words ? "" : found.words
            guard found.version != last?.version else {
                // A comment finds out whether anybody is still there.
                return ByteBuffer(string: ":\n\n")
            }
            last = found
            let line = String(words.map { $0.isNewline ? " " : $0 })
            return ByteBuffer(string: "retry: 2000\nevent: \(event)\nid: \(found.version)\ndata: \(line)\n\n")
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(state: state) }
}

import NIOCore
import Synchronization

/// Carries an answer's bytes from who reads the database to who writes to the client, with some room in between.
///
/// What fits into the room need not wait for the client, so that most readings are over before it has taken a byte.
final class SyncPipe: Sendable {
    private struct State {
        var buffers: [ByteBuffer] = []
        var bytes = 0
        var hasEnded = false
        var failure: (any Error)?
        var isClosed = false
        /// Whether the client has had its time: what finds no room is not kept any more.
        var isOverTime = false
        var writer: CheckedContinuation<Void, Never>?
        var reader: CheckedContinuation<Void, Never>?
    }

    /// The client took no more.
    struct Closed: Error {}

    /// The client took too long.
    struct TooSlow: Error, CustomStringConvertible {
        let description = "the client is too slow: it took longer than serve.readingSeconds for one state's rows"
    }

    private let room: Int
    private let state = Mutex(State())

    /// - Parameter room: How many bytes wait for the client at most, but for the last piece.
    init(room: Int) {
        self.room = room
    }

    // MARK: Filling

    /// Runs a body that fills, for which the client has some time: what finds no room after that is not taken.
    ///
    /// - Parameters:
    ///   - time: How long.
    ///   - body: Writes.
    /// - Returns: What the body returns.
    /// - Throws: What the body throws; ``TooSlow`` from within it.
    func limiting<Result>(to time: Duration, _ body: () async throws -> Result) async throws -> Result {
        defer { state.withLock { $0.isOverTime = false } }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await Task.sleep(for: time)
                self.endTime()
            }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    private func endTime() {
        let writer = state.withLock { state in
            state.isOverTime = true
            return state.writer.take()
        }
        writer?.resume()
    }

    /// Hands bytes over; waits while there is no room.
    ///
    /// - Throws: ``Closed`` if nobody takes them any more, ``TooSlow``.
    func write(_ buffer: ByteBuffer) async throws {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                guard state.bytes >= room, !state.isClosed, !state.isOverTime else { return true }
                state.writer = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
        let reader = try state.withLock { state in
            guard !state.isClosed else { throw Closed() }
            guard !state.isOverTime || state.bytes < room else { throw TooSlow() }
            state.buffers.append(buffer)
            state.bytes += buffer.readableBytes
            return state.reader.take()
        }
        reader?.resume()
    }

    /// Says that nothing more comes.
    func end(_ failure: (any Error)? = nil) {
        let reader = state.withLock { state in
            state.hasEnded = true
            state.failure = failure
            return state.reader.take()
        }
        reader?.resume()
    }

    // MARK: Emptying

    /// What comes next, as much as there is; nil at the end.
    ///
    /// - Throws: What the filling ended with.
    func next() async throws -> ByteBuffer? {
        while true {
            let (buffers, writer, hasEnded) = try state.withLock { state in
                if state.buffers.isEmpty, let failure = state.failure { throw failure }
                defer {
                    state.buffers = []
                    state.bytes = 0
                }
                return (state.buffers, state.writer.take(), state.hasEnded)
            }
            writer?.resume()
            if var joined = buffers.first {
                for buffer in buffers.dropFirst() { joined.writeImmutableBuffer(buffer) }
                return joined
            }
            if hasEnded { return nil }
            await waitForMore()
        }
    }

    private func waitForMore() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    guard state.buffers.isEmpty, !state.hasEnded else { return true }
                    state.reader = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            end(CancellationError())
        }
    }

    /// Says that nobody takes anything any more.
    func close() {
        let writer = state.withLock { state in
            state.isClosed = true
            return state.writer.take()
        }
        writer?.resume()
    }
}

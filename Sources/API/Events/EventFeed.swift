import NIOCore
import Synchronization

/// The newest events of the consortium, in memory once for all streams of this process.
///
/// Events are encoded once. A stream holds no more than its place in the feed: one that is too slow to keep up loses
/// its place and is ended, and nothing is kept for it. The client comes back with `Last-Event-ID`.
package final class EventFeed: Sendable {
    /// What a stream is to do next.
    enum Turn: Sendable {
        /// Write these, all of the events behind the place, up to a number.
        case write([EncodedEvent], upTo: Int64)
        /// Nothing new for a while: show that the connection lives.
        case heartbeat
        /// The place is older than what is in memory.
        case behind
        /// The process stops.
        case end
    }

    private struct State {
        /// Without a gap: the event at index i has the number `first + i`.
        var events: [EncodedEvent] = []
        var first: Int64 = 1
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var lastWaiter = 0
        /// How many streams there are.
        var listeners = 0
        /// The newest event that is stored, as far as is known; it may not be in memory.
        var newest: Int64 = 0
        var hasBegun = false
        var hasEnded = false
        /// Counts heartbeats, so that a waiter knows why it was woken.
        var beats = 0

        var last: Int64 { first + Int64(events.count) - 1 }
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// The most that one turn hands over: a stream that catches up does so in steps.
    private static let mostAtOnce = 256

    /// - Parameter capacity: How many events are kept in memory.
    package init(capacity: Int = 4096) {
        self.capacity = capacity
    }

    /// The number of the newest event in memory.
    var last: Int64 { state.withLock { $0.last } }

    /// The number of the newest event, in memory or not: where a stream begins that wants what is to come.
    package var newest: Int64 { state.withLock { $0.newest } }

    /// Whether the end of the log was found, so that ``newest`` means something.
    var hasBegun: Bool { state.withLock { $0.hasBegun } }

    /// Whether there is any stream: if not, nobody needs events in memory.
    package var hasListeners: Bool { state.withLock { $0.listeners > 0 } }

    /// How many streams wait.
    package var waitingCount: Int { state.withLock { $0.waiters.count } }

    /// Begins behind an event; what came before is not in memory.
    package func begin(after number: Int64) {
        state.withLock { state in
            state.events = []
            state.first = number + 1
            state.newest = max(state.newest, number)
            state.hasBegun = true
        }
    }

    /// Notes how far the log goes, without anything of it.
    package func note(newest number: Int64) {
        state.withLock { $0.newest = max($0.newest, number) }
    }

    /// Has events kept in memory, until as many have left as have joined.
    func join() {
        state.withLock { $0.listeners += 1 }
    }

    func leave() {
        state.withLock { $0.listeners -= 1 }
    }

    /// Takes new events, which follow the last one without a gap, and wakes whoever waits.
    package func append(_ new: [EncodedEvent]) {
        wake { state in
            // Twice the capacity is let grow before half is cut off, or each event would move all others.
            state.events += new
            state.newest = max(state.newest, state.last)
            if state.events.count > 2 * capacity {
                let surplus = state.events.count - capacity
                state.events.removeFirst(surplus)
                state.first += Int64(surplus)
            }
        }
    }

    /// Lets every stream that waits show that it lives.
    func beat() {
        wake { $0.beats += 1 }
    }

    /// Ends all streams, and those that come later at once.
    package func end() {
        wake { $0.hasEnded = true }
    }

    private func wake(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state in
            change(&state)
            defer { state.waiters.removeAll(keepingCapacity: true) }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }

    /// Waits until there is something to do for a stream; its place is the number of the last event that it wrote.
    func turn(after place: Int64) async -> Turn {
        let beats = state.withLock { $0.beats }
        while true {
            if let turn = state.withLock({ Self.turn($0, after: place, since: beats) }) { return turn }
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    guard Self.turn(state, after: place, since: beats) == nil else { return true }
                    state.lastWaiter += 1
                    state.waiters[state.lastWaiter] = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        }
    }

    private static func turn(_ state: State, after place: Int64, since beats: Int) -> Turn? {
        if state.hasEnded { return .end }
        if place + 1 < state.first { return .behind }
        if place < state.last {
            let start = Int(place + 1 - state.first)
            let events = state.events[start..<min(state.events.count, start + mostAtOnce)]
            return .write(Array(events), upTo: place + Int64(events.count))
        }
        return state.beats > beats ? .heartbeat : nil
    }
}

/// An event as streams send it.
package struct EncodedEvent: Sendable {
    let number: Int64
    let type: String
    /// `id`, `event` and `data`, with the empty line behind.
    let text: ByteBuffer

    private static let dataMark = "\ndata: "

    /// The event's JSON alone, as webhooks send it.
    var json: [UInt8] {
        let head = "id: \(number)\nevent: \(type)\(Self.dataMark)".utf8.count
        return Array(text.readableBytesView.dropFirst(head).dropLast(2))
    }

    package init(number: Int64, type: String, json: JSONValue) {
        self.number = number
        self.type = type
        var buffer = ByteBuffer()
        buffer.writeString("id: \(number)\nevent: \(type)\(Self.dataMark)")
        // JSON text as it is written here has no line breaks.
        buffer.writeBytes(json.bytes)
        buffer.writeString("\n\n")
        text = buffer
    }
}

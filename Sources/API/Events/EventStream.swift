import Hummingbird
import Logging
import NIOCore
import Synchronization

/// One client's stream of events (server-sent events, as HTML's standard has them).
struct EventStream: Sendable {
    let feed: EventFeed
    let source: any EventSource
    /// The number of the last event that the client has.
    let place: Int64
    /// Only events of these types; nil is all.
    let types: Set<String>?
    let logger: Logger

    /// The most events read from the database at once.
    private static let pageSize = 200
    /// How long a client waits before it comes back.
    private static let hello = ByteBuffer(string: "retry: 2000\n: the stream begins\n\n")
    private static let heartbeat = ByteBuffer(string: ":\n\n")

    var body: ResponseBody {
        ResponseBody { writer in
            self.feed.join()
            defer { self.feed.leave() }
            try await self.write(to: &writer)
            try await writer.finish(nil)
        }
    }

    @concurrent
    private func write(to writer: inout any ResponseBodyWriter) async throws {
        var place = place
        // Only a stream that has never caught up reads from the database; one that falls back was too slow.
        var hasCaughtUp = false
        try await writer.write(Self.hello)
        while true {
            switch await feed.turn(after: place) {
            case .end: return
            case .heartbeat: try await writer.write(Self.heartbeat)
            case .write(let events, let last):
                hasCaughtUp = true
                try await write(events, to: &writer)
                place = last
            case .behind:
                guard !hasCaughtUp else {
                    logger.info("a stream was too slow and is ended", metadata: ["event.number": "\(place)"])
                    return
                }
                let events = try await source.encoded(after: place, limit: Self.pageSize)
                guard let last = events.last?.number else {
                    // There are none though there should be: the database was set back.
                    place = feed.last
                    continue
                }
                try await write(events, to: &writer)
                place = last
            }
        }
    }

    @concurrent
    private func write(_ events: [EncodedEvent], to writer: inout any ResponseBodyWriter) async throws {
        let wanted = types.map { types in events.filter { types.contains($0.type) } } ?? events
        guard !wanted.isEmpty else { return }
        var buffer = ByteBuffer()
        buffer.reserveCapacity(wanted.reduce(0) { $0 + $1.text.readableBytes })
        for event in wanted { buffer.writeImmutableBuffer(event.text) }
        try await writer.write(buffer)
    }
}

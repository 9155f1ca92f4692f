import API
import AsyncHTTPClient
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import Routing
import Synchronization
import TestSupport
import Testing

@Suite("The stream of events")
struct EventStreamTests {
    @Test("tells what happens, as it happens")
    func live() async throws {
        try await withService { service in
            try await service.streaming("/v1/events") { stream in
                service.desk.happen(.declined, session: 7)
                let event = try await stream.next()
                #expect(event.id == "1")
                #expect(event.type == "session.declined")
                #expect(event.json?["session"] == 7)
            }
        }
    }

    @Test("tells what happens after its head was sent and before its body begins")
    func betweenHeadAndBody() async throws {
        let feed = EventFeed()
        feed.begin(after: 4)
        let routes = EventRoutes(feed: feed, source: NoEvents())
        let body = routes.body(
            after: nil, types: nil, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        feed.append([EncodedEvent(number: 5, type: "session.declined", json: [:])])
        let (pieces, writer) = CollectingWriter.make()
        async let writing: () = body.write(writer)
        // It has written what there is and waits for more.
        try await eventually("the stream waits") { feed.waitingCount == 1 }
        feed.end()
        try await writing
        let text = await pieces.reduce(into: "") { $0 += String(buffer: $1) }
        #expect(text.contains("id: 5\n"), "\(text)")
    }

    @Test("costs the database no event while nobody listens")
    func idle() async throws {
        let (feed, log) = (EventFeed(), CountedLog(newest: 1000))
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await EventFeedReader(feed: feed, source: log, logger: logger).run() }
            try await eventually("the log's end is found") { feed.newest == 1000 }
            log.grow(to: 2000)
            try await eventually("the log's end is followed") { feed.newest == 2000 }
            #expect(log.readings == 0)

            let (pieces, writer) = CollectingWriter.make()
            let body = EventRoutes(feed: feed, source: log).body(after: nil, types: nil, logger: logger)
            group.addTask { try await body.write(writer) }
            log.grow(to: 2001)
            var text = ""
            for await piece in pieces {
                text += String(buffer: piece)
                if text.contains("id: 2001\n") { break }
            }
            #expect(!text.contains("id: 2000\n"), "what was before is told")
            #expect(log.readings > 0)
            feed.end()
            group.cancelAll()
        }
    }

    @Test("goes on behind the last event that the client has", arguments: [true, false])
    func resumes(byHeader: Bool) async throws {
        try await withService { service in
            for session in 1...20 { service.desk.happen(.declined, session: Int64(session)) }
            let headers = byHeader ? [("Last-Event-ID", "5")] : []
            try await service.streaming(byHeader ? "/v1/events" : "/v1/events?after=5", headers: headers) { stream in
                for number in 6...20 {
                    let event = try await stream.next()
                    #expect(event.id == "\(number)")
                }
                service.desk.happen(.declined, session: 21)
                let event = try await stream.next()
                #expect(event.id == "21")
            }
        }
    }

    @Test("goes on even behind events that are no longer in memory")
    func resumesFromDatabase() async throws {
        try await withService { service in
            for session in 1...12_000 { service.desk.happen(.declined, session: Int64(session)) }
            try await eventually("the events are in the feed") {
                try await service.ask(.GET, "/readyz").status == 200
            }
            try await service.streaming("/v1/events?after=1") { stream in
                for number in 2...12_000 {
                    guard try await stream.next().id == "\(number)" else {
                        Issue.record("event \(number) is missing")
                        return
                    }
                }
            }
        }
    }

    @Test("holds only the types that were asked for")
    func types() async throws {
        try await withService { service in
            try await service.streaming("/v1/events?types=session.silent,presence.gone") { stream in
                service.desk.happen(.declined, session: 1)
                service.desk.happen(.silent(seconds: 300), session: 1)
                service.desk.happen(.noted("hello\nworld"), session: 1)
                service.desk.happen(.gone)
                let events = [try await stream.next(), try await stream.next()]
                #expect(events.map(\.type) == ["session.silent", "presence.gone"])
            }
        }
    }

    @Test("keeps a text with line breaks in one piece")
    func lineBreaks() async throws {
        try await withService { service in
            try await service.streaming("/v1/events") { stream in
                service.desk.happen(.noted("one\ntwo\r\nthree"), session: 1)
                let event = try await stream.next()
                #expect(event.json?["data"]?["text"] == "one\ntwo\r\nthree")
            }
        }
    }

    @Test("is cut off where nobody reads it, and the others go on")
    func slowReader() async throws {
        var limits = ServiceLimits()
        limits.stallSeconds = 1
        try await withService(limits: limits) { service in
            try await RawConnection.open(service.port) { connection in
                try await connection.send(
                    "GET /v1/events?after=0 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(service.token)\r\n\r\n")
                // The other one asks for small events: they fit into the kernel's buffers, so that it is not cut off too
                // where the machine is slow.
                try await service.streaming("/v1/events?types=session.declined") { stream in
                    let text = String(repeating: "x", count: 100_000)
                    for number in 1...200 {
                        service.desk.happen(.noted(text), session: 1)
                        service.desk.happen(.declined, session: 1)
                        let event = try await stream.next()
                        #expect(event.id == "\(2 * number)")
                    }
                }
                // Line breaks between requests are passed over; a connection that is closed does not take them.
                try await eventually("it is cut off") {
                    (try? await connection.send("\r\n")) == nil
                }
                // What the kernel holds still comes; then the end, long before all 20 MB.
                #expect(await connection.readToEnd().utf8.count < 19_000_000)
            }
        }
    }

    @Test("needs a token that may read events")
    func scope() async throws {
        try await withService { service in
            let token = try await service.makeToken(scopes: [.webhooks])
            #expect(try await service.ask(.GET, "/v1/events", token: token).status == 403)
        }
    }
}

/// A stream as a client reads it.
struct ReadStream {
    struct Event {
        var id = ""
        var type = ""
        var data = ""

        var json: JSONValue? { try? JSONReader.read(data.utf8) }
    }

    private var pieces: AsyncThrowingStream<ByteBuffer, any Error>.AsyncIterator
    private var buffered = ByteBuffer()

    init(_ pieces: AsyncThrowingStream<ByteBuffer, any Error>) {
        self.pieces = pieces.makeAsyncIterator()
    }

    /// The next event; comments are passed over.
    mutating func next() async throws -> Event {
        var event = Event()
        while let line = try await line() {
            if line.isEmpty {
                if !event.id.isEmpty { return event }
                event = Event()
            }
            if line.hasPrefix("id: ") { event.id = String(line.dropFirst(4)) }
            if line.hasPrefix("event: ") { event.type = String(line.dropFirst(7)) }
            if line.hasPrefix("data: ") { event.data = String(line.dropFirst(6)) }
        }
        throw StreamEnded()
    }

    private mutating func line() async throws -> String? {
        while true {
            if let end = buffered.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
                let line = buffered.readString(length: end - buffered.readerIndex)
                buffered.moveReaderIndex(forwardBy: 1)
                return line
            }
            guard var next = try await pieces.next(isolation: #isolation) else { return nil }
            buffered.discardReadBytes()
            buffered.writeBuffer(&next)
        }
    }
}

struct StreamEnded: Error {}

/// A log of which nothing is read, for feeds that are filled by hand.
private struct NoEvents: EventSource {
    let isReady = true
    let newestKnown: Int64 = 0

    func newest() async throws -> Int64 { 0 }

    func newestStored() async throws -> Int64 { 0 }

    func encoded(after number: Int64, limit: Int) async throws -> [EncodedEvent] { [] }
}

/// A log that grows when told to, and counts how often events are read from it.
private final class CountedLog: EventSource {
    private struct State {
        var newest: Int64
        var readings = 0
    }

    private let state: Mutex<State>
    let isReady = true

    init(newest: Int64) {
        state = Mutex(State(newest: newest))
    }

    var newestKnown: Int64 { state.withLock { $0.newest } }
    var readings: Int { state.withLock { $0.readings } }

    func grow(to newest: Int64) {
        state.withLock { $0.newest = newest }
    }

    func newest() async throws -> Int64 { newestKnown }

    func newestStored() async throws -> Int64 { newestKnown }

    func encoded(after number: Int64, limit: Int) async throws -> [EncodedEvent] {
        let last = state.withLock { state in
            state.readings += 1
            return min(state.newest, number + Int64(limit))
        }
        guard number < last else { return [] }
        return (number + 1...last).map { EncodedEvent(number: $0, type: "session.declined", json: [:]) }
    }
}

/// Hands on what a body writes.
private struct CollectingWriter: ResponseBodyWriter {
    let continuation: AsyncStream<ByteBuffer>.Continuation

    static func make() -> (AsyncStream<ByteBuffer>, CollectingWriter) {
        let (stream, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
        return (stream, CollectingWriter(continuation: continuation))
    }

    func write(_ buffer: ByteBuffer) async throws {
        continuation.yield(buffer)
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        continuation.finish()
    }
}

extension RunningService {
    /// Reads a stream for as long as the body takes; what happens from its start on is in it.
    func streaming(
        _ path: String, headers: [(String, String)] = [], _ body: (inout ReadStream) async throws -> Void
    ) async throws {
        var request = HTTPClientRequest(url: url + path)
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
        #expect(response.status == .ok)
        #expect(response.headers.first(name: "Content-Type") == "text/event-stream")
        let (pieces, source) = AsyncThrowingStream.makeStream(of: ByteBuffer.self)
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask {
                do {
                    for try await piece in response.body { source.yield(piece) }
                    source.finish()
                } catch {
                    source.finish(throwing: error)
                }
            }
            var stream = ReadStream(pieces)
            try await body(&stream)
            group.cancelAll()
        }
    }
}

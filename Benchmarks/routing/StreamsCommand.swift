import ArgumentParser
import BenchmarkSupport
import Foundation
import NIOCore
import NIOPosix
import PrivateCluster
import ServiceLoad
import Synchronization

/// Measures what many open streams of events cost one `coverdesk serve`, and how soon all of them are told.
struct StreamsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "streams",
        abstract: "Measure the memory that open event streams cost one coverdesk serve.",
        discussion: """
            So many clients of /v1/events, each over a connection of its own. Then sessions come, one after the other, \
            and what is told is how long it took until the last stream had the event of each. Each connection takes a \
            file of the service and one of this program: 'ulimit -n' must allow for them.
            """)

    @Option(help: "How many streams are open.")
    var streams = 10_000

    @Option(help: "How many sessions come.")
    var sessions = 5

    func validate() throws {
        guard (1...20_000).contains(streams), sessions >= 1 else {
            throw ValidationError("--streams goes from 1 to 20000, --sessions from 1 up")
        }
    }

    func run() async throws {
        try await MeasuredServer.lend(settings: Stage.settings, durable: true) { cluster in
            try await MeasuredService.lend(Stage(operators: 100, past: 0), on: cluster) { try await measure($0) }
        }
    }

    private func measure(_ service: MeasuredService) async throws {
        let before = try service.residentMegabytes
        let audience = Audience()
        var channels: [any Channel] = []
        for _ in 0..<streams { channels.append(try await audience.open(service)) }
        try await audience.waitUntilTold("\r\n\r\n", of: streams)
        print("\(streams) streams are open; the service has \(try service.residentMegabytes) MB, \(before) MB before")
        let line = try await HTTPLine.open(port: service.port, patience: .seconds(60))
        var seconds: [Double] = []
        for number in 0..<sessions {
            let name = "streams \(number)"
            let start = ContinuousClock.now
            _ = try await line.ask(
                RequestText.bytes(
                    "POST", "/v1/sessions", token: service.token,
                    json: #"{"id":"\#(name)","queue":"ask","channel":"chat"}"#))
            try await audience.waitUntilTold("\"id\":\"\(name)\"", of: streams)
            seconds.append(start.duration(to: .now) / .seconds(1))
        }
        line.close()
        seconds.sort()
        print(
            String(
                format: "a session had reached all of them after %.2f s (median of %d), %.2f s at most",
                seconds[seconds.count / 2], sessions, seconds.last ?? 0))
        print("the service has \(try service.residentMegabytes) MB")
        for channel in channels { channel.close(promise: nil) }
    }
}

/// Clients that read streams and look for one text at a time.
private final class Audience: Sendable {
    private struct State {
        var texts: [ObjectIdentifier: String] = [:]
    }

    private let state = Mutex(State())

    /// Opens a stream.
    func open(_ service: MeasuredService) async throws -> any Channel {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StreamReader { self.note($0, $1) })
                }
            }
            .connect(host: "127.0.0.1", port: service.port).get()
        try await channel.writeAndFlush(RequestText.bytes("GET", "/v1/events", token: service.token))
        return channel
    }

    private func note(_ reader: ObjectIdentifier, _ text: String) {
        state.withLock { $0.texts[reader, default: ""] += text }
    }

    /// Waits until so many clients have read a text, and forgets what they have read until then.
    func waitUntilTold(_ text: String, of count: Int) async throws {
        while state.withLock({ $0.texts.values.count { $0.contains(text) } }) < count {
            try await Task.sleep(for: .milliseconds(20))
        }
        state.withLock { $0.texts = [:] }
    }
}

/// Hands on what comes over a connection.
private final class StreamReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let note: @Sendable (ObjectIdentifier, String) -> Void

    init(_ note: @escaping @Sendable (ObjectIdentifier, String) -> Void) {
        self.note = note
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        note(ObjectIdentifier(self), String(buffer: unwrapInboundIn(data)))
    }
}

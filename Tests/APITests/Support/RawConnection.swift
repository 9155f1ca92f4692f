import NIOCore
import NIOPosix

/// A connection on which a test writes what no proper client would.
struct RawConnection: Sendable {
    private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private let inbound: NIOAsyncChannelInboundStream<ByteBuffer>

    /// Connects for as long as the body takes.
    static func open(_ port: Int, _ body: (RawConnection) async throws -> Void) async throws {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        var isOver = false
        do {
            try await channel.executeThenClose { inbound, outbound in
                try await body(RawConnection(channel: channel, outbound: outbound, inbound: inbound))
                isOver = true
            }
        } catch let error as ChannelError where isOver && [.ioOnClosedChannel, .alreadyClosed].contains(error) {
            // The other side was the first to close.
        }
    }

    func send(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text))
    }

    /// Everything that comes until the other side closes.
    func readToEnd() async -> String {
        var text = ""
        do {
            for try await buffer in inbound { text += String(buffer: buffer) }
        } catch {
            // A connection that is reset has ended too.
        }
        return text
    }

    /// Takes what comes, piece by piece with a pause behind each, while something holds.
    func readSlowly(pausing pause: Duration, while holds: () async throws -> Bool) async throws {
        for try await _ in inbound {
            guard try await holds() else { return }
            try await Task.sleep(for: pause)
        }
    }

    /// Everything that comes until the other side closes; does something once a text has come.
    func readToEnd(once mark: String, _ action: () async throws -> Void) async throws -> String {
        var text = ""
        var hasCome = false
        for try await buffer in inbound {
            text += String(buffer: buffer)
            if !hasCome, text.contains(mark) {
                hasCome = true
                try await action()
            }
        }
        return text
    }
}

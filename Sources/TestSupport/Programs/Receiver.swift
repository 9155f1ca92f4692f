import NIOCore
package import NIOHTTP1
import NIOPosix
import Synchronization

/// A server that webhooks post to.
package final class Receiver: Sendable {
    package struct Post: Sendable {
        package var headers: HTTPHeaders
        package var body: [UInt8]
    }

    private struct State {
        var posts: [Post] = []
        var failuresLeft: Int
    }

    private let state: Mutex<State>
    private let channel = Mutex<(any Channel)?>(nil)

    fileprivate init(failing count: Int) {
        state = Mutex(State(failuresLeft: count))
    }

    package var posts: [Post] { state.withLock { $0.posts } }

    /// Takes posts from now on.
    package func recover() {
        state.withLock { $0.failuresLeft = 0 }
    }

    package var url: String { "http://127.0.0.1:\(channel.withLock { $0?.localAddress?.port } ?? 0)/hook" }

    /// Takes a post, or fails as often as it was told to.
    fileprivate func take(_ post: Post) -> HTTPResponseStatus {
        state.withLock { state in
            state.posts.append(post)
            guard state.failuresLeft > 0 else { return .noContent }
            state.failuresLeft -= 1
            return .internalServerError
        }
    }

    fileprivate func start() async throws {
        let started = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandler(ReceiverHandler(self))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        channel.withLock { $0 = started }
    }

    fileprivate func stop() async throws {
        try await channel.withLock { $0 }?.close()
    }
}

private final class ReceiverHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let receiver: Receiver
    private var post = Receiver.Post(headers: [:], body: [])

    init(_ receiver: Receiver) {
        self.receiver = receiver
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): post = Receiver.Post(headers: head.headers, body: [])
        case .body(let buffer): post.body += buffer.readableBytesView
        case .end:
            let status = receiver.take(post)
            let head = HTTPResponseHead(version: .http1_1, status: status, headers: ["Content-Length": "0"])
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}

/// Runs a receiver for as long as the body takes; the first posts fail, as many as is said.
package func withReceiver(failing count: Int = 0, _ body: (Receiver) async throws -> Void) async throws {
    let receiver = Receiver(failing: count)
    try await receiver.start()
    do {
        try await body(receiver)
        try await receiver.stop()
    } catch {
        try? await receiver.stop()
        throw error
    }
}

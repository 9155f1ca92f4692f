import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// A request that has come in one piece, with the route that it matched.
struct WholeRequest: Sendable {
    let head: HTTPRequest
    let body: ByteBuffer
    let match: RouteTable.Match
}

/// Hands requests to the connection's task in one piece, and writes their answers.
///
/// Hummingbird hands a request over as a stream of parts and takes the answer as another, each with a lock and changes of
/// tasks. Streams of events need that; a decision is some hundred bytes each way, for which it costs more than all else
/// that is done with them. So this handler gathers such requests, and passes on those that are answered with a stream.
///
/// It stands behind the handlers that bound and time a connection, which see every part as before. One request of a
/// connection is answered at a time, and none while the client leaves answers unread: what comes meanwhile is kept, a few
/// parts of it, and then left in the socket.
final class WholeRequests: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private enum State {
        case idle
        case gathering(HTTPRequest, RouteTable.Match, ByteBuffer)
        case answering(HTTPRequest)
        /// Parts of a request that is passed on.
        case passing
        /// The last answer was written.
        case over
    }

    private let table: RouteTable
    private let requests: AsyncStream<WholeRequest>.Continuation
    private var context: ChannelHandlerContext?
    private var state = State.idle
    /// Requests passed on whose answers have not ended.
    private var openPassed = 0
    /// What came while nothing could be taken.
    private var kept: [HTTPRequestPart] = []
    private var hasInputClosed = false
    private var isReadHeldBack = false

    /// With so many parts kept, no more are read.
    private static let keptParts = 8

    init(_ table: RouteTable, _ requests: AsyncStream<WholeRequest>.Continuation) {
        self.table = table
        self.requests = requests
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    private func end() {
        context = nil
        requests.finish()
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        if canTake(context), kept.isEmpty { take(part, context) } else { kept.append(part) }
    }

    /// Whether there are answers that somebody still waits for.
    private var isBusy: Bool {
        switch state {
        case .answering: true
        case .over: false
        case .idle, .gathering, .passing: !kept.isEmpty
        }
    }

    private func canTake(_ context: ChannelHandlerContext) -> Bool {
        switch state {
        case .idle: context.channel.isWritable
        case .gathering, .passing: true
        case .answering, .over: false
        }
    }

    private func take(_ part: HTTPRequestPart, _ context: ChannelHandlerContext) {
        switch (state, part) {
        case (.idle, .head(let head)):
            let match = table.match(head)
            if openPassed == 0, !match.isStream {
                state = .gathering(head, match, ByteBuffer())
            } else {
                state = .passing
                openPassed += 1
                context.fireChannelRead(wrapInboundOut(part))
            }
        case (.gathering(let head, let match, var body), .body(var buffer)):
            // Nobody else has it while it grows.
            state = .idle
            if body.readableBytes == 0 { body = buffer } else { body.writeBuffer(&buffer) }
            state = .gathering(head, match, body)
        case (.gathering(let head, let match, let body), .end):
            state = .answering(head)
            requests.yield(WholeRequest(head: head, body: body, match: match))
        case (.passing, .end):
            state = .idle
            context.fireChannelRead(wrapInboundOut(part))
        default:
            context.fireChannelRead(wrapInboundOut(part))
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Who sends no more may still wait for answers.
        if case ChannelEvent.inputClosed? = event as? ChannelEvent, isBusy {
            hasInputClosed = true
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func read(context: ChannelHandlerContext) {
        if kept.count < Self.keptParts { context.read() } else { isReadHeldBack = true }
    }

    // MARK: Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { openPassed -= 1 }
        context.write(data, promise: promise)
    }

    /// Writes the answer to the request that was handed over last; nothing if the connection has ended.
    func answer(_ head: HTTPResponse, _ body: ByteBuffer?) {
        guard let context, case .answering(let request) = state else { return }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if let body, body.readableBytes > 0 { context.write(wrapOutboundOut(.body(body)), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        guard self.context != nil else { return }
        if request.headerFields[.connection] == "close" {
            state = .over
            context.close(mode: .output, promise: nil)
        } else {
            state = .idle
            takeKept(context)
        }
        if hasInputClosed, !isBusy {
            hasInputClosed = false
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
    }

    private func takeKept(_ context: ChannelHandlerContext) {
        guard !kept.isEmpty, canTake(context) else { return }
        while !kept.isEmpty, canTake(context) { take(kept.removeFirst(), context) }
        context.fireChannelReadComplete()
        if isReadHeldBack, kept.count < Self.keptParts {
            isReadHeldBack = false
            context.read()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { takeKept(context) }
        context.fireChannelWritabilityChanged()
    }
}

extension RouteTable {
    fileprivate func match(_ head: HTTPRequest) -> Match {
        match(head.method, head.target.path)
    }
}

extension RouteTable.Match {
    /// Whether the answer goes on until somebody hangs up.
    fileprivate var isStream: Bool {
        if case .route(let route, _) = self { route.isStream } else { false }
    }
}

extension HTTPRequest {
    /// The path and the query as they came, still encoded.
    var target: (path: Substring, query: Substring?) {
        let target = path ?? "/"
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return (target[...], nil) }
        return (target[..<mark], target[target.index(after: mark)...])
    }
}

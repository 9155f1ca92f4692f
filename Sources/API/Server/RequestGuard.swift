import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Bounds what one connection can cost: requests that arrive too slowly or are too long, answers that nobody reads.
///
/// It sits in front of Hummingbird's handlers and answers for them where a request is not worth passing on; then it
/// throws away whatever else comes and closes the connection a moment later, so that the client can read the answer.
final class RequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: ServiceLimits
    /// Bytes of the body under way.
    private var bodyBytes = 0
    /// The most that it may have.
    private var bodyLimit: Int
    /// Requests passed on whose answers have not ended.
    private var openRequests = 0
    private var hasAnswerBegun = false
    private var isRefused = false
    /// When the request that is awaited, or under way, must have arrived; nil while none is.
    private var arrivalEnd: NIODeadline?
    /// Looks at ``arrivalEnd``; it is let run out rather than set anew with each request, which would cost more than the
    /// rest of this handler.
    private var arrivalCheck: Scheduled<Void>?
    private var stall: Scheduled<Void>?

    /// How long a refused client has to read why.
    private static let farewell = TimeAmount.milliseconds(500)

    init(_ limits: ServiceLimits) {
        self.limits = limits
        bodyLimit = limits.bodyBytes
    }

    // MARK: The connection

    func handlerAdded(context: ChannelHandlerContext) {
        // A peer that vanished without a word is found out by what is sent to it, not after the kernel's 15 minutes.
        // Sockets that are not TCP refuse the option, and need it not.
        let option = ChannelOptions.Types.SocketOption(level: .tcp, name: .userTimeout)
        let timeout = SocketOptionValue(truncatingIfNeeded: limits.stallSeconds * 1000)
        context.channel.setOption(option, value: timeout).whenFailure { _ in }
        if context.channel.isActive { awaitRequest(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        awaitRequest(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancelTimers()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        cancelTimers()
    }

    private func cancelTimers() {
        arrivalCheck?.cancel()
        arrivalCheck = nil
        arrivalEnd = nil
        stall?.cancel()
    }

    private func awaitRequest(_ context: ChannelHandlerContext) {
        let end = NIODeadline.now() + .seconds(limits.arrivalSeconds)
        arrivalEnd = end
        if arrivalCheck == nil { checkArrival(at: end, context) }
    }

    private func checkArrival(at time: NIODeadline, _ context: ChannelHandlerContext) {
        arrivalCheck = context.eventLoop.assumeIsolated().scheduleTask(deadline: time) {
            self.arrivalCheck = nil
            guard let end = self.arrivalEnd else { return }
            guard end <= .now() else { return self.checkArrival(at: end, context) }
            self.refuse(.requestTimeout(seconds: self.limits.arrivalSeconds), context)
        }
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            let isUpload = head.method == .post && head.path != nil && head.path == limits.uploadPath
            let isForm = head.headerFields[.contentType]?.hasPrefix("application/x-www-form-urlencoded") == true
            bodyLimit =
                isUpload
                ? max(limits.uploadBytes, limits.bodyBytes)
                : isForm ? max(ServiceLimits.formBytes, limits.bodyBytes) : limits.bodyBytes
            if let text = head.headerFields[.contentLength], (Int(text) ?? .max) > bodyLimit {
                return refuse(.contentTooLarge(limit: bodyLimit), context)
            }
            bodyBytes = 0
            openRequests += 1
            awaitRequest(context)
        case .body(let buffer):
            bodyBytes += buffer.readableBytes
            guard bodyBytes <= bodyLimit else {
                return refuse(.contentTooLarge(limit: bodyLimit), context, isPassedOn: true)
            }
        case .end:
            arrivalEnd = nil
        }
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        context.read()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Nobody behind this handler asks for more any longer, and what comes is to be thrown away.
        if isRefused { context.read() }
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        refuse(error == .headerOverflow ? .headersTooLarge(limit: limits.headerBytes) : .unreadableHTTP, context)
    }

    /// Answers in the service's place and closes.
    private func refuse(_ problem: Problem, _ context: ChannelHandlerContext, isPassedOn: Bool = false) {
        guard !isRefused else { return }
        // Whether the request that is refused is the one whose answer would come next.
        let isNext = openRequests == 0 || (openRequests == 1 && arrivalIsUnderWay(isPassedOn))
        isRefused = true
        cancelTimers()
        guard isNext, !hasAnswerBegun else { return context.close(promise: nil) }
        let body = ByteBuffer(bytes: problem.json(requestID: nil).bytes)
        var headers = problem.headers
        headers[.contentType] = Problem.mediaType
        headers[.contentLength] = "\(body.readableBytes)"
        headers[.connection] = "close"
        context.write(wrapOutboundOut(.head(HTTPResponse(status: problem.status, headerFields: headers))), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.read()
        _ = context.eventLoop.assumeIsolated().scheduleTask(in: Self.farewell) { context.close(promise: nil) }
    }

    /// Whether the only request that was passed on is still arriving, so that a refusal means that one.
    private func arrivalIsUnderWay(_ isPassedOn: Bool) -> Bool { isPassedOn || arrivalEnd != nil }

    // MARK: Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isRefused else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let head): hasAnswerBegun = head.status.kind != .informational
        case .body: break
        case .end:
            hasAnswerBegun = false
            openRequests -= 1
        }
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stall?.cancel()
        stall = nil
        if !context.channel.isWritable {
            stall = context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(limits.stallSeconds)) {
                context.close(promise: nil)
            }
        }
        context.fireChannelWritabilityChanged()
    }
}

extension NIOBSDSocket.Option {
    /// After how many milliseconds without an acknowledgement the kernel gives up a connection: TCP_USER_TIMEOUT.
    fileprivate static let userTimeout = NIOBSDSocket.Option(rawValue: TCP_USER_TIMEOUT)
}

extension Problem {
    static func headersTooLarge(limit: Int) -> Problem {
        Problem(
            .requestHeaderFieldsTooLarge, "headers-too-large", "The headers are too long",
            "the request's line and headers may have \(limit) bytes together")
    }
}

package import NIOCore
import NIOPosix

/// One connection to a service, on which one thing is asked at a time.
package final class HTTPLine: Sendable {
    /// No answer came: nobody knows whether what was asked was done.
    package struct NoAnswer: Error {
        package init() {}
    }

    private let channel: any Channel
    private let patience: TimeAmount

    private init(_ channel: any Channel, patience: TimeAmount) {
        self.channel = channel
        self.patience = patience
    }

    /// Connects to a port on loopback.
    package static func open(port: Int, patience: TimeAmount = .seconds(20)) async throws -> HTTPLine {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connectTimeout(.seconds(5))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(LineHandler())
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return HTTPLine(channel, patience: patience)
    }

    package var isOpen: Bool { channel.isActive }

    /// Asks, and waits for the answer.
    ///
    /// - Throws: ``NoAnswer`` if the connection ends or the patience does; the connection is closed then.
    package func ask(_ request: ByteBuffer) async throws -> AnswerParser.Answer {
        let reply = channel.eventLoop.makePromise(of: AnswerParser.Answer.self)
        let channel = channel
        let timeout = channel.eventLoop.scheduleTask(in: patience) {
            reply.fail(NoAnswer())
            channel.close(promise: nil)
        }
        channel.writeAndFlush(LineHandler.Question(bytes: request, reply: reply)).cascadeFailure(to: reply)
        defer { timeout.cancel() }
        do {
            return try await reply.futureResult.get()
        } catch {
            throw NoAnswer()
        }
    }

    package func close() {
        channel.close(promise: nil)
    }
}

/// Writes questions and hands answers back.
private final class LineHandler: ChannelDuplexHandler {
    struct Question: Sendable {
        let bytes: ByteBuffer
        let reply: EventLoopPromise<AnswerParser.Answer>
    }

    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Question
    typealias OutboundOut = ByteBuffer

    private var parser = AnswerParser()
    private var waiting: [EventLoopPromise<AnswerParser.Answer>] = []

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let question = unwrapOutboundIn(data)
        waiting.append(question.reply)
        context.write(wrapOutboundOut(question.bytes), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        parser.feed(&bytes)
        do {
            while let answer = try parser.next() {
                guard !waiting.isEmpty else { return context.close(promise: nil) }
                waiting.removeFirst().succeed(answer)
            }
        } catch {
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        for reply in waiting { reply.fail(HTTPLine.NoAnswer()) }
        waiting = []
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

import NIOCore
import NIOPosix

/// Many clients, each with a connection of its own, that ask a service as fast as it answers.
package enum ScriptLoad {
    /// How long each answer took, in microseconds, and how long all of it took.
    package struct Outcome: Sendable {
        package var microseconds: [Int64]
        package var seconds: Double
    }

    /// How many connections are opened at once.
    private static let opening = 128

    /// Runs scripts for a while.
    ///
    /// - Parameters:
    ///   - scripts: One for each client.
    ///   - port: The service's, on loopback.
    ///   - seconds: How long; a round that has begun is finished.
    ///   - perSecond: How many requests all clients send in a second, evenly; nil is as fast as they are answered. How
    ///     long an answer took counts from the moment at which its request was due.
    /// - Returns: How long each answer took.
    /// - Throws: ``UnexpectedAnswer``, or `NoAnswer` if a connection ends.
    package static func run(
        _ scripts: [any LoadScript], port: Int, seconds: Int, perSecond: Double? = nil
    ) async throws -> Outcome {
        let interval = perSecond.map { TimeAmount.nanoseconds(Int64(Double(scripts.count) / $0 * 1e9)) }
        let group = MultiThreadedEventLoopGroup.singleton
        var channels: [any Channel] = []
        var results: [EventLoopFuture<[Int64]>] = []
        for start in stride(from: 0, to: scripts.count, by: opening) {
            let some = scripts[start..<min(start + opening, scripts.count)].map { script in
                let loop = group.next()
                let result = loop.makePromise(of: [Int64].self)
                results.append(result.futureResult)
                return ClientBootstrap(group: loop)
                    .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                    .channelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandler(ScriptHandler(script, result))
                        }
                    }
                    .connect(host: "127.0.0.1", port: port)
            }
            for connecting in some { channels.append(try await connecting.get()) }
        }
        let began = NIODeadline.now()
        let end = began + .seconds(Int64(seconds))
        for (number, channel) in channels.enumerated() {
            // Their beats are spread over the interval.
            let pace = interval.map { interval in
                ScriptHandler.Pace(
                    first: began + .nanoseconds(interval.nanoseconds * Int64(number) / Int64(channels.count)),
                    interval: interval)
            }
            channel.pipeline.fireUserInboundEventTriggered(ScriptHandler.Begin(end: end, pace: pace))
        }
        var all: [Int64] = []
        for result in results { all += try await result.get() }
        return Outcome(microseconds: all, seconds: Double((NIODeadline.now() - began).nanoseconds) / 1e9)
    }
}

/// Plays a script on its connection's event loop: what measures should cost little beside what is measured.
private final class ScriptHandler: ChannelInboundHandler {
    struct Begin: Sendable {
        let end: NIODeadline
        let pace: Pace?
    }

    /// When requests are due.
    struct Pace: Sendable {
        let first: NIODeadline
        let interval: TimeAmount
    }

    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var script: any LoadScript
    private let result: EventLoopPromise<[Int64]>
    private var parser = AnswerParser()
    private var microseconds: [Int64] = []
    private var askedAt = NIODeadline.now()
    private var end = NIODeadline.distantFuture
    private var pace: Pace?
    private var sentCount = 0

    init(_ script: any LoadScript, _ result: EventLoopPromise<[Int64]>) {
        self.script = script
        self.result = result
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let begin = event as? Begin else { return context.fireUserInboundEventTriggered(event) }
        end = begin.end
        pace = begin.pace
        go(on: nil, context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        parser.feed(&bytes)
        do {
            while let answer = try parser.next() {
                microseconds.append((NIODeadline.now() - askedAt).nanoseconds / 1000)
                go(on: answer, context)
            }
        } catch {
            fail(error, context)
        }
    }

    private func go(on answer: AnswerParser.Answer?, _ context: ChannelHandlerContext) {
        do {
            var request = try script.next(after: answer)
            if request == nil, NIODeadline.now() < end { request = try script.next(after: nil) }
            guard let request else {
                result.succeed(microseconds)
                return context.close(promise: nil)
            }
            send(request, context)
        } catch {
            fail(error, context)
        }
    }

    /// Sends a request once it is due.
    private func send(_ request: ByteBuffer, _ context: ChannelHandlerContext) {
        let now = NIODeadline.now()
        guard let pace else {
            askedAt = now
            return context.writeAndFlush(wrapOutboundOut(request), promise: nil)
        }
        askedAt = pace.first + .nanoseconds(pace.interval.nanoseconds * Int64(sentCount))
        sentCount += 1
        guard askedAt > now else { return context.writeAndFlush(wrapOutboundOut(request), promise: nil) }
        context.eventLoop.assumeIsolated().scheduleTask(deadline: askedAt) {
            context.writeAndFlush(self.wrapOutboundOut(request), promise: nil)
        }
    }

    private func fail(_ error: any Error, _ context: ChannelHandlerContext) {
        result.fail(error)
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error, context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        // Without effect if the result is there.
        result.fail(HTTPLine.NoAnswer())
        context.fireChannelInactive()
    }
}

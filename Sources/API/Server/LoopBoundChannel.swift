import HummingbirdCore
import Logging
import NIOCore

/// Handles each connection on the event loop that reads its socket.
///
/// Requests here are small and wait for the database: what is done for one takes microseconds, and two changes of
/// threads cost more than that. Whatever would hold the loop up, and so the other connections on it, belongs elsewhere.
///
/// Each connection has two tasks: one answers ``WholeRequests``, the other is Hummingbird's, for those that are answered
/// with a stream.
struct LoopBoundChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let dispatcher: Dispatcher

    struct Value: ServerChildChannelValue {
        let base: Base.Value
        let requests: AsyncStream<WholeRequest>
        let handler: NIOLoopBound<WholeRequests>

        var channel: any Channel { base.channel }
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        base.setup(channel: channel, logger: logger).flatMapThrowing { [table = dispatcher.table] value in
            let pipeline = channel.pipeline.syncOperations
            let (requests, continuation) = AsyncStream.makeStream(of: WholeRequest.self)
            let handler = WholeRequests(table, continuation)
            let timing = try pipeline.handler(type: HTTPConnectionStateHandler.self)
            try pipeline.addHandler(handler, position: .after(timing))
            return Value(
                base: value, requests: requests, handler: NIOLoopBound(handler, eventLoop: channel.eventLoop))
        }
    }

    @concurrent
    func handle(value: Value, logger: Logger) async {
        let loop = value.channel.eventLoop
        await withTaskExecutorPreference(LoopExecutor(loop)) {
            await withTaskGroup { group in
                group.addTask { await base.handle(value: value.base, logger: logger) }
                for await request in value.requests {
                    let (head, body) = await dispatcher.answer(to: request, logger)
                    if loop.inEventLoop {
                        value.handler.value.answer(head, body)
                    } else {
                        loop.execute { value.handler.value.answer(head, body) }
                    }
                }
            }
        }
    }
}

/// Runs tasks on an event loop.
private final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

import CLibPQ
import Glibc
import Synchronization

/// One attempt to connect.
///
/// libpq looks up names and tries hosts in turn by blocking calls, even where the rest does not block; so the attempt
/// runs on a thread of its own. Whoever waits for it is told by the deadline even if a name server never answers.
final class ConnectAttempt: Sendable {
    typealias Completion = @Sendable (Result<Link, PostgresError>) -> Void

    private enum State {
        case new
        case running(Completion, timer: EventLoop.Token?)
        case over(PostgresError)
    }

    private let configuration: PostgresConfiguration
    private let state = Mutex(State.new)

    init(_ configuration: PostgresConfiguration) {
        self.configuration = configuration
    }

    /// Begins the attempt, once.
    ///
    /// - Parameter completion: Called once, on some thread, with the connection or with why there is none.
    func start(_ completion: @escaping Completion) {
        let timer = makeTimer()
        let earlier = state.withLock { state -> PostgresError? in
            if case .over(let error) = state { return error }
            state = .running(completion, timer: timer)
            return nil
        }
        if let earlier { return completion(.failure(earlier)) }
        BlockingCalls.run { [self] in
            let outcome = Result { () throws(PostgresError) in try Self.connect(configuration) }
            if !end(with: outcome), let link = try? outcome.get() {
                link.close(because: PostgresError(code: .connectionClosed, message: "nobody waits for it any more"))
            }
        }
    }

    /// Gives the attempt up: its completion is called with the error now, if it was not called before.
    func abandon(because error: PostgresError) {
        _ = end(with: .failure(error), reason: error)
    }

    private func end(with outcome: Result<Link, PostgresError>, reason: PostgresError? = nil) -> Bool {
        let completion = state.withLock { state -> Completion? in
            var running: Completion?
            if case .running(let completion, let timer) = state {
                running = completion
                if let timer { EventLoop.shared.unschedule(timer) }
            }
            state = .over(reason ?? PostgresError(code: .connectionClosed, message: "the attempt is over"))
            return running
        }
        completion?(outcome)
        return completion != nil
    }

    /// libpq's own limit is per host and address and does not hold while names are looked up: this one does.
    private func makeTimer() -> EventLoop.Token? {
        guard configuration.connectTimeoutSeconds > 0 else { return nil }
        let seconds = configuration.connectTimeoutSeconds * configuration.hostCount * 2 + 5
        let error = PostgresError(
            code: .connectionFailed, message: "no connection within \(seconds) s: \(configuration)",
            hint: "is the host's name known, and is the server reachable?")
        return EventLoop.shared.schedule(after: .seconds(seconds)) { [weak self] in self?.abandon(because: error) }
    }

    /// Connects; blocks.
    private static func connect(_ configuration: PostgresConfiguration) throws(PostgresError) -> Link {
        guard let pointer = unsafe open(configuration) else {
            throw PostgresError(code: .connectionFailed, message: "libpq has no memory for a connection")
        }
        let connection = unsafe LibPQConnection(pointer)
        guard unsafe PQstatus(pointer) == CONNECTION_OK, connection.setNonBlocking() else {
            let reason = connection.message
            connection.finish()
            throw PostgresError(code: .connectionFailed, message: "cannot connect: \(reason)")
        }
        unsafe NoticeReceiver.install(configuration.noticeHandler, on: pointer)
        return Link(connection, loop: .next(), configuration: configuration)
    }

    private static func open(_ configuration: PostgresConfiguration) -> OpaquePointer? {
        let parameters = configuration.connectParameters
        let keywords = unsafe parameters.keys.map { unsafe strdup($0) }
        let values = unsafe parameters.values.map { unsafe strdup($0) }
        defer {
            unsafe (keywords + values).forEach { unsafe free($0) }
        }
        let keywordList = unsafe keywords.map { unsafe UnsafePointer($0) } + [nil]
        let valueList = unsafe values.map { unsafe UnsafePointer($0) } + [nil]
        return unsafe PQconnectdbParams(keywordList, valueList, 0)
    }
}

/// Takes the server's notices from libpq, which would print them.
private enum NoticeReceiver {
    /// - Parameters:
    ///   - handler: Whoever calls this keeps it alive as long as the connection.
    ///   - pointer: The connection.
    @unsafe
    static func install(_ handler: PostgresNoticeHandler?, on pointer: OpaquePointer) {
        guard let handler else {
            unsafe PQsetNoticeReceiver(pointer, { _, _ in }, nil)
            return
        }
        let context = unsafe Unmanaged.passUnretained(handler).toOpaque()
        unsafe PQsetNoticeReceiver(
            pointer,
            { context, result in
                guard let context = unsafe context, let result = unsafe result else { return }
                let handler = unsafe Unmanaged<PostgresNoticeHandler>.fromOpaque(context).takeUnretainedValue()
                handler.handle(
                    PostgresNotice(
                        severity: unsafe NoticeReceiver.field("V", of: result) ?? "NOTICE",
                        code: PostgresError.Code(rawValue: unsafe NoticeReceiver.field("C", of: result) ?? "00000"),
                        message: unsafe NoticeReceiver.field("M", of: result) ?? ""))
            }, context)
    }

    @unsafe
    private static func field(_ letter: Unicode.Scalar, of result: OpaquePointer) -> String? {
        guard let text = unsafe PQresultErrorField(result, CInt(letter.value)) else { return nil }
        return unsafe String(cString: text)
    }
}

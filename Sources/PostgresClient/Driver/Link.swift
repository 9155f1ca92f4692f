import Synchronization

/// A connection to the server, driven by whoever uses it and by the event loop.
///
/// A statement is sent on the caller's thread; the loop reads the answer when the socket has it and resumes the caller.
/// Nothing here waits but by suspending.
final class Link: Sendable {
    let token: EventLoop.Token
    let processID: Int32
    let loop: EventLoop
    /// Called by libpq, which does not keep it alive; the loop keeps this link as long as the connection lasts.
    private let noticeHandler: PostgresNoticeHandler?
    private let state: Mutex<LinkState>
    private let endHandler = Mutex<(@Sendable (PostgresError) -> Void)?>(nil)

    /// How long the server may take to answer a cancelled statement before it is asked again.
    private static let cancelPause = Duration.seconds(1)

    /// Takes over an established connection and watches its socket.
    init(_ connection: LibPQConnection, loop: EventLoop, configuration: PostgresConfiguration) {
        let token = loop.makeToken()
        self.token = token
        self.loop = loop
        noticeHandler = configuration.noticeHandler
        processID = connection.processID
        state = Mutex(
            LinkState(
                connection, loop: loop, token: token, statementLimit: configuration.preparedStatementLimit))
        loop.add(self)
        update { _ in }
    }

    /// Runs a closure under the lock, then does what came of it.
    private func update<Result: Sendable>(_ body: @Sendable (inout LinkState) -> Result) -> Result {
        let (result, resumptions, effects) = state.withLock { state in
            let result = body(&state)
            if state.end == nil { state.updateInterest() }
            return (result, state.takeResumptions(), state.effects.take())
        }
        if let (waiter, outcome) = resumptions.first { waiter.resume(with: outcome) }
        for (waiter, outcome) in resumptions.others { waiter.resume(with: outcome) }
        if let effects { perform(effects) }
        return result
    }

    private func perform(_ effects: LinkState.Effects) {
        if let (waiter, outcome) = effects.notification { waiter.resume(with: outcome) }
        if !effects.cancellations.isEmpty { send(effects.cancellations) }
        if effects.hasEnded, let end {
            loop.forget(token)
            endHandler.withLock { $0.take() }?(end)
        }
    }

    /// Called by the loop.
    func socketIsReady(readable: Bool) {
        update { $0.socketIsReady(readable: readable) }
    }

    private func send(_ cancellations: [(request: CancelRequest, operation: Operation)]) {
        for (request, operation) in cancellations {
            BlockingCalls.run { [self] in
                request.send()
                update { $0.cancelArrived() }
            }
            loop.schedule(after: Self.cancelPause) { [weak self] in
                self?.update { $0.cancelHadNoEffect(operation) }
            }
        }
    }

    // MARK: Operations

    /// Runs an operation and gives its answer; cancelling the task cancels it at the server.
    ///
    /// - Parameters:
    ///   - operation: What to do.
    ///   - predecessor: Sent right before it; nobody waits for its answer.
    /// - Returns: The answer.
    /// - Throws: ``PostgresError``, or `CancellationError`.
    func run(_ operation: Operation, after predecessor: Operation? = nil) async throws -> Operation.Answer {
        try await withTaskCancellationHandler {
            try await suspend { state, waiter in
                if let predecessor { state.submit(predecessor, waiter: nil) }
                state.submit(operation, waiter: waiter)
            }
        } onCancel: {
            cancel(operation)
        }
    }

    /// Runs an operation to its end even where the task is cancelled.
    func runUncancelled(_ operation: Operation) async throws -> Operation.Answer {
        try await suspend { $0.submit(operation, waiter: $1) }
    }

    /// Takes on an operation without waiting for it.
    func submit(_ operation: Operation) {
        update { $0.submit(operation, waiter: nil) }
    }

    /// Waits for an operation that was submitted before.
    func answer(to operation: Operation) async throws -> Operation.Answer {
        if let outcome = update({ _ in operation.outcome }) { return try outcome.get() }
        return try await withTaskCancellationHandler {
            try await suspend { $0.whenSettled(operation, waiter: $1) }
        } onCancel: {
            cancel(operation)
        }
    }

    /// Operations that were sent together, with the end of their group.
    struct Group: Sendable {
        fileprivate let operations: [Operation]
        fileprivate let end: Operation
    }

    /// Sends all operations and the end of their group in one go.
    ///
    /// - Parameters:
    ///   - operations: None of them ends a group.
    ///   - isTransaction: Whether they are part of an open transaction, rather than one of their own.
    /// - Returns: What ``finish(_:)`` waits for.
    func startGroup(_ operations: [Operation], isTransaction: Bool) -> Group {
        let end = Operation(.sync, members: isTransaction ? [] : operations)
        update { state in
            for operation in operations { state.submit(operation, waiter: nil) }
            state.submit(end, waiter: nil)
            state.requestFlush()
        }
        return Group(operations: operations, end: end)
    }

    /// Waits for the end of a group.
    ///
    /// - Returns: What each operation gave, in their order.
    /// - Throws: Why the first of them failed, or the end; where they are a transaction of their own, nothing of it was
    ///   kept then.
    func finish(_ group: Group) async throws -> [Operation.Answer] {
        let ending: Result<Operation.Answer, any Error> = await withTaskCancellationHandler {
            do {
                return .success(try await suspend { $0.whenSettled(group.end, waiter: $1) })
            } catch {
                return .failure(error)
            }
        } onCancel: {
            update { state in
                for operation in group.operations.reversed() { state.cancel(operation) }
            }
        }
        let answers = try update { _ in group.operations.map(\.outcome) }.map { try $0?.get() ?? .done }
        _ = try ending.get()
        return answers
    }

    /// Sends all operations before any answer is read, and waits for all answers.
    ///
    /// - Parameter operations: Each ends its own group, so that it stands or falls alone.
    /// - Returns: What became of each, in their order.
    func runAll(_ operations: [Operation]) async -> [Result<Operation.Answer, any Error>] {
        guard let last = operations.last else { return [] }
        return await withTaskCancellationHandler {
            _ = try? await suspend { state, waiter in
                for operation in operations.dropLast() { state.submit(operation, waiter: nil) }
                state.submit(last, waiter: waiter)
            }
            var outcomes: [Result<Operation.Answer, any Error>] = []
            for operation in operations {
                // There already, but for what could be told before the answers of others had come.
                do {
                    outcomes.append(.success(try await suspend { $0.whenSettled(operation, waiter: $1) }))
                } catch {
                    outcomes.append(.failure(error))
                }
            }
            return outcomes
        } onCancel: {
            update { state in
                for operation in operations.reversed() { state.cancel(operation) }
            }
        }
    }

    func nextRows(_ operation: Operation) async throws -> Operation.Answer {
        try await withTaskCancellationHandler {
            try await suspend { $0.nextRows(operation, waiter: $1) }
        } onCancel: {
            cancel(operation)
        }
    }

    /// Throws away what is left of a stream or a COPY and waits for its end, even where the task is cancelled.
    ///
    /// - Throws: Why it failed, unless that is because it was stopped here.
    func abandon(_ operation: Operation, stopsServer: Bool) async throws {
        do {
            _ = try await suspend { $0.abandon(operation, stopsServer: stopsServer, waiter: $1) }
        } catch let error as PostgresError where error.code == .queryCanceled && stopsServer {
            return
        } catch is CancellationError where stopsServer {
            return
        }
    }

    func write(_ bytes: [UInt8], _ operation: Operation) async throws {
        _ = try await withTaskCancellationHandler {
            try await suspend { $0.write(bytes, operation, waiter: $1) }
        } onCancel: {
            cancel(operation)
        }
    }

    func endCopy(_ operation: Operation, failingBecause reason: String? = nil) async throws -> Operation.Answer {
        try await suspend { $0.endCopy(operation, failingBecause: reason, waiter: $1) }
    }

    /// Asks the server to stop an operation that nobody wants any more.
    func cancel(_ operation: Operation) {
        update { $0.cancel(operation) }
    }

    private func suspend(
        _ start: @Sendable (inout LinkState, Waiter<Operation.Answer>) -> Void
    ) async throws -> Operation.Answer {
        try await Waiter.suspend { waiter in
            update { start(&$0, waiter) }
        }
    }

    // MARK: Notifications

    /// Keeps notifications from now on, for ``nextNotification(within:)``.
    func keepNotifications() {
        update { $0.keepsNotifications = true }
    }

    /// Waits for a notification, for one task at a time.
    ///
    /// - Parameter time: How long.
    /// - Returns: The notification, or nil if none came in that time.
    /// - Throws: ``PostgresError`` if the connection ends, or `CancellationError`.
    func nextNotification(within time: Duration) async throws -> PostgresNotification? {
        let timer = loop.schedule(after: time) { [weak self] in self?.endNotificationWait(with: .success(nil)) }
        defer { loop.unschedule(timer) }
        return try await withTaskCancellationHandler {
            try await Waiter.suspend { waiter in
                update { $0.nextNotification(waiter) }
                if Task.isCancelled { endNotificationWait(with: .failure(CancellationError())) }
            }
        } onCancel: {
            endNotificationWait(with: .failure(CancellationError()))
        }
    }

    private func endNotificationWait(with outcome: Result<PostgresNotification?, any Error>) {
        update { $0.resumeNotificationWaiter(with: outcome) }
    }

    // MARK: The connection itself

    /// Whether it can go to somebody else: nothing under way, no transaction open.
    var isIdle: Bool { state.withLock { $0.isIdle } }

    /// Why it is over; nil while it is not.
    var end: PostgresError? { state.withLock { $0.end } }

    /// How many answers are still to come for what was sent.
    var expectedAnswerCount: Int { state.withLock { $0.expected.count } }

    /// How many statements the server holds prepared for it.
    var preparedStatementCount: Int { state.withLock { $0.statements.count } }

    /// A setting that the server reports by itself, such as `server_version`.
    func parameter(_ name: String) -> String? {
        state.withLock { $0.end == nil ? $0.connection.parameter(name) : nil }
    }

    func close(because error: PostgresError) {
        update { $0.close(because: error) }
    }

    /// Sets what is called once, when the connection ends for whatever reason; at once if it has.
    func onEnd(_ handler: @escaping @Sendable (PostgresError) -> Void) {
        endHandler.withLock { $0 = handler }
        if let end { endHandler.withLock { $0.take() }?(end) }
    }
}

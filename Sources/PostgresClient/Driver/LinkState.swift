import CLibPQ

/// A connection's state, changed only under the lock of its ``Link``.
///
/// Statements wait in ``waiting``, are sent in that order, and their answers are expected in ``expected``. What is to
/// happen outside the lock is collected in ``effects``.
struct LinkState: Sendable {
    /// Whom to resume once the lock is let go of; mostly one.
    struct Resumptions: Sendable {
        var first: (waiter: Waiter<Operation.Answer>, outcome: Result<Operation.Answer, any Error>)?
        var others: [(waiter: Waiter<Operation.Answer>, outcome: Result<Operation.Answer, any Error>)] = []
    }

    /// What else the link does once it has let go of the lock, which is seldom.
    struct Effects: Sendable {
        var cancellations: [(request: CancelRequest, operation: Operation)] = []
        var notification: (waiter: NotificationWaiter, outcome: Result<PostgresNotification?, any Error>)?
        /// The connection ended now.
        var hasEnded = false
    }

    typealias NotificationWaiter = Waiter<PostgresNotification?>

    let connection: LibPQConnection
    let loop: EventLoop
    let token: EventLoop.Token

    var waiting = FIFO<Operation>()
    var expected = FIFO<ExpectedAnswer>()
    /// The stream or COPY that the connection was last lent to.
    var occupant: Operation?
    var statements: StatementCache
    var resumptions = Resumptions()
    var effects: Effects?
    /// Set once the connection is over; then nothing may be asked of ``connection`` any more.
    var end: PostgresError?

    var isPipelined = false
    /// A stream was the last statement out of pipeline mode, and libpq may still hand rows over one by one.
    var isInSingleRowMode = false
    /// The first of ``waiting`` is being prepared, and whatever stands behind it waits for that.
    var isPreparing = false
    /// Statements were sent since the last sync: they stand or fall together, and a sync must come.
    var isGroupOpen = false
    /// Why the rest of the open group is not run.
    var groupError: PostgresError?
    /// That is because of a statement of this module's own, which whoever uses the connection knows nothing of.
    var isGroupErrorOurs = false
    /// Something was sent that the server may keep to itself until it sees a flush request.
    var needsFlushRequest = false
    /// A cancel request that is under way would hit whatever is sent now.
    var cancelsUnderWay = 0

    /// Whether somebody will read notifications; otherwise they are dropped.
    var keepsNotifications = false
    var notifications = FIFO<PostgresNotification>()
    var notificationWaiter: NotificationWaiter?
    /// Beyond so many that nobody has read, an idle connection's socket is left alone.
    static let notificationLimit = 1024

    /// libpq holds bytes that the socket did not take.
    var hasUnsentBytes = false
    var interest = EventLoop.Interest()

    init(_ connection: LibPQConnection, loop: EventLoop, token: EventLoop.Token, statementLimit: Int) {
        self.connection = connection
        self.loop = loop
        self.token = token
        statements = StatementCache(capacity: statementLimit)
    }

    /// Whether nothing is under way and no transaction is open, so that the connection can go to somebody else.
    var isIdle: Bool {
        end == nil && waiting.isEmpty && expected.isEmpty && !isGroupOpen
            && connection.transactionStatus == PQTRANS_IDLE
    }

    mutating func takeResumptions() -> Resumptions {
        defer { resumptions = Resumptions() }
        return resumptions
    }

    /// Has a waiter resumed once the lock is let go of.
    mutating func resume(_ waiter: Waiter<Operation.Answer>, with outcome: Result<Operation.Answer, any Error>) {
        if resumptions.first == nil {
            resumptions.first = (waiter, outcome)
        } else {
            resumptions.others.append((waiter, outcome))
        }
    }

    // MARK: What the owner asks for

    /// Takes on an operation and sends it if its turn has come.
    ///
    /// - Parameters:
    ///   - operation: What to do.
    ///   - waiter: Who waits for it; nil if somebody will later, until when its bytes may lie here.
    mutating func submit(_ operation: Operation, waiter: Waiter<Operation.Answer>?) {
        operation.waiter = waiter
        if operation.isCancelled {
            settle(operation, .failure(CancellationError()))
        } else if let end {
            settle(operation, .failure(end))
        } else if let occupant, occupant.isOccupying {
            settle(operation, .failure(Self.occupied))
        } else {
            occupant = operation.isOccupying ? operation : nil
            waiting.append(operation)
            sendWaiting(flushing: waiter != nil)
        }
    }

    private static let occupied = PostgresError(
        code: .misuse,
        message: "the session is busy with a stream or a COPY until the closure that reads or writes it returns",
        hint: "use another connection inside that closure")

    /// Gives an operation's outcome now or, through the waiter, later.
    mutating func whenSettled(_ operation: Operation, waiter: Waiter<Operation.Answer>) {
        if let outcome = operation.outcome {
            resume(waiter, with: outcome)
        } else {
            operation.waiter = waiter
            requestFlush()
        }
    }

    /// Notes that nobody waits for an operation any more, and asks the server to stop what it does for it.
    mutating func cancel(_ operation: Operation) {
        guard operation.outcome == nil, !operation.isCancelled else { return }
        operation.isCancelled = true
        if let waiter = operation.waiter, case .copyIn = operation.kind, operation.phase == .flowing {
            // Whoever writes is to stop writing; the COPY is ended by that, not here.
            operation.waiter = nil
            resume(waiter, with: .failure(CancellationError()))
        }
        stop(operation)
    }

    /// Asks the server to stop an operation, or does not begin with it.
    mutating func stop(_ operation: Operation) {
        let isBeingPrepared = isPreparing && waiting.first === operation
        // It is taken out of the line when the server has answered.
        if isBeingPrepared { operation.isCancelled = true }
        if expected.first?.operation === operation {
            sendCancel(for: operation)
        } else if !isBeingPrepared, waiting.contains(where: { $0 === operation }), !(operation.endsGroup && isGroupOpen)
        {
            waiting.removeAll { $0 === operation }
            settle(operation, .failure(CancellationError()))
        }
    }

    mutating func sendCancel(for operation: Operation) {
        guard !operation.wasCancelSent, end == nil, let request = connection.cancelRequest() else { return }
        operation.wasCancelSent = true
        cancelsUnderWay += 1
        expected.forEach { answer in
            if let other = answer.operation, other !== operation { other.mayBeHitByCancel = true }
        }
        effects = effects ?? Effects()
        effects?.cancellations.append((request, operation))
    }

    /// Asks the server again, as it may have been between two statements; gives the connection up after ten times.
    mutating func cancelHadNoEffect(_ operation: Operation) {
        guard operation.outcome == nil, end == nil, expected.first?.operation === operation else { return }
        // Whoever writes a COPY takes the answer at its end.
        if case .copyIn = operation.kind, operation.phase == .flowing { return }
        operation.ignoredCancels += 1
        guard operation.ignoredCancels < 10 else {
            return close(
                because: PostgresError(
                    code: .connectionLost, message: "the server did not answer a cancelled statement within 10 s"))
        }
        operation.wasCancelSent = false
        sendCancel(for: operation)
    }

    /// Notes that a cancel request has reached the server, or never will.
    mutating func cancelArrived() {
        cancelsUnderWay -= 1
        sendWaiting()
    }

    // MARK: Ends

    /// Gives an operation its outcome, once.
    mutating func settle(_ operation: Operation, _ outcome: Result<Operation.Answer, any Error>) {
        guard operation.outcome == nil else { return }
        operation.outcome = outcome
        guard let waiter = operation.waiter else { return }
        operation.waiter = nil
        resume(waiter, with: outcome)
    }

    /// Settles an operation whose last answer has come.
    mutating func finish(_ operation: Operation) {
        if let error = operation.error {
            let isOurs = operation.isCancelled && error.code == .queryCanceled
            settle(operation, .failure(isOurs ? CancellationError() : error))
        } else if let result = operation.result {
            settle(operation, .success(.result(result)))
        } else {
            settle(operation, .success(.done))
        }
    }

    /// Ends the connection because it broke; what was under way fails with the reason.
    mutating func breakDown() {
        guard end == nil else { return }
        // The server may have said why before it hung up.
        var last: PostgresError?
        if !expected.isEmpty, let result = connection.nextResult(), let error = result.error,
            error.code != .connectionLost
        {
            last = error
        }
        let reason = connection.message
        close(
            because: last
                ?? PostgresError(
                    code: .connectionLost,
                    message: "the connection to the server was lost" + (reason.isEmpty ? "" : ": \(reason)")))
    }

    /// Ends the connection; what was under way fails with the error.
    mutating func close(because error: PostgresError) {
        guard end == nil else { return }
        end = error
        loop.remove(token, socket: connection.socket, interest: &interest)
        connection.finish()
        for answer in expected.drain() {
            guard let operation = answer.operation else { continue }
            settle(operation, .failure(operation.error ?? error))
        }
        for operation in waiting.drain() { settle(operation, .failure(error)) }
        resumeNotificationWaiter(with: .failure(error))
        effects = effects ?? Effects()
        effects?.hasEnded = true
    }
}

/// Something that a connection is to do for somebody.
///
// Sendable, though it changes: after it was made, every member is read and written only under the lock of the link that
// it was given to.
final class Operation: @unchecked Sendable {
    enum Kind {
        /// Prepared where it is not yet, and run in pipeline mode.
        case statement(PostgresQuery)
        /// One statement without values and rows, not prepared: BEGIN and its like.
        case command(String)
        /// Ends a group of statements and waits for its end.
        case sync
        /// Any number of statements by the simple protocol.
        case script(String)
        case rowStream(PostgresQuery)
        case copyIn(String)
        case copyOut(String)
    }

    /// What is handed to whoever waits.
    enum Answer: Sendable {
        case result(ServerResult)
        /// The next rows of a stream; none is the end.
        case rows([ServerResult])
        /// The next rows of a COPY; none is the end.
        case copyRows([[UInt8]])
        /// What was waited for has happened.
        case done
    }

    /// How far a COPY or a stream is.
    enum Phase {
        case starting, flowing, ending
    }

    let kind: Kind
    /// Whether the server is to commit what came before, unless a transaction is open, and to answer at once.
    let endsGroup: Bool

    /// Of a sync that ends a transaction of its own: what must not be committed unless all of it was run.
    let members: [Operation]

    var waiter: Waiter<Answer>?
    /// Set once, at the end.
    var outcome: Result<Answer, any Error>?
    var result: ServerResult?
    var error: PostgresError?
    var phase = Phase.starting
    /// The task that wanted this was cancelled.
    var isCancelled = false
    /// The server was asked to cancel it.
    var wasCancelSent = false
    /// How often it was asked before, without effect.
    var ignoredCancels = 0
    /// Nobody wants the rest of what it gives.
    var isAbandoned = false
    /// A request to cancel another one may reach the server while it is at this one.
    var mayBeHitByCancel = false
    /// It was prepared anew once already, as the server had forgotten its statement.
    var wasRetried = false
    /// Whether it must not be run after one that was called for later, so that it cannot be tried again.
    let keepsOrder: Bool

    init(_ kind: Kind, endsGroup: Bool = true, keepsOrder: Bool = false, members: [Operation] = []) {
        self.kind = kind
        self.endsGroup = endsGroup
        self.members = members
        self.keepsOrder = keepsOrder
    }

    /// Whether it is over, and failed.
    var hasFailed: Bool {
        if case .failure = outcome { true } else { false }
    }

    /// Whether what it gives can be thrown away.
    var isUnwanted: Bool { isAbandoned || isCancelled }

    /// Whether the connection is lent to a closure for it, so that whatever else was asked for would wait for ever if the
    /// closure waited for it.
    var isOccupying: Bool {
        guard outcome == nil, !isAbandoned else { return false }
        return switch kind {
        case .rowStream, .copyOut: true
        case .copyIn: phase != .ending
        case .statement, .command, .sync, .script: false
        }
    }

    /// Whether it needs the connection for itself, out of pipeline mode.
    var isExclusive: Bool {
        switch kind {
        case .statement, .command, .sync: false
        case .script, .rowStream, .copyIn, .copyOut: true
        }
    }
}

/// An answer of the server's that is still to come.
enum ExpectedAnswer: Sendable {
    case preparation(Operation)
    case description(Operation, StatementName)
    case deallocation(StatementName)
    case answer(Operation)
    /// The end of a group; with the operation that ended it.
    case sync(Operation)
    case exclusive(Operation)

    /// Whose it is; nobody's for housekeeping.
    var operation: Operation? {
        switch self {
        case .preparation(let operation), .description(let operation, _), .answer(let operation),
            .sync(let operation), .exclusive(let operation):
            operation
        case .deallocation: nil
        }
    }
}

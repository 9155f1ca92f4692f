import Synchronization

/// Connections that are lent and taken back.
///
/// They are opened as they are needed, up to a limit, and kept for the next; one that broke, or was idle for long, is
/// replaced. Who finds none free waits in line, up to a deadline.
///
/// ```swift
/// let pool = PostgresPool(configuration: try PostgresConfiguration(connectionString: url), maximumConnections: 8)
/// let name = try await pool.withConnection { connection in
///     try await connection.query("SELECT name FROM library WHERE library_id = \(id)").first?.decode(String.self)
/// }
/// await pool.close()
/// ```
///
/// Settings that a session changes for itself (`SET`, temporary tables, advisory locks) stay with its connection when
/// it is given back; use `SET LOCAL` and their like in a transaction. A transaction left open by `execute("BEGIN")` is
/// not handed on: the connection is closed.
package final class PostgresPool: Sendable {
    fileprivate typealias Waiter = CheckedContinuation<PostgresConnection, any Error>

    fileprivate struct State {
        var machine: PoolMachine
        var connections: [PoolMachine.ConnectionID: PostgresConnection] = [:]
        var numbers: [ObjectIdentifier: PoolMachine.ConnectionID] = [:]
        var waiters: [PoolMachine.WaiterID: Waiter] = [:]
        var lastWaiter = 0
        var closers: [CheckedContinuation<Void, Never>] = []
        var isClosed = false
        var timer: EventLoop.Token?
    }

    package let configuration: PostgresConfiguration
    private let retries: PostgresRetries
    private let runsBesideSocket: Bool
    private let state: Mutex<State>

    /// Connects to nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: Where to connect.
    ///   - maximumConnections: How many connections there are at most, 1 or more.
    ///   - waitingDeadline: How long anybody waits for one.
    ///   - maximumIdleTime: How long one is kept that nobody uses.
    ///   - maximumAge: How long one is used at most.
    ///   - retries: How transactions that collided are run anew.
    ///   - runsBesideSocket: Whether what is done with a connection is done on the thread that reads the connection's
    ///     socket. That saves two changes of threads for each statement, but whatever takes long there holds up other
    ///     connections: only for tasks that do little else than ask the server.
    package init(
        configuration: PostgresConfiguration, maximumConnections: Int = 8, waitingDeadline: Duration = .seconds(30),
        maximumIdleTime: Duration = .seconds(300), maximumAge: Duration = .seconds(3600),
        retries: PostgresRetries = PostgresRetries(), runsBesideSocket: Bool = false
    ) {
        self.configuration = configuration
        self.runsBesideSocket = runsBesideSocket
        self.retries = retries
        state = Mutex(
            State(
                machine: PoolMachine(
                    .init(
                        maximumConnections: max(1, maximumConnections), waitingDeadline: waitingDeadline,
                        maximumIdleTime: maximumIdleTime, maximumAge: maximumAge))))
    }

    deinit {
        // Nobody has one of them any more: whoever does keeps the pool alive.
        state.withLock { state in
            for connection in state.connections.values { connection.close() }
            if let timer = state.timer { EventLoop.shared.unschedule(timer) }
        }
    }

    /// Lends a connection for as long as the closure runs.
    ///
    /// - Parameter body: What to do with it.
    /// - Returns: What `body` returns.
    /// - Throws: ``PostgresError`` with the code `connectionFailed` if none can be opened, `poolExhausted` if none
    ///   became free in time, `poolClosed`; and what `body` throws.
    @discardableResult
    package func withConnection<Result>(
        _ body: (PostgresConnection) async throws -> Result
    ) async throws -> Result {
        let connection = try await borrow()
        defer { giveBack(connection) }
        guard runsBesideSocket else { return try await body(connection) }
        return try await withTaskExecutorPreference(connection.link.loop) { try await body(connection) }
    }

    /// Runs a closure where what is done with connections is done, so that borrowing one changes no thread.
    ///
    /// For tasks that do little else than ask the server, if the pool `runsBesideSocket`; elsewhere it runs as it is.
    package func besideSocket<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        guard runsBesideSocket else { return try await body() }
        return try await withTaskExecutorPreference(EventLoop.shared) { try await body() }
    }

    /// Runs a closure in a transaction; see ``PostgresConnection/withTransaction(isolation:access:_:)``.
    @discardableResult
    package func withTransaction<Result>(
        isolation: PostgresIsolation? = nil, access: PostgresAccess? = nil,
        _ body: (PostgresTransaction) async throws -> Result
    ) async throws -> Result {
        try await withConnection { connection in
            try await connection.withTransaction(isolation: isolation, access: access, body)
        }
    }

    /// Takes no more requests, refuses those who wait, and returns when every connection has been given back and closed.
    ///
    /// Not to be called by somebody who has one.
    package func close() async {
        await withCheckedContinuation { continuation in
            update { state in
                if state.isClosed {
                    continuation.resume()
                } else {
                    state.closers.append(continuation)
                }
                return state.isClosed ? [] : state.machine.close()
            }
        }
    }

    /// How many connections there are, by what they do, and how many wait for one.
    package var statistics: PostgresPoolStatistics {
        let count = state.withLock { $0.machine.count }
        return PostgresPoolStatistics(
            inUse: count.lent, idle: count.idle, opening: count.opening, waiting: count.waiting)
    }

    // MARK: Lending

    private func borrow() async throws -> PostgresConnection {
        try Task.checkCancellation()
        let (idle, waiter) = state.withLock { state -> (PostgresConnection?, PoolMachine.WaiterID) in
            if let id = state.machine.lendIdle(at: .now) { return (state.connections[id], 0) }
            state.lastWaiter += 1
            return (nil, state.lastWaiter)
        }
        if let idle { return idle }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                update { state in
                    state.waiters[waiter] = continuation
                    return state.machine.request(waiter, at: .now)
                }
                if Task.isCancelled { withdraw(waiter) }
            }
        } onCancel: {
            withdraw(waiter)
        }
    }

    private func withdraw(_ waiter: PoolMachine.WaiterID) {
        let continuation = state.withLock { state in
            state.machine.withdraw(waiter) ? state.waiters.removeValue(forKey: waiter) : nil
        }
        continuation?.resume(throwing: CancellationError())
    }

    private func giveBack(_ connection: PostgresConnection) {
        let isFit = connection.link.isIdle
        update { state in
            guard let id = state.numbers[ObjectIdentifier(connection)] else { return [] }
            return state.machine.giveBack(id, isFit: isFit, at: .now)
        }
    }

    // MARK: Actions

    /// Asks the machine under the lock, and performs what it says.
    private func update(_ body: (inout sending State) -> [PoolMachine.Action]) {
        let work = state.withLock { state in
            let actions = body(&state)
            return actions.map { state.take($0) }
        }
        for item in work { perform(item) }
    }

    /// An action with what is needed to perform it.
    fileprivate enum Work: Sendable {
        case nothing
        case resume(Waiter, Result<PostgresConnection, any Error>)
        case open(PoolMachine.ConnectionID)
        case close(PostgresConnection)
        case wake(PoolMachine.Moment, instead: EventLoop.Token?)
        case tellClosers([CheckedContinuation<Void, Never>])
    }

    private func perform(_ work: Work) {
        switch work {
        case .nothing: break
        case .resume(let waiter, let outcome): waiter.resume(with: outcome)
        case .open(let id): open(id)
        case .close(let connection): connection.close()
        case .wake(let moment, let earlier): wake(at: moment, instead: earlier)
        case .tellClosers(let closers):
            for closer in closers { closer.resume() }
        }
    }

    private func open(_ id: PoolMachine.ConnectionID) {
        ConnectAttempt(configuration).start { [self] outcome in
            switch outcome {
            case .success(let link):
                let connection = PostgresConnection(link, retries: retries)
                update { state in
                    state.connections[id] = connection
                    state.numbers[ObjectIdentifier(connection)] = id
                    return state.machine.opened(id, at: .now)
                }
                link.onEnd { [weak self] _ in
                    self?.update { $0.machine.lost(id, at: .now) }
                }
            case .failure(let error):
                update { $0.machine.failedToOpen(id, because: error, at: .now) }
            }
        }
    }

    private func wake(at moment: PoolMachine.Moment, instead earlier: EventLoop.Token?) {
        if let earlier { EventLoop.shared.unschedule(earlier) }
        let timer = EventLoop.shared.schedule(after: moment - .now) { [weak self] in
            self?.update { $0.machine.tick(at: .now) }
        }
        state.withLock { $0.timer = timer }
    }
}

extension PostgresPool.State {
    /// Takes out of the state what an action needs.
    fileprivate mutating func take(_ action: PoolMachine.Action) -> PostgresPool.Work {
        switch action {
        case .lend(let id, let waiter):
            guard let connection = connections[id], let continuation = waiters.removeValue(forKey: waiter) else {
                return .nothing
            }
            return .resume(continuation, .success(connection))
        case .refuse(let waiter, let error):
            guard let continuation = waiters.removeValue(forKey: waiter) else { return .nothing }
            return .resume(continuation, .failure(error))
        case .open(let id):
            return .open(id)
        case .close(let id):
            guard let connection = connections.removeValue(forKey: id) else { return .nothing }
            numbers[ObjectIdentifier(connection)] = nil
            return .close(connection)
        case .wake(let moment):
            defer { timer = nil }
            return .wake(moment, instead: timer)
        case .closed:
            isClosed = true
            defer { closers = [] }
            return .tellClosers(closers)
        }
    }
}

/// How many connections a pool has, by what they do.
package struct PostgresPoolStatistics: Sendable, Hashable {
    package let inUse: Int
    package let idle: Int
    package let opening: Int
    /// Those who wait for a connection.
    package let waiting: Int
}

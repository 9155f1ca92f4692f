import Synchronization

/// What a transaction sees of others.
package enum PostgresIsolation: String, Sendable, Hashable {
    /// Each statement sees what was committed before it.
    case readCommitted = "READ COMMITTED"
    /// Every statement sees what was committed before the first.
    case repeatableRead = "REPEATABLE READ"
    /// As if transactions ran one after the other.
    case serializable = "SERIALIZABLE"
}

/// Whether a transaction may write.
package enum PostgresAccess: String, Sendable, Hashable {
    case readWrite = "READ WRITE"
    case readOnly = "READ ONLY"
}

/// An open transaction, as a session; over when the closure that it was lent to returns.
///
/// A statement that fails makes the server refuse all further ones, so the transaction cannot be committed; where a
/// failure is to be survived, run the statement in a savepoint.
package final class PostgresTransaction: PostgresSession {
    private enum Stage {
        /// BEGIN goes with the first statement, which saves a round trip.
        case notBegun(String)
        case begun
        case over
    }

    private let link: Link
    private let stage: Mutex<Stage>
    private let savepoints = Atomic(0)

    init(on link: Link, begin: String) {
        self.link = link
        stage = Mutex(.notBegun(begin))
    }

    package func lease() throws(PostgresError) -> SessionLease {
        let opening = try stage.withLock { stage throws(PostgresError) -> Operation? in
            switch stage {
            case .notBegun(let begin):
                stage = .begun
                return Operation(.command(begin), endsGroup: false)
            case .begun:
                return nil
            case .over:
                throw PostgresError(
                    code: .misuse, message: "the transaction is over: it lives as long as the closure that got it")
            }
        }
        return SessionLease(link: link, opening: opening, isTransaction: true)
    }

    /// Runs a closure whose statements can be undone alone.
    ///
    /// If it throws, what it did is undone, the transaction goes on as if it had not been called, and the error is
    /// thrown on. Savepoints nest.
    ///
    /// - Parameter body: What to do; it uses this same transaction.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws, and ``PostgresError`` if a deferred constraint or the connection fails.
    @discardableResult
    package func withSavepoint<Result>(_ body: () async throws -> Result) async throws -> Result {
        // Names only need to differ from those still open.
        let name = "savepoint_\(savepoints.wrappingAdd(1, ordering: .relaxed).newValue)"
        try await command("SAVEPOINT \(name)")
        let result: Result
        do {
            result = try await body()
        } catch {
            do {
                _ = try await link.runUncancelled(Operation(.command("ROLLBACK TO SAVEPOINT \(name)")))
                _ = try await link.runUncancelled(Operation(.command("RELEASE SAVEPOINT \(name)")))
            } catch {
                // The connection is gone, and with it the transaction; why the body failed says more.
                link.close(because: .lostRollback)
            }
            throw error
        }
        try await command("RELEASE SAVEPOINT \(name)")
        return result
    }

    private func command(_ sql: String) async throws {
        try Task.checkCancellation()
        let lease = try lease()
        _ = try await lease.link.run(Operation(.command(sql)), after: lease.opening)
    }

    // MARK: Ends

    /// Makes the transaction's work last.
    fileprivate func commit() async throws {
        guard case .begun = end() else { return }
        do {
            // Not cancelled half-way: whoever waits is to know what became of the transaction.
            let answer = try await link.runUncancelled(Operation(.command("COMMIT")))
            guard case .result(let result) = answer, result.commandTag == "COMMIT" else {
                throw PostgresError(
                    code: .transactionAborted,
                    message: "the transaction was rolled back, as a statement in it had failed",
                    hint: "let the statement's error end the transaction, or run the statement in withSavepoint")
            }
        } catch let error as PostgresError where error.isConnectionLoss {
            throw PostgresError(
                code: .commitOutcomeUnknown,
                message: "the connection was lost during COMMIT: the transaction is in the database whole or not at "
                    + "all (\(error.message))",
                hint: "look before doing the same again")
        }
    }

    /// Undoes the transaction's work; where that fails the connection is closed, upon which the server does it.
    fileprivate func rollBack() async {
        guard case .begun = end(), link.end == nil else { return }
        do {
            _ = try await link.runUncancelled(Operation(.command("ROLLBACK")))
        } catch {
            link.close(because: .lostRollback)
        }
    }

    private func end() -> Stage {
        stage.withLock { stage in
            defer { stage = .over }
            return stage
        }
    }
}

extension PostgresError {
    fileprivate static let lostRollback = PostgresError(
        code: .connectionLost, message: "the connection was closed, as a rollback on it failed")
}

extension PostgresConnection {
    /// Runs a closure in a transaction: committed when it returns, rolled back when it throws.
    ///
    /// A transaction that the server ended because of another one (serialization failure, deadlock) is run again from
    /// its beginning, after a short pause and a limited number of times: so the closure may run more than once, and
    /// what it does outside the database must bear that.
    ///
    /// - Parameters:
    ///   - isolation: What it sees of others; nil is the server's default, read committed unless configured.
    ///   - access: Whether it may write; nil is the server's default.
    ///   - body: What to do.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws, or ``PostgresError``: with the code `commitOutcomeUnknown` if the connection broke
    ///   during COMMIT, `transactionAborted` if `body` returned though a statement had failed.
    @discardableResult
    package func withTransaction<Result>(
        isolation: PostgresIsolation? = nil, access: PostgresAccess? = nil,
        _ body: (PostgresTransaction) async throws -> Result
    ) async throws -> Result {
        let isolation = isolation.map { " ISOLATION LEVEL \($0.rawValue)" } ?? ""
        let begin = "BEGIN\(isolation)\(access.map { " \($0.rawValue)" } ?? "")"
        var attempts = 1
        while true {
            do {
                return try await attempt(begin, body)
            } catch let error as PostgresError where error.isTransient {
                var generator = SystemRandomNumberGenerator()
                guard link.end == nil, let pause = retries.pause(afterAttempts: attempts, using: &generator) else {
                    throw error
                }
                attempts += 1
                try await Task.sleep(for: pause)
            }
        }
    }

    private func attempt<Result>(
        _ begin: String, _ body: (PostgresTransaction) async throws -> Result
    ) async throws -> Result {
        let transaction = PostgresTransaction(on: link, begin: begin)
        let result: Result
        do {
            result = try await body(transaction)
            try Task.checkCancellation()
        } catch {
            await transaction.rollBack()
            throw error
        }
        try await transaction.commit()
        return result
    }
}

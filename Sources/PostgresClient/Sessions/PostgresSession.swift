/// Something that statements can be run on: a connection, or a transaction on one.
///
/// Statements on one session run one after the other, in the order of the calls. Those that are called for at the same
/// time by several tasks are sent without waiting for each other's answers.
///
/// Cancelling the task that waits for a statement cancels the statement at the server; the call then throws
/// `CancellationError` once the server has let go of it, so that the session is as before.
package protocol PostgresSession: Sendable {
    /// The connection below, for one piece of work.
    ///
    /// For this module's use; what the session owes to the server before, it has sent or handed over.
    ///
    /// - Throws: ``PostgresError`` with the code `misuse` if the session is over.
    func lease() throws(PostgresError) -> SessionLease
}

/// What a session gives to a piece of work.
package struct SessionLease: Sendable {
    let link: Link
    /// To be sent right before the work's first statement, with nobody waiting for it.
    let opening: Operation?
    /// Whether a statement that fails ends more than itself.
    let isTransaction: Bool
}

extension PostgresSession {
    /// Runs a statement and gives its rows, all in memory.
    ///
    /// - Throws: ``PostgresError``, or `CancellationError` if the task was cancelled.
    package func query(_ query: PostgresQuery) async throws -> PostgresRows {
        guard case .result(let result) = try await run(query) else { throw PostgresError.noResult }
        return PostgresRows(result)
    }

    /// Runs a statement whose rows, if it has any, are not wanted.
    ///
    /// - Returns: How many rows it inserted, updated, deleted, merged or read.
    /// - Throws: ``PostgresError``, or `CancellationError` if the task was cancelled.
    @discardableResult
    package func execute(_ query: PostgresQuery) async throws -> Int {
        guard case .result(let result) = try await run(query) else { throw PostgresError.noResult }
        return result.affectedCount
    }

    private func run(_ query: PostgresQuery) async throws -> Operation.Answer {
        try Task.checkCancellation()
        let lease = try lease()
        return try await lease.link.run(Operation(.statement(query)), after: lease.opening)
    }

    /// Runs statements that are separated by semicolons, without values.
    ///
    /// Outside a transaction they are one transaction together, unless they say otherwise themselves.
    ///
    /// - Throws: ``PostgresError`` of the first that fails; those behind it were not run.
    package func executeScript(_ sql: String) async throws {
        try Task.checkCancellation()
        let link = try await exclusiveLink().link
        _ = try await link.run(Operation(.script(sql)))
    }

    /// The connection, with nothing left to be sent before.
    func exclusiveLink() async throws -> (link: Link, isTransaction: Bool) {
        let lease = try lease()
        if let opening = lease.opening {
            lease.link.submit(opening)
            _ = try await lease.link.run(Operation(.sync))
        }
        return (lease.link, lease.isTransaction)
    }
}

extension PostgresError {
    static var noResult: PostgresError {
        PostgresError(code: .misuse, message: "the statement gave no result")
    }
}

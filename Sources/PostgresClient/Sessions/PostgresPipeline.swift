/// Statements that are sent without waiting for the answers of those before.
///
/// Over a network each statement that is waited for costs a round trip; a pipeline costs one for all of them.
package struct PostgresPipeline: Sendable {
    fileprivate let link: Link

    /// Sends a statement and gives a handle on its rows.
    ///
    /// Nothing is waited for; libpq gathers what is sent until somebody waits or 64 KiB are full.
    @discardableResult
    package func query(_ query: PostgresQuery) -> PostgresPending {
        let operation = Operation(.statement(query), endsGroup: false)
        link.submit(operation)
        return PostgresPending(link: link, operation: operation)
    }
}

/// A statement of a pipeline, of which the answer is still to come.
package struct PostgresPending: Sendable {
    fileprivate let link: Link
    fileprivate let operation: Operation

    /// The statement's rows; waits for them if they are not there yet.
    ///
    /// - Throws: ``PostgresError``; with the code `pipelineAborted` if a statement before this one failed.
    package var rows: PostgresRows {
        get async throws {
            guard case .result(let result) = try await link.answer(to: operation) else { throw PostgresError.noResult }
            return PostgresRows(result)
        }
    }
}

extension PostgresSession {
    /// Lends a pipeline.
    ///
    /// ```swift
    /// let (libraries, queues) = try await session.withPipeline { pipeline in
    ///     let libraries = pipeline.query("SELECT … FROM library WHERE consortium_id = \(id)")
    ///     let queues = pipeline.query("SELECT … FROM queue WHERE consortium_id = \(id)")
    ///     return try await (libraries.rows, queues.rows)
    /// }
    /// ```
    ///
    /// All statements of a pipeline stand or fall together: outside a transaction they are one of their own, which is
    /// committed at the end, or rolled back if one of them fails or `body` throws.
    ///
    /// - Parameter body: Sends the statements.
    /// - Returns: What `body` returns.
    /// - Throws: ``PostgresError`` of the first statement that failed, also if nobody asked for its rows; and what
    ///   `body` throws.
    @discardableResult
    package func withPipeline<Result>(_ body: (PostgresPipeline) async throws -> Result) async throws -> Result {
        try Task.checkCancellation()
        let lease = try lease()
        if let opening = lease.opening { lease.link.submit(opening) }
        let result: Result
        do {
            result = try await body(PostgresPipeline(link: lease.link))
        } catch {
            if !lease.isTransaction {
                lease.link.submit(Operation(.command("ROLLBACK"), endsGroup: false))
            }
            _ = try? await lease.link.runUncancelled(Operation(.sync))
            throw error
        }
        _ = try await lease.link.run(Operation(.sync))
        return result
    }

    /// Sends all statements before the first answer is read, each of which stands or falls alone.
    ///
    /// Outside a transaction each is a transaction of its own, and one that fails does not touch the others. In a
    /// transaction the first that fails ends it, and with it those behind.
    ///
    /// - Parameter queries: They are run in this order.
    /// - Returns: The rows of each, or why it failed, in the order of the queries.
    /// - Throws: `CancellationError` if the task was cancelled before anything was sent; ``PostgresError`` with the
    ///   code `misuse` if the session is over.
    package func queryEach(_ queries: [PostgresQuery]) async throws -> [Result<PostgresRows, any Error>] {
        try Task.checkCancellation()
        let lease = try lease()
        if let opening = lease.opening { lease.link.submit(opening) }
        var outcomes = await lease.link.runEach(queries)
        // Statements to be prepared anew are run again only where nothing behind them was run.
        if !lease.isTransaction, let first = outcomes.firstIndex(where: \.needsNewStatement),
            outcomes[first...].allSatisfy(\.needsNewStatement)
        {
            outcomes[first...] = await lease.link.runEach(queries[first...])[...]
        }
        return outcomes
    }

    /// Sends all statements, and the commit, before the first answer is read; they stand or fall together, as in
    /// ``withPipeline(_:)``.
    ///
    /// One round trip for all of it, where ``withPipeline(_:)`` takes another to commit.
    ///
    /// - Returns: The rows of each, in their order.
    package func queryPipelined(_ queries: [PostgresQuery]) async throws -> [PostgresRows] {
        do {
            return try await runTogether(queries)
        } catch let error as PostgresError where error.needsNewStatement {
            guard try !lease().isTransaction else { throw error }
            // Nothing of it was kept.
            return try await runTogether(queries)
        }
    }

    private func runTogether(_ queries: [PostgresQuery]) async throws -> [PostgresRows] {
        try Task.checkCancellation()
        let lease = try lease()
        if let opening = lease.opening { lease.link.submit(opening) }
        let operations = queries.map { Operation(.statement($0), endsGroup: false) }
        let group = lease.link.startGroup(operations, isTransaction: lease.isTransaction)
        return try await lease.link.finish(group).map { answer in
            guard case .result(let result) = answer else { throw PostgresError.noResult }
            return PostgresRows(result)
        }
    }
}

extension Link {
    fileprivate func runEach(_ queries: some Collection<PostgresQuery>) async -> [Result<PostgresRows, any Error>] {
        await runAll(queries.map { Operation(.statement($0), keepsOrder: true) }).map { outcome in
            outcome.flatMap { answer in
                guard case .result(let result) = answer else { return .failure(PostgresError.noResult) }
                return .success(PostgresRows(result))
            }
        }
    }
}

extension Result where Failure == any Error {
    fileprivate var needsNewStatement: Bool {
        guard case .failure(let error as PostgresError) = self else { return false }
        return error.needsNewStatement
    }
}

/// The rows of a statement as they come.
///
/// No more than a few hundred are in memory at a time: while nobody asks for rows, none are read from the socket, and
/// the server waits. To be read once, by one task.
package struct PostgresRowStream: AsyncSequence, Sendable {
    package typealias Element = PostgresRow

    let link: Link
    let operation: Operation

    package func makeAsyncIterator() -> Iterator {
        Iterator(link: link, operation: operation)
    }

    package struct Iterator: AsyncIteratorProtocol {
        let link: Link
        let operation: Operation
        private var batch: [ServerResult] = []
        private var position = 0

        init(link: Link, operation: Operation) {
            self.link = link
            self.operation = operation
        }

        package mutating func next() async throws -> PostgresRow? {
            if position == batch.count {
                guard case .rows(let rows) = try await link.nextRows(operation), !rows.isEmpty else { return nil }
                batch = rows
                position = 0
            }
            defer { position += 1 }
            return PostgresRow(result: batch[position], index: 0)
        }
    }
}

/// The rows of a COPY from the server as they come; see ``PostgresRowStream`` for how.
package struct PostgresCopyReader: AsyncSequence, Sendable {
    package typealias Element = PostgresCopyRow

    let link: Link
    let operation: Operation

    package func makeAsyncIterator() -> Iterator {
        Iterator(link: link, operation: operation)
    }

    package struct Iterator: AsyncIteratorProtocol {
        let link: Link
        let operation: Operation
        private var batch: [[UInt8]] = []
        private var position = 0

        init(link: Link, operation: Operation) {
            self.link = link
            self.operation = operation
        }

        package mutating func next() async throws -> PostgresCopyRow? {
            if position == batch.count {
                guard case .copyRows(let rows) = try await link.nextRows(operation), !rows.isEmpty else { return nil }
                batch = rows
                position = 0
            }
            defer { position += 1 }
            return PostgresCopyRow(bytes: batch[position])
        }
    }
}

extension PostgresSession {
    /// Runs a statement and lends its rows as they come.
    ///
    /// ```swift
    /// try await session.stream("SELECT id, name FROM library") { rows in
    ///     for try await row in rows { … }
    /// }
    /// ```
    ///
    /// What `body` leaves unread is thrown away: outside a transaction the server is told to stop; in one, where that
    /// would end the transaction, the rest is read first, unless `body` threw.
    ///
    /// - Parameters:
    ///   - query: The statement.
    ///   - body: Reads the rows; the session cannot do anything else meanwhile.
    /// - Returns: What `body` returns.
    /// - Throws: ``PostgresError``, and what `body` throws.
    @discardableResult
    package func stream<Result>(
        _ query: PostgresQuery, _ body: (PostgresRowStream) async throws -> Result
    ) async throws -> Result {
        try await withOperation(Operation(.rowStream(query))) { link, operation in
            link.submit(operation)
            return try await body(PostgresRowStream(link: link, operation: operation))
        }
    }

    /// Runs a `COPY … TO STDOUT` and lends its rows as they come; what is left unread goes as in ``stream(_:_:)``.
    ///
    /// - Parameters:
    ///   - sql: A `COPY … TO STDOUT`, in whichever format.
    ///   - body: Reads the rows; the session cannot do anything else meanwhile.
    /// - Returns: What `body` returns.
    /// - Throws: ``PostgresError``, and what `body` throws.
    @discardableResult
    package func copyOut<Result>(
        _ sql: String, _ body: (PostgresCopyReader) async throws -> Result
    ) async throws -> Result {
        try await withOperation(Operation(.copyOut(sql))) { link, operation in
            _ = try await link.run(operation)
            return try await body(PostgresCopyReader(link: link, operation: operation))
        }
    }

    private func withOperation<Result>(
        _ operation: Operation, _ body: (Link, Operation) async throws -> Result
    ) async throws -> Result {
        try Task.checkCancellation()
        let (link, isTransaction) = try await exclusiveLink()
        do {
            let result = try await body(link, operation)
            try await link.abandon(operation, stopsServer: !isTransaction)
            return result
        } catch {
            try? await link.abandon(operation, stopsServer: true)
            throw error
        }
    }
}

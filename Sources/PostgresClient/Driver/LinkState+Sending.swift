extension LinkState {
    /// Sends what waits, in order, as far as its turn has come.
    ///
    /// Unless it is to flush, libpq may gather what is sent, until somebody waits for an answer.
    mutating func sendWaiting(flushing: Bool = true) {
        guard end == nil, cancelsUnderWay == 0 else { return }
        while let operation = waiting.first, !isPreparing {
            let isTaken = operation.isExclusive ? sendExclusive(operation) : sendPipelined(operation)
            guard isTaken, end == nil else { break }
        }
        // What waited for a statement to be prepared may be all that somebody waits for.
        if flushing { requestFlush() }
    }

    /// - Returns: Whether the next in line may go.
    private mutating func sendPipelined(_ operation: Operation) -> Bool {
        guard isPipelined || expected.isEmpty else { return false }
        guard enterPipeline() else {
            fail(operation)
            return true
        }
        switch operation.kind {
        case .statement(let query): return send(query, for: operation)
        case .command(let command):
            guard connection.send(command: command) else {
                fail(operation)
                return true
            }
            didSend(operation)
        default:
            // A sync: nothing goes before it.
            waiting.popFirst()
            guard undoIfIncomplete(operation) else { return false }
            endGroup(with: operation)
        }
        return true
    }

    /// Has the server take back what a sync would commit, where some of it was never sent.
    ///
    /// - Returns: Whether the sync may be sent.
    private mutating func undoIfIncomplete(_ sync: Operation) -> Bool {
        guard isGroupOpen, sync.members.contains(where: \.hasFailed) else { return true }
        let undoing = Operation(.command("ROLLBACK"), endsGroup: false)
        guard connection.send(command: "ROLLBACK") else {
            breakDown()
            settle(sync, .failure(end ?? PostgresError.noResult))
            return false
        }
        expected.append(.answer(undoing))
        return true
    }

    /// Enters pipeline mode where the connection is out of it.
    private mutating func enterPipeline() -> Bool {
        guard !isPipelined else { return true }
        guard connection.enterPipelineMode() else { return false }
        isPipelined = true
        if isInSingleRowMode {
            // libpq leaves that mode when it goes from one answer of a pipeline to the next, but not on entering one:
            // a statement sent first would come row by row, too. A sync before it is that one answer.
            guard connection.sendSync() else { return false }
            expected.append(.sync(Operation(.sync)))
            isInSingleRowMode = false
        }
        return true
    }

    private mutating func send(_ query: PostgresQuery, for operation: Operation) -> Bool {
        if let error = query.encodingError {
            operation.error = error
            fail(operation)
            return true
        }
        guard !isGroupAborted else {
            // The server says nothing more until the sync, so that whoever waited for it to prepare would wait for ever.
            operation.error = abortedError
            fail(operation)
            return true
        }
        guard let statement = statements.use(query) else {
            prepare(query, for: operation)
            return false
        }
        guard connection.sendExecute(query, as: statement.name, resultFormat: statement.resultFormat) else {
            fail(operation)
            return true
        }
        didSend(operation)
        return true
    }

    /// Whether a statement of the group that is open now has failed, so that the server runs none of the others.
    private var isGroupAborted: Bool {
        guard groupError != nil, isGroupOpen else { return false }
        var isOfEarlierGroup = false
        expected.forEach { if case .sync = $0 { isOfEarlierGroup = true } }
        return !isOfEarlierGroup
    }

    private mutating func didSend(_ operation: Operation) {
        waiting.popFirst()
        isGroupOpen = true
        expected.append(.answer(operation))
        if operation.endsGroup { endGroup(with: operation) } else { needsFlushRequest = true }
    }

    /// Has the server parse a statement and say what its columns are; it is run when that is known.
    private mutating func prepare(_ query: PostgresQuery, for operation: Operation) {
        guard !query.sql.utf8.contains(0) else {
            operation.error = Self.nulInStatement
            return fail(operation)
        }
        let name = statements.newName()
        guard connection.sendPrepare(query, as: name), connection.sendDescribe(name) else {
            fail(operation)
            return
        }
        isPreparing = true
        isGroupOpen = true
        expected.append(.preparation(operation))
        expected.append(.description(operation, name))
        for discarded in statements.takeDiscarded(atMost: 8) {
            if connection.send(command: "DEALLOCATE \(discarded.text)") {
                expected.append(.deallocation(discarded))
            } else {
                statements.stillHeld(discarded)
            }
        }
        needsFlushRequest = true
        requestFlush()
    }

    /// libpq would take the statement to end there.
    private static let nulInStatement = PostgresError(
        code: .misuse, message: "the statement's text holds U+0000, which no statement can")

    /// Sends the sync that the operation asks for.
    mutating func endGroup(with operation: Operation) {
        let isSent = connection.sendSync()
        isGroupOpen = false
        needsFlushRequest = false
        // Also where it could not be sent: it stands in no other line, and whoever waits for it is to be told.
        expected.append(.sync(operation))
        if !isSent { breakDown() }
    }

    /// Takes an operation that could not be sent out of the line.
    private mutating func fail(_ operation: Operation) {
        guard !connection.isBroken else { return breakDown() }
        waiting.popFirst()
        operation.error =
            operation.error ?? PostgresError(code: .misuse, message: "libpq refused: \(connection.message)")
        failBeforeSending(operation)
    }

    /// Settles an operation that was not sent, and closes the group that it was to close.
    mutating func failBeforeSending(_ operation: Operation) {
        if operation.endsGroup && isGroupOpen {
            endGroup(with: operation)
        } else {
            finish(operation)
        }
    }

    // MARK: Operations that need the connection for themselves

    private mutating func sendExclusive(_ operation: Operation) -> Bool {
        guard expected.isEmpty else { return false }
        guard !isGroupOpen else {
            operation.error = PostgresError(
                code: .misuse, message: "a script, a stream or a COPY cannot run inside a pipeline")
            fail(operation)
            return true
        }
        if case .rowStream(let query) = operation.kind {
            if let error = query.encodingError {
                operation.error = error
                fail(operation)
                return true
            }
            // Prepared in pipeline mode, which is then left.
            if statements.use(query) == nil {
                guard enterPipeline() else {
                    fail(operation)
                    return true
                }
                prepare(query, for: operation)
                return false
            }
        }
        if isPipelined {
            guard connection.exitPipelineMode() else {
                fail(operation)
                return true
            }
            isPipelined = false
        }
        guard sendOutOfPipeline(operation) else {
            fail(operation)
            return true
        }
        waiting.popFirst()
        expected.append(.exclusive(operation))
        return false
    }

    private mutating func sendOutOfPipeline(_ operation: Operation) -> Bool {
        switch operation.kind {
        case .script(let sql), .copyIn(let sql), .copyOut(let sql):
            guard !sql.utf8.contains(0) else {
                operation.error = Self.nulInStatement
                return false
            }
            return connection.send(script: sql)
        case .rowStream(let query):
            guard let statement = statements.use(query),
                connection.sendExecute(query, as: statement.name, resultFormat: statement.resultFormat)
            else { return false }
            operation.phase = .flowing
            isInSingleRowMode = true
            return connection.setSingleRowMode()
        case .statement, .command, .sync:
            return false
        }
    }

    // MARK: Bytes

    /// Asks the server for the answers that it may hold back.
    mutating func requestFlush() {
        guard end == nil else { return }
        if needsFlushRequest {
            needsFlushRequest = false
            guard connection.sendFlushRequest() else { return breakDown() }
        }
        flush()
    }

    /// Hands libpq's bytes to the socket, as far as it takes them.
    mutating func flush() {
        guard end == nil else { return }
        switch connection.flush() {
        case .done: hasUnsentBytes = false
        case .wouldBlock: hasUnsentBytes = true
        case .failed:
            // What the server said before it hung up may still be there to read.
            _ = connection.consumeInput()
            breakDown()
        }
    }
}

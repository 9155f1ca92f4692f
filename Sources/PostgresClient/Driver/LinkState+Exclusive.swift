import CLibPQ

/// Scripts, streams and COPY, which have the connection for themselves while they last.
extension LinkState {
    /// Rows that a stream hands over at a time.
    private static let batchLimit = 256

    /// Takes what has come for the operation.
    ///
    /// - Returns: Whether the next expected answer may be looked at.
    mutating func receiveExclusive(_ operation: Operation) -> Bool {
        switch (operation.kind, operation.phase) {
        case (.rowStream, .flowing):
            return deliver(operation) { state, operation in state.collectRows(operation) }
        case (.copyOut, .flowing):
            return deliver(operation) { state, operation in state.collectCopyRows(operation) }
        case (.copyIn, .flowing):
            // The server says nothing before it is told the end.
            return false
        default:
            return receiveResult(operation)
        }
    }

    private mutating func receiveResult(_ operation: Operation) -> Bool {
        guard let result = connection.nextResult() else {
            exclusiveEnded(operation)
            return true
        }
        switch (result.status, operation.kind) {
        case (PGRES_COPY_IN, .copyIn) where operation.phase == .starting,
            (PGRES_COPY_OUT, .copyOut) where operation.phase == .starting:
            operation.phase = .flowing
            if let waiter = operation.waiter {
                operation.waiter = nil
                resume(waiter, with: .success(.result(result)))
            }
            return false
        case (PGRES_COPY_IN, _):
            operation.error = Self.unexpectedCopy
            if !connection.putCopyEnd(failingBecause: "not sent by copyIn") { breakDown() }
            flush()
        case (PGRES_COPY_OUT, _), (PGRES_COPY_BOTH, _):
            close(because: Self.unexpectedCopy)
            return false
        default:
            operation.error = operation.error ?? result.error
            operation.result = result
            noteDiscard(result)
        }
        return true
    }

    private static let unexpectedCopy = PostgresError(
        code: .misuse, message: "COPY with the client cannot be run like this: use copyIn or copyOut")

    private mutating func exclusiveEnded(_ operation: Operation) {
        expected.popFirst()
        if operation.error == nil, operation.phase == .starting {
            switch operation.kind {
            case .copyIn:
                operation.error = PostgresError(code: .misuse, message: "the statement is no COPY … FROM STDIN")
            case .copyOut:
                operation.error = PostgresError(code: .misuse, message: "the statement is no COPY … TO STDOUT")
            default: break
            }
        }
        forgetUnusable(operation)
        finish(operation)
        cancelNextIfUnwanted()
    }

    // MARK: Rows, as fast as they are taken

    /// What ``collectRows(_:)`` and its like found.
    enum Collected {
        case some(Operation.Answer)
        case nothingYet
        /// Nothing of the kind comes any more.
        case ended
    }

    /// Hands what has come to whoever waits, or throws it away if nobody ever will.
    private mutating func deliver(
        _ operation: Operation, collect: (inout LinkState, Operation) -> Collected
    ) -> Bool {
        guard operation.waiter != nil || operation.isUnwanted else { return false }
        switch collect(&self, operation) {
        case .nothingYet: return false
        case .ended: return true
        case .some(let answer):
            guard let waiter = operation.waiter, !operation.isUnwanted else { return true }
            operation.waiter = nil
            resume(waiter, with: .success(answer))
            return false
        }
    }

    mutating func collectRows(_ operation: Operation) -> Collected {
        var rows: [ServerResult] = []
        while rows.count < Self.batchLimit, !connection.isBusy {
            guard let result = connection.nextResult() else {
                // Over; but first whoever waits gets the rows before the end.
                guard rows.isEmpty || operation.isUnwanted else {
                    operation.phase = .ending
                    return .some(.rows(rows))
                }
                exclusiveEnded(operation)
                return .ended
            }
            if result.status == PGRES_SINGLE_TUPLE {
                rows.append(result)
            } else {
                operation.error = operation.error ?? result.error
            }
        }
        return rows.isEmpty ? .nothingYet : .some(.rows(rows))
    }

    mutating func collectCopyRows(_ operation: Operation) -> Collected {
        var rows: [[UInt8]] = []
        var isAtEnd = false
        while rows.count < Self.batchLimit, !isAtEnd {
            switch connection.nextCopyData() {
            case .row(let row): rows.append(row)
            case .wouldBlock: return rows.isEmpty ? .nothingYet : .some(.copyRows(rows))
            case .end: isAtEnd = true
            }
        }
        if isAtEnd { operation.phase = .ending }
        return rows.isEmpty ? .ended : .some(.copyRows(rows))
    }

    /// Gives the next rows of a stream or a COPY, or has the waiter resumed once there are some.
    mutating func nextRows(_ operation: Operation, waiter: Waiter<Operation.Answer>) {
        operation.waiter = waiter
        if let outcome = operation.outcome {
            operation.waiter = nil
            resume(waiter, with: outcome)
        } else if operation.isCancelled, operation.wasCancelSent == false {
            sendCancel(for: operation)
        }
        receive()
        sendWaiting()
    }

    /// Throws away what is left of a stream or a COPY.
    ///
    /// - Parameters:
    ///   - operation: What nobody reads any more.
    ///   - stopsServer: Whether to ask the server to stop, which ends an open transaction, or to read to the end.
    ///   - waiter: Resumed at its end.
    mutating func abandon(_ operation: Operation, stopsServer: Bool, waiter: Waiter<Operation.Answer>) {
        operation.isAbandoned = true
        whenSettled(operation, waiter: waiter)
        guard operation.outcome == nil, end == nil else { return }
        if stopsServer { stop(operation) }
        receive()
        sendWaiting()
    }

    // MARK: COPY from here

    /// Sends bytes of a COPY; the waiter is resumed once the socket has taken enough of them.
    mutating func write(_ bytes: [UInt8], _ operation: Operation, waiter: Waiter<Operation.Answer>) {
        if let outcome = operation.outcome {
            resume(waiter, with: outcome)
        } else if operation.isCancelled {
            resume(waiter, with: .failure(CancellationError()))
        } else {
            operation.waiter = waiter
            guard connection.putCopyData(bytes) else { return breakDown() }
            flush()
            resumeWriter()
        }
    }

    /// Lets whoever writes a COPY go on once nothing of it is left unsent.
    mutating func resumeWriter() {
        guard !hasUnsentBytes, case .exclusive(let operation) = expected.first, case .copyIn = operation.kind,
            operation.phase == .flowing, let waiter = operation.waiter
        else { return }
        operation.waiter = nil
        resume(waiter, with: .success(.done))
    }

    /// Ends a COPY; the waiter is resumed when the server has said what became of it.
    mutating func endCopy(_ operation: Operation, failingBecause reason: String?, waiter: Waiter<Operation.Answer>) {
        if operation.outcome == nil, end == nil, operation.phase == .flowing {
            operation.phase = .ending
            guard connection.putCopyEnd(failingBecause: reason) else {
                operation.waiter = waiter
                return breakDown()
            }
            flush()
        }
        whenSettled(operation, waiter: waiter)
        // A COPY that failed half-way was answered before this end of it; then nothing more comes from the server.
        receive()
        sendWaiting()
    }
}

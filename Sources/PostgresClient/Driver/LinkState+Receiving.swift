import CLibPQ

extension LinkState {
    /// Does what the socket's readiness allows.
    mutating func socketIsReady(readable: Bool) {
        guard end == nil else { return }
        if readable {
            guard wantsInput else {
                loop.stopReading(token, socket: connection.socket, interest: &interest)
                return
            }
            guard readAll() else {
                receive()
                return breakDown()
            }
            receive()
        }
        guard end == nil else { return }
        if hasUnsentBytes { flush() }
        resumeWriter()
        sendWaiting()
    }

    /// Whether anybody could take what the socket has.
    var wantsInput: Bool {
        guard case .exclusive(let operation) = expected.first else {
            return !expected.isEmpty || notifications.count < Self.notificationLimit
        }
        switch operation.kind {
        case .rowStream, .copyOut:
            return operation.phase != .flowing || operation.waiter != nil || operation.isUnwanted
        default: return true
        }
    }

    /// Takes what the socket has.
    ///
    /// Under TLS a record that was decrypted only in part makes the socket look empty; a record has at most 16 KiB, of
    /// which libpq takes at least 8 at a time.
    private mutating func readAll() -> Bool {
        guard connection.consumeInput() else { return false }
        guard connection.isEncrypted else { return true }
        return connection.consumeInput() && connection.consumeInput() && connection.consumeInput()
    }

    /// Takes the answers that are whole.
    mutating func receive() {
        // A failed commit comes as an error before the sync, with an end of its own: one, and no more.
        var hasPassedEnd = false
        while let answer = expected.first, end == nil, !connection.isBusy {
            if case .exclusive(let operation) = answer {
                guard receiveExclusive(operation) else { break }
            } else if let result = connection.nextResult() {
                hasPassedEnd = false
                receive(result, for: answer)
            } else if connection.isBroken {
                // libpq gives the loss as one answer's error; all that is behind it looks complete, and is not.
                return breakDown()
            } else if case .sync = answer {
                if hasPassedEnd { break }
                hasPassedEnd = true
            } else {
                answerIsComplete(answer)
            }
        }
        receiveNotifications()
    }

    private mutating func receive(_ result: ServerResult, for answer: ExpectedAnswer) {
        let operation = answer.operation
        switch result.status {
        case PGRES_PIPELINE_SYNC:
            expected.popFirst()
            let failure = groupError.take()
            isGroupErrorOurs = false
            if case .sync(let operation) = answer {
                // Who waits for the end of a group is told of its first failure, though nobody asked for those rows.
                if case .sync = operation.kind { operation.error = operation.error ?? failure }
                groupEnded(operation)
            }
            cancelNextIfUnwanted()
        case PGRES_PIPELINE_ABORTED:
            operation?.error = operation?.error ?? abortedError
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            close(
                because: PostgresError(
                    code: .misuse, message: "COPY cannot be run as a query: use copyIn or copyOut"))
        default:
            if let error = result.error {
                operation?.error = operation?.error ?? error
                if groupError == nil, case .deallocation = answer { isGroupErrorOurs = true }
                groupError = groupError ?? error
            } else if case .description(_, let name) = answer {
                described(result, name, for: answer)
            } else if case .answer(let operation) = answer {
                operation.result = result
                noteDiscard(result)
            }
        }
    }

    var abortedError: PostgresError {
        guard let groupError else {
            return PostgresError(code: .pipelineAborted, message: "not run, as an earlier statement failed")
        }
        if isGroupErrorOurs { return groupError }
        return PostgresError(
            code: .pipelineAborted, message: "not run, as an earlier statement of the pipeline failed: \(groupError)")
    }

    private mutating func described(_ result: ServerResult, _ name: StatementName, for answer: ExpectedAnswer) {
        guard let query = answer.operation?.query, answer.operation?.error == nil else { return }
        let isReadInBinary = (0..<result.columnCount).allSatisfy { result.columnType($0).isReadInBinary }
        statements.insert(
            query, name: name, resultFormat: isReadInBinary ? .binary : .text)
    }

    /// Goes on to the next answer.
    private mutating func answerIsComplete(_ answer: ExpectedAnswer) {
        expected.popFirst()
        switch answer {
        case .deallocation(let name):
            if let groupError, groupError.code != .unknownStatement { statements.stillHeld(name) }
        case .description(let operation, _):
            preparationEnded(operation)
        case .answer(let operation):
            forgetUnusable(operation)
            if !operation.endsGroup { finish(operation) }
        case .preparation, .sync, .exclusive:
            break
        }
        cancelNextIfUnwanted()
    }

    /// Asks the server to stop what it now begins with, where nobody wants that any more.
    mutating func cancelNextIfUnwanted() {
        if let next = expected.first?.operation, next.isCancelled { sendCancel(for: next) }
    }

    private mutating func preparationEnded(_ operation: Operation) {
        isPreparing = false
        if operation.isExclusive {
            // It was prepared in a group of its own, which must end before pipeline mode can be left.
            guard connection.sendSync() else { return breakDown() }
            isGroupOpen = false
            needsFlushRequest = false
            expected.append(.sync(Operation(.sync)))
        }
        guard operation.error == nil, !operation.isCancelled else {
            waiting.popFirst()
            if operation.error == nil {
                operation.error = PostgresError(code: .queryCanceled, message: "cancelled before it was run")
            }
            failBeforeSending(operation)
            return flush()
        }
        flush()
    }

    private mutating func groupEnded(_ operation: Operation) {
        if case .sync = operation.kind {
            finish(operation)
            return
        }
        // In a transaction the statement's failure has ended the transaction, which only its owner can begin anew.
        guard mayRunAgain(operation), connection.transactionStatus == PQTRANS_IDLE else { return finish(operation) }
        operation.mayBeHitByCancel = false
        operation.wasRetried = true
        operation.error = nil
        waiting.insert(operation) { $0.wasRetried }
    }

    /// Whether the statement failed for a reason that its caller has nothing to do with, and which is gone now.
    private func mayRunAgain(_ operation: Operation) -> Bool {
        guard let error = operation.error, operation.query != nil, !operation.isCancelled else { return false }
        // Whatever was cancelled is undone; so the one that was meant stands behind this one, or was over already.
        if error.code == .queryCanceled, operation.mayBeHitByCancel { return true }
        return error.needsNewStatement && !operation.wasRetried && !operation.keepsOrder
    }

    /// Forgets the statement of an operation that failed because the server has it no more, or has it outdated.
    mutating func forgetUnusable(_ operation: Operation) {
        guard let error = operation.error, let query = operation.query else { return }
        if error.code == .unknownStatement { statements.removeAll() }
        if error.code == .staleStatement { statements.remove(query) }
    }

    /// Forgets all prepared statements where the server was just told to.
    mutating func noteDiscard(_ result: ServerResult) {
        if result.discardsStatements { statements.removeAll() }
    }

    // MARK: Notifications

    private mutating func receiveNotifications() {
        guard end == nil else { return }
        while let notification = connection.nextNotification() {
            if notificationWaiter != nil {
                resumeNotificationWaiter(with: .success(notification))
            } else if keepsNotifications {
                notifications.append(notification)
            }
        }
    }

    /// Gives the next notification now or, through the waiter, later.
    mutating func nextNotification(_ waiter: NotificationWaiter) {
        notificationWaiter = waiter
        if let notification = notifications.popFirst() {
            resumeNotificationWaiter(with: .success(notification))
        } else if let end {
            resumeNotificationWaiter(with: .failure(end))
        }
    }

    mutating func resumeNotificationWaiter(with outcome: Result<PostgresNotification?, any Error>) {
        guard let waiter = notificationWaiter else { return }
        notificationWaiter = nil
        effects = effects ?? Effects()
        effects?.notification = (waiter, outcome)
    }
}

extension PostgresError {
    /// Whether the statement has to be prepared anew, after which it may succeed.
    var needsNewStatement: Bool { code == .unknownStatement || code == .staleStatement }
}

extension Operation {
    /// The statement with its values, where it is one.
    var query: PostgresQuery? {
        switch kind {
        case .statement(let query), .rowStream(let query): query
        default: nil
        }
    }
}

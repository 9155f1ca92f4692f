extension PostgresError {
    /// A SQLSTATE of five characters, or a word for what went wrong on this side.
    ///
    /// Both are few: fit for metric labels.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// Whether this module found the fault, not the server.
        package var isClientSide: Bool { rawValue.contains("_") }
    }
}

extension PostgresError.Code {
    // MARK: This module's own

    /// A value cannot be sent as the type that it declares.
    package static let encoding = Self(rawValue: "client_encoding")
    /// A value that came is not what was asked for.
    package static let decoding = Self(rawValue: "client_decoding")
    /// The connection string cannot be read.
    package static let invalidConfiguration = Self(rawValue: "invalid_configuration")
    /// No server could be reached, or none let us in.
    package static let connectionFailed = Self(rawValue: "connection_failed")
    /// The connection broke while it was in use; what was running may or may not have been done.
    package static let connectionLost = Self(rawValue: "connection_lost")
    /// The connection broke while COMMIT was under way: the transaction is either whole in the database or not at all.
    package static let commitOutcomeUnknown = Self(rawValue: "commit_outcome_unknown")
    /// The connection was closed on this side.
    package static let connectionClosed = Self(rawValue: "connection_closed")
    /// No connection of the pool became free in time.
    package static let poolExhausted = Self(rawValue: "pool_exhausted")
    /// The pool was closed.
    package static let poolClosed = Self(rawValue: "pool_closed")
    /// An earlier statement of the same pipeline failed, so this one was not run.
    package static let pipelineAborted = Self(rawValue: "pipeline_aborted")
    /// The transaction was rolled back instead of committed, as a statement in it had failed.
    package static let transactionAborted = Self(rawValue: "transaction_aborted")
    /// The statement is not one that this call can run, or the session is over.
    package static let misuse = Self(rawValue: "client_misuse")

    // MARK: The server's, those that callers decide by

    package static let uniqueViolation = Self(rawValue: "23505")
    package static let foreignKeyViolation = Self(rawValue: "23503")
    package static let notNullViolation = Self(rawValue: "23502")
    package static let checkViolation = Self(rawValue: "23514")
    package static let exclusionViolation = Self(rawValue: "23P01")
    package static let serializationFailure = Self(rawValue: "40001")
    package static let deadlockDetected = Self(rawValue: "40P01")
    package static let lockNotAvailable = Self(rawValue: "55P03")
    package static let queryCanceled = Self(rawValue: "57014")
    package static let adminShutdown = Self(rawValue: "57P01")
    package static let crashShutdown = Self(rawValue: "57P02")
    package static let cannotConnectNow = Self(rawValue: "57P03")
    package static let readOnlyTransaction = Self(rawValue: "25006")
    package static let syntaxError = Self(rawValue: "42601")
    package static let undefinedTable = Self(rawValue: "42P01")
    package static let undefinedColumn = Self(rawValue: "42703")
    package static let divisionByZero = Self(rawValue: "22012")
    /// A prepared statement that the server has forgotten, as after DISCARD.
    package static let unknownStatement = Self(rawValue: "26000")
    /// A prepared statement that no longer fits its tables.
    ///
    /// The server says only "feature not supported" (0A000);
    /// this module tells the case apart.
    package static let staleStatement = Self(rawValue: "stale_statement")
}

/// A connection to the server.
///
/// It is lent, by ``PostgresPool/withConnection(_:)`` or ``withConnection(_:_:)``, and is not to be kept.
package final class PostgresConnection: PostgresSession {
    let link: Link
    let retries: PostgresRetries

    init(_ link: Link, retries: PostgresRetries = PostgresRetries()) {
        self.link = link
        self.retries = retries
    }

    /// Connects, lends the connection and closes it.
    ///
    /// - Parameters:
    ///   - configuration: Where to.
    ///   - body: What to do with it.
    /// - Returns: What `body` returns.
    /// - Throws: ``PostgresError`` with the code `connectionFailed`, and what `body` throws.
    @discardableResult
    package static func withConnection<Result>(
        _ configuration: PostgresConfiguration, _ body: (PostgresConnection) async throws -> Result
    ) async throws -> Result {
        let connection = try await connect(configuration)
        defer { connection.close() }
        return try await body(connection)
    }

    static func connect(_ configuration: PostgresConfiguration) async throws -> PostgresConnection {
        try Task.checkCancellation()
        let attempt = ConnectAttempt(configuration)
        do {
            let link = try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Link, any Error>) in
                    attempt.start { continuation.resume(with: $0) }
                }
            } onCancel: {
                attempt.abandon(because: PostgresError(code: .connectionFailed, message: "nobody waits any more"))
            }
            return PostgresConnection(link)
        } catch {
            try Task.checkCancellation()
            throw error
        }
    }

    func close() {
        link.close(because: PostgresError(code: .connectionClosed, message: "the connection was closed"))
    }

    package func lease() throws(PostgresError) -> SessionLease {
        SessionLease(link: link, opening: nil, isTransaction: false)
    }

    /// The server process behind this connection, as `pg_stat_activity` lists it.
    package var processID: Int32 { link.processID }

    /// The server's version as it names itself, `15.18`.
    package var serverVersion: String { link.parameter("server_version") ?? "" }

    /// How many statements the server keeps prepared for this connection.
    package var preparedStatementCount: Int { link.preparedStatementCount }

    /// How many answers of the server's are still to come.
    package var expectedAnswerCount: Int { link.expectedAnswerCount }
}

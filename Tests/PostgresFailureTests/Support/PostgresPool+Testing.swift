import PostgresClient
import PrivateCluster
import TestSupport

/// Lends a pool, and closes it afterwards.
@discardableResult
func withPool<Result>(
    at configuration: PostgresConfiguration, maximumConnections: Int = 4, waitingDeadline: Duration = .seconds(60),
    retries: PostgresRetries = PostgresRetries(), runsBesideSocket: Bool = false,
    _ body: (PostgresPool) async throws -> Result
) async throws -> Result {
    let pool = PostgresPool(
        configuration: configuration, maximumConnections: maximumConnections, waitingDeadline: waitingDeadline,
        retries: retries, runsBesideSocket: runsBesideSocket)
    let result: Result
    do {
        result = try await body(pool)
    } catch {
        await pool.close()
        throw error
    }
    await pool.close()
    return result
}

/// Lends a pool on an empty database of its own.
@discardableResult
func withPool<Result>(
    maximumConnections: Int = 4, waitingDeadline: Duration = .seconds(60), retries: PostgresRetries = PostgresRetries(),
    runsBesideSocket: Bool = false, _ body: (PostgresPool) async throws -> Result
) async throws -> Result {
    try await withDatabase(from: .empty) { database in
        try await withPool(
            at: PostgresConfiguration(connectionString: database.connectionString),
            maximumConnections: maximumConnections, waitingDeadline: waitingDeadline, retries: retries,
            runsBesideSocket: runsBesideSocket, body)
    }
}

/// Lends the only connection to an empty database of its own.
@discardableResult
func withConnection<Result>(
    _ configure: (inout PostgresConfiguration) -> Void = { _ in }, _ body: (PostgresConnection) async throws -> Result
) async throws -> Result {
    try await withDatabase(from: .empty) { database in
        var configuration = try PostgresConfiguration(connectionString: database.connectionString)
        configure(&configuration)
        return try await PostgresConnection.withConnection(configuration, body)
    }
}

extension PostgresSession {
    /// The one value of the one row that the statement gives.
    func value<Value: PostgresDecodable>(_ query: PostgresQuery, as type: Value.Type = Value.self) async throws -> Value
    {
        let values = try await self.query(query).decode(type)
        guard let value = values.first, values.count == 1 else { throw NotOneRow(count: values.count) }
        return value
    }
}

struct NotOneRow: Error {
    let count: Int
}

extension PostgresPool {
    /// The one value that the statement gives, on some connection.
    func value<Value: PostgresDecodable>(_ query: PostgresQuery, as type: Value.Type = Value.self) async throws -> Value
    {
        try await withConnection { try await $0.value(query, as: type) }
    }

    func execute(_ query: PostgresQuery) async throws {
        try await withConnection { _ = try await $0.execute(query) }
    }

    /// Waits until the server runs a statement with these words in it.
    func waitUntilRunning(_ words: String) async throws {
        try await eventually("the server runs \(words)") { try await isRunning(words) }
    }

    /// Waits until the server runs no statement with these words in it.
    func waitUntilOver(_ words: String) async throws {
        try await eventually("\(words) is over") { try await !isRunning(words) }
    }

    private func isRunning(_ words: String) async throws -> Bool {
        try await value(
            """
            SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND strpos(query, \(words)) > 0
            AND pid <> pg_backend_pid()
            """, as: Int.self) > 0
    }
}

extension PostgresCluster {
    func configuration(database: String = "postgres") throws -> PostgresConfiguration {
        try PostgresConfiguration(connectionString: connectionString(database: database))
    }
}

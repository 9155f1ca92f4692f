import PostgresClient
import TestSupport
import Testing

/// Lends a pool on an empty database of its own.
func withPool<Result>(connections: Int = 4, _ body: (PostgresPool) async throws -> Result) async throws -> Result {
    try await withDatabase(from: .empty) { database in
        try await withPool(to: database.connectionString, connections: connections, body)
    }
}

/// Lends a pool on a given database.
func withPool<Result>(
    to connectionString: String, connections: Int = 4, waitingDeadline: Duration = .seconds(30),
    maximumIdleTime: Duration = .seconds(300), _ body: (PostgresPool) async throws -> Result
) async throws -> Result {
    let pool = PostgresPool(
        configuration: try PostgresConfiguration(connectionString: connectionString),
        maximumConnections: connections, waitingDeadline: waitingDeadline, maximumIdleTime: maximumIdleTime)
    do {
        let result = try await body(pool)
        await pool.close()
        return result
    } catch {
        await pool.close()
        throw error
    }
}

/// Lends a connection to an empty database of its own.
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
    /// The one value of a statement that gives one.
    func value<Value: PostgresDecodable>(_ query: PostgresQuery, as: Value.Type = Value.self) async throws -> Value {
        try #require(try await self.query(query).first).decode(Value.self)
    }
}

/// The error that a piece of work throws.
func failure<Result>(_ work: () async throws -> Result) async throws -> PostgresError {
    do {
        _ = try await work()
    } catch let error as PostgresError {
        return error
    }
    throw NoError()
}

struct NoError: Error {}

extension PostgresPool {
    /// The one value of a statement that gives one, on any connection.
    func value<Value: PostgresDecodable>(_ query: PostgresQuery, as: Value.Type = Value.self) async throws -> Value {
        try await withConnection { try await $0.value(query) }
    }
}

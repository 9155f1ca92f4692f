import PrivateCluster

/// A database that one test has to itself.
package struct TestDatabase: Sendable {
    /// Its name on the server, which no other database of the process has.
    package let name: String
    /// Where to connect, as libpq reads it.
    package let connectionString: String
    private let cluster: PostgresCluster

    fileprivate init(name: String, cluster: PostgresCluster) {
        self.name = name
        self.connectionString = cluster.connectionString(database: name)
        self.cluster = cluster
    }

    /// Runs SQL with `psql`, past all code of ours.
    ///
    /// - Returns: The rows, one a line, columns separated by `|`.
    @discardableResult
    package func execute(_ sql: String) async throws -> String {
        try await cluster.execute(sql, database: name)
    }
}

/// Lends a database of its own, a copy of the template, which is gone afterwards.
///
/// Tests may call this in parallel: a few have a database at a time, the others wait for their turn. A call inside
/// another one's body does not wait, so that a test can have two databases.
///
/// - Parameters:
///   - template: What the database holds to begin with.
///   - body: What to do with it; its sessions are ended when it returns.
/// - Returns: What the body returns.
/// - Throws: What the body throws, or what kept the server or the database from being made.
package func withDatabase<Result>(
    from template: DatabaseTemplate, _ body: (TestDatabase) async throws -> Result
) async throws -> Result {
    guard !DatabasePlaces.isInside else {
        return try await lendDatabase(from: template, body)
    }
    await DatabasePlaces.shared.take()
    defer { DatabasePlaces.shared.giveBack() }
    return try await DatabasePlaces.$isInside.withValue(true) {
        try await lendDatabase(from: template, body)
    }
}

private func lendDatabase<Result>(
    from template: DatabaseTemplate, _ body: (TestDatabase) async throws -> Result
) async throws -> Result {
    let cluster = try await SharedCluster.running
    let source = try await template.databaseName(on: cluster)
    let name = "test_\(DatabaseNumbers.next())"
    try await cluster.createDatabase(name, template: source)
    let result: Result
    do {
        result = try await body(TestDatabase(name: name, cluster: cluster))
    } catch {
        // The test's own error is the one to tell.
        try? await cluster.dropDatabase(name)
        throw error
    }
    try await cluster.dropDatabase(name)
    return result
}

private enum DatabasePlaces {
    /// Few enough that the connections of all of them stay far below the server's limit.
    static let shared = Places(8)

    @TaskLocal static var isInside = false
}

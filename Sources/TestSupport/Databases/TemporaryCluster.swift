package import PrivateCluster

/// Lends a running PostgreSQL server of its own, for a test that stops, kills or configures one.
///
/// It takes seconds to start: a test that only needs a database takes ``withDatabase(from:_:)``.
///
/// - Parameters:
///   - settings: Settings of `postgresql.conf` over the usual ones.
///   - body: What to do with the server; it is removed afterwards.
/// - Returns: What the body returns.
/// - Throws: What the body throws, or why the server did not start.
package func withTemporaryCluster<Result>(
    settings: [String: String] = [:], _ body: (PostgresCluster) async throws -> Result
) async throws -> Result {
    let cluster = try await PostgresCluster(.temporary(), settings: settings)
    do {
        try await cluster.start()
        let result = try await body(cluster)
        try await cluster.remove()
        return result
    } catch {
        // The test's own error is the one to tell.
        try? await cluster.remove()
        throw error
    }
}

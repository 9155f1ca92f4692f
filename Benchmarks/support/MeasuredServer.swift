package import PrivateCluster

/// A private PostgreSQL server to measure on.
package enum MeasuredServer {
    /// Lends one, and removes it afterwards.
    ///
    /// - Parameters:
    ///   - settings: Settings of `postgresql.conf` over those that benchmarks have in common.
    ///   - durable: Whether it waits for the disk at each commit, as one in use does.
    ///   - body: What to measure.
    /// - Throws: What the body throws, or why the server did not start.
    package static func lend(
        settings: [String: String], durable: Bool, _ body: (PostgresCluster) async throws -> Void
    ) async throws {
        let disk = durable ? "on" : "off"
        let common = ["autovacuum": "on", "synchronous_commit": "on", "fsync": disk, "full_page_writes": disk]
        let cluster = try await PostgresCluster(.temporary(), settings: common.merging(settings) { $1 })
        do {
            try await cluster.start()
            try await body(cluster)
        } catch {
            try? await cluster.remove()
            throw error
        }
        try await cluster.remove()
    }
}

/// Numbers of clients, as written on the command line with commas between.
package enum ClientCounts {
    /// - Returns: Nil unless all are numbers from 1 to the most there may be.
    package static func read(_ text: String, most: Int) -> [Int]? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }.filter { (1...most).contains($0) }
        return numbers.count == parts.count ? numbers : nil
    }
}

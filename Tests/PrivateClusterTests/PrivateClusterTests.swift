import PrivateCluster
import TestSupport
import Testing

/// All tests that start servers, one after another: each server takes a second of a processor to make.
@Suite("A PostgreSQL server of one's own", .serialized)
struct PrivateClusterTests {
    /// Lends a started cluster with data to keep, and ends it afterwards.
    static func withPersistentCluster(
        at folder: String, settings: [String: String] = [:], _ body: (PostgresCluster) async throws -> Void
    ) async throws {
        let cluster = try await PostgresCluster(.persistent(folder: folder), settings: settings)
        do {
            try await cluster.start()
            try await body(cluster)
            try await cluster.remove()
        } catch {
            try? await cluster.remove()
            throw error
        }
    }
}

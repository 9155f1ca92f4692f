import Foundation
package import PrivateCluster
import Synchronization

/// One PostgreSQL server for all tests of a process, started when the first of them wants it.
///
/// It is fast and not durable, and it is stopped and removed when the process exits. If the process is killed before
/// it can do that, the next one that starts a temporary cluster removes what is left.
package enum SharedCluster {
    /// The running server; whoever asks first waits for its start, a few seconds.
    ///
    /// - Throws: What kept the server from starting, the same to everybody who asks.
    package static var running: PostgresCluster {
        get async throws {
            try await start.value
        }
    }

    private static let start = Task<PostgresCluster, any Error> {
        let cluster = try await PostgresCluster(.temporary())
        toRemove.withLock { $0 = cluster }
        atexit {
            // Nobody is left to tell of an error; what stays behind, the next run removes.
            try? SharedCluster.toRemove.withLock { $0 }?.removeNow()
        }
        try await cluster.start()
        return cluster
    }

    private static let toRemove = Mutex<PostgresCluster?>(nil)
}

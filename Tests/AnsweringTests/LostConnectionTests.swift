import Answering
import Coverage
import PostgresClient
import PrivateCluster
import Routing
import Storage
import StorageTestSupport
import Synchronization
import TestSupport
import Testing

@Suite("A desk whose connection breaks")
struct LostConnectionTests {
    /// Whether the one who asked has an answer.
    private final class Told: Sendable {
        private let state = Mutex(false)

        var isNoted: Bool { state.withLock { $0 } }

        func note() {
            state.withLock { $0 = true }
        }
    }

    @Test("tells what it finds committed only once that is safe")
    func flushesWhatItFinds() async throws {
        try await withTemporaryCluster(settings: ["synchronous_commit": "on"]) { cluster in
            let pool = PostgresPool(
                configuration: try PostgresConfiguration(connectionString: cluster.connectionString()),
                maximumConnections: 6)
            try await pool.withConnection { _ = try await SchemaMigrator().migrate($0) }
            try await pool.importing(.valid())
            let clock = DeskClock()
            let told = Told()
            try await withNode(pool, clock: { clock.now }) { desk in
                _ = try await desk.perform(.create("patron 1"))
                // Commits wait for a standby that there is not: what is committed is not safe yet.
                try await cluster.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
                try await cluster.execute("SELECT pg_reload_conf()")
                async let answer = {
                    defer { told.note() }
                    return try await desk.perform(.create("patron 2"))
                }()
                let batch = try await waitingForStandby(pool)
                try await cluster.execute("SELECT pg_terminate_backend(\(batch))")
                // The batch is there all the same; the desk must see to it that it stays before it tells anybody.
                let flush = try await waitingForStandby(pool, besides: batch)
                #expect(flush != batch)
                #expect(!told.isNoted)
                try await cluster.execute("ALTER SYSTEM RESET synchronous_standby_names")
                try await cluster.execute("SELECT pg_reload_conf()")
                let number = try await answer.decision?.number.rawValue
                #expect(number == 2)
            }
            await pool.close()
        }
    }

    /// The server's process that waits for the standby.
    private func waitingForStandby(_ pool: PostgresPool, besides known: Int32 = 0) async throws -> Int32 {
        let found = Mutex<Int32>(0)
        try await eventually("a commit waits for the standby") {
            let process = try await pool.withConnection { connection in
                try await connection.query(
                    "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND pid <> \(known)"
                ).first?.decode(Int32.self)
            }
            guard let process else { return false }
            found.withLock { $0 = process }
            return true
        }
        return found.withLock { $0 }
    }

    @Test("tries again soon, however long the database has been away", arguments: [0, 1, 5, 40, 1000])
    func triesSoon(failures: Int) {
        #expect((Duration.milliseconds(1)...Duration.milliseconds(250)).contains(DeskPatience.pause(after: failures)))
    }
}

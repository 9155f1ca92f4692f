import Foundation
import PrivateCluster
import TestSupport
import Testing

extension PrivateClusterTests {
    @Suite("clears up after programs that were killed")
    struct Leftovers {
        @Test("the server of a killed program does not disturb the next, which ends and removes it")
        func temporary() async throws {
            try await withTemporaryFolder { folder in
                let base = folder.path
                await #expect(processExitsWith: .signal(SIGKILL)) { [base = base as String] in
                    let cluster = try await PostgresCluster(.temporary(in: base))
                    try await cluster.start()
                    kill(getpid(), SIGKILL)
                }
                let left = try #require(try FileManager.default.contentsOfDirectory(atPath: base).first)
                let server = try Self.server(of: folder.path(of: left))
                #expect(FileFacts.isRunning(server))

                let next = try await PostgresCluster(.temporary(in: base))
                #expect(!FileFacts.isRunning(server))
                #expect(!FileManager.default.fileExists(atPath: folder.path(of: left)))
                try await next.start()
                #expect(try await next.execute("SELECT 1") == "1")
                try await next.remove()
                #expect(try FileManager.default.contentsOfDirectory(atPath: base) == [])
            }
        }

        @Test("clearing up leaves alone what belongs to a program that runs")
        func othersStay() async throws {
            try await withTemporaryFolder { folder in
                let cluster = try await PostgresCluster(.temporary(in: folder.path))
                try await cluster.start()
                try PostgresCluster.removeLeftovers(in: folder.path)
                #expect(try await cluster.execute("SELECT 1") == "1")
                try await cluster.remove()
            }
        }

        @Test("a server with data to keep, left by a killed program, is replaced and its data are kept")
        func persistent() async throws {
            try await withTemporaryFolder { folder in
                let path = folder.path(of: "cluster")
                await Self.leaveServerBehind(in: path)
                let server = try Self.server(of: path)
                #expect(FileFacts.isRunning(server))
                try await PrivateClusterTests.withPersistentCluster(at: path) { cluster in
                    #expect(!FileFacts.isRunning(server))
                    let kept = try await cluster.execute("SELECT id FROM kept")
                    #expect(kept == "7")
                }
            }
        }

        @Test("a server left by a killed program can be stopped by another")
        func stopped() async throws {
            try await withTemporaryFolder { folder in
                let path = folder.path(of: "cluster")
                await Self.leaveServerBehind(in: path)
                let server = try Self.server(of: path)
                let cluster = try await PostgresCluster(.persistent(folder: path))
                #expect(cluster.isRunning)
                try await cluster.stop()
                #expect(!cluster.isRunning)
                #expect(!FileFacts.isRunning(server))
            }
        }

        @Test("sessions that outlived their killed server are ended before the next starts")
        func orphanedSessions() async throws {
            try await withTemporaryFolder { folder in
                try await PrivateClusterTests.withPersistentCluster(at: folder.path(of: "cluster")) { cluster in
                    let session = Task { try await cluster.execute("SELECT pg_sleep(3600)") }
                    let asleep = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                    try await eventually("the session sleeps") { try await cluster.execute(asleep) != "" }
                    let backend = try #require(Int32(try await cluster.execute(asleep)))
                    // The first process alone: its children live on for a while.
                    kill(try #require(cluster.processID), SIGKILL)
                    try await eventually("the server's first process is gone") { !cluster.isRunning }
                    try await cluster.start()
                    #expect(!FileFacts.isRunning(backend))
                    await #expect(throws: ClusterError.self) { try await session.value }
                    #expect(try await cluster.execute("SELECT 1") == "1")
                }
            }
        }

        /// Starts a server with data in another program, which is then killed.
        private static func leaveServerBehind(in path: String) async {
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let cluster = try await PostgresCluster(.persistent(folder: path))
                try await cluster.start()
                try await cluster.execute("CREATE TABLE kept AS SELECT 7 AS id")
                kill(getpid(), SIGKILL)
            }
        }

        /// The number of the server's first process, as the server has written it down.
        private static func server(of folder: String) throws -> Int32 {
            let text = try String(contentsOfFile: "\(folder)/data/postmaster.pid", encoding: .utf8)
            return try #require(text.split(separator: "\n").first.flatMap { Int32($0) })
        }
    }
}

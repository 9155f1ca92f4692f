import Foundation
import PrivateCluster
import TestSupport
import Testing

extension PrivateClusterTests {
    @Suite("starts and stops")
    struct StartAndStop {
        @Test("what was written is there after the server was killed and started again")
        func killedServer() async throws {
            try await withTemporaryFolder { folder in
                try await PrivateClusterTests.withPersistentCluster(at: folder.path(of: "cluster")) { cluster in
                    try await cluster.execute("CREATE TABLE kept (id int)")
                    try await cluster.execute("INSERT INTO kept VALUES (7)")
                    try await cluster.kill()
                    #expect(!cluster.isRunning)
                    try await cluster.start()
                    #expect(try await cluster.execute("SELECT id FROM kept") == "7")
                }
            }
        }

        @Test("what was written is there for the next program that uses the folder")
        func nextProgram() async throws {
            try await withTemporaryFolder { folder in
                let path = folder.path(of: "cluster")
                try await PrivateClusterTests.withPersistentCluster(at: path) { cluster in
                    try await cluster.execute("CREATE TABLE kept AS SELECT 7 AS id")
                    try await cluster.stop()
                    #expect(!cluster.isRunning)
                }
                try await PrivateClusterTests.withPersistentCluster(at: path) { cluster in
                    let kept = try await cluster.execute("SELECT id FROM kept")
                    #expect(kept == "7")
                }
            }
        }

        @Test("starting one that runs, and stopping one that does not, does nothing")
        func twice() async throws {
            try await withTemporaryCluster { cluster in
                let server = cluster.processID
                try await cluster.start()
                #expect(cluster.processID == server)
                try await cluster.stop()
                try await cluster.stop()
                #expect(!cluster.isRunning)
            }
        }

        @Test("a session that waits does not hold up a fast stop")
        func fastStop() async throws {
            try await withTemporaryCluster { cluster in
                let session = Task { try await cluster.execute("SELECT pg_sleep(3600)") }
                try await eventually("the session sleeps") {
                    try await cluster.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                        == "1"
                }
                try await cluster.stop(.fast)
                await #expect(throws: ClusterError.self) { try await session.value }
            }
        }

        @Test("a database is copied with what is in it, whatever its name")
        func copies() async throws {
            try await withTemporaryCluster { cluster in
                try await cluster.createDatabase("an \"odd\" name")
                try await cluster.execute("CREATE TABLE copied AS SELECT 5 AS id", database: "an \"odd\" name")
                try await cluster.createDatabase("copy", template: "an \"odd\" name")
                #expect(try await cluster.execute("SELECT id FROM copied", database: "copy") == "5")
                try await cluster.dropDatabase("copy")
                try await cluster.dropDatabase("copy")
                #expect(try await cluster.execute("SELECT count(*) FROM pg_database WHERE datname = 'copy'") == "0")
            }
        }

        @Test("a removed temporary server leaves no process and no folder")
        func removed() async throws {
            let (server, folder) = try await withTemporaryCluster { cluster in
                (try #require(cluster.processID), cluster.folder)
            }
            #expect(!FileFacts.isRunning(server))
            #expect(!FileManager.default.fileExists(atPath: folder))
        }

        @Test("when the server does not start, the error holds what the server said of it, and nothing is left running")
        func serverSaysWhy() async throws {
            try await withTemporaryFolder { folder in
                let path = folder.path(of: "cluster")
                let refused = try await PostgresCluster(
                    .persistent(folder: path), settings: ["shared_buffers": "a lot"])
                let error = await #expect(throws: ClusterError.self) { try await refused.start() }
                #expect(error?.code == .startFailed)
                #expect(error?.message.contains("shared_buffers") == true)
                #expect(!refused.isRunning)
                // The folder is free again, and right for the next.
                try await PrivateClusterTests.withPersistentCluster(at: path) { cluster in
                    #expect(cluster.isRunning)
                }
            }
        }
    }
}

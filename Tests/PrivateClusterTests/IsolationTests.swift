import Foundation
import PrivateCluster
import TestSupport
import Testing

extension PrivateClusterTests {
    @Suite("keeps to itself")
    struct Isolation {
        @Test("it listens on its socket and on no network address")
        func noNetwork() async throws {
            try await withTemporaryCluster { cluster in
                let server = try #require(cluster.processID)
                // One session, so that the socket is seen to work.
                #expect(try await cluster.execute("SHOW listen_addresses") == "")
                // Of its own: the statistics collector's socket went with version 15.
                #expect(try FileFacts.internetSockets(of: server) == [])
            }
        }

        @Test("it runs as the user 'postgres' when root starts it, and otherwise as whoever starts it")
        func account() async throws {
            try await withTemporaryCluster { cluster in
                let server = try #require(cluster.processID)
                let account = geteuid() == 0 ? try await Self.number(of: "postgres") : geteuid()
                #expect(account != 0)
                #expect(try FileFacts.owner(of: "/proc/\(server)") == account)
                #expect(try FileFacts.owner(of: "\(cluster.folder)/data") == account)
            }
        }

        @Test("nobody but its user can enter the data or the socket's folder")
        func privateFolders() async throws {
            try await withTemporaryCluster { cluster in
                let socketFolder = try #require(cluster.socketFolder)
                #expect(try FileFacts.permissions(of: "\(cluster.folder)/data") == 0o700)
                #expect(try FileFacts.permissions(of: socketFolder) == 0o700)
                #expect(try FileFacts.owner(of: cluster.folder) == geteuid())
            }
        }

        @Test("two of them run at the same time, each with its own databases")
        func twoAtOnce() async throws {
            try await withTemporaryCluster { first in
                try await withTemporaryCluster { second in
                    try await first.createDatabase("one")
                    try await second.createDatabase("two")
                    let names = "SELECT datname FROM pg_database WHERE datname IN ('one', 'two')"
                    #expect(try await first.execute(names) == "one")
                    #expect(try await second.execute(names) == "two")
                }
            }
        }

        @Test("libpq's variables of the person who starts it do not reach it")
        func foreignVariables() async throws {
            await #expect(processExitsWith: .success) {
                unsafe setenv("PGHOSTADDR", "127.0.0.1", 1)
                unsafe setenv("PGSSLMODE", "verify-full", 1)
                try await withTemporaryCluster { cluster in
                    try #require(try await cluster.execute("SELECT 1") == "1")
                }
            }
        }

        @Test("a folder whose path is too long for a socket has its socket elsewhere, as private, and keeps it")
        func longPath() async throws {
            try await withTemporaryFolder { folder in
                let path = folder.path(of: String(repeating: "long/", count: 30) + "end")
                try await PrivateClusterTests.withPersistentCluster(at: path) { cluster in
                    let socketFolder = try #require(cluster.socketFolder)
                    defer { try? FileManager.default.removeItem(atPath: socketFolder) }
                    #expect(socketFolder.utf8.count < 80)
                    #expect(try FileFacts.permissions(of: socketFolder) == 0o700)
                    try await cluster.restart()
                    #expect(cluster.socketFolder == socketFolder)
                    #expect(try await cluster.execute("SELECT 1") == "1")
                }
            }
        }

        @Test("blanks, quotes and letters of any language in the folder's path are nothing special")
        func oddPath() async throws {
            try await withTemporaryFolder { folder in
                let path = folder.path(of: "it's a \"bücherei\", yes\\no %20 &?")
                try await PrivateClusterTests.withPersistentCluster(at: path) { cluster in
                    let socketFolder = try #require(cluster.socketFolder)
                    // Outside, for the setting takes a comma for the end of a folder's name.
                    defer { try? FileManager.default.removeItem(atPath: socketFolder) }
                    #expect(try await cluster.execute("SELECT 1") == "1")
                }
            }
        }

        private static func number(of account: String) async throws -> UInt32? {
            let outcome = try await TestProgram(path: "/usr/bin/id").run(["-u", account])
            return UInt32(outcome.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }
}

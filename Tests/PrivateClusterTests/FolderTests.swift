import Foundation
import PrivateCluster
import TestSupport
import Testing

extension PrivateClusterTests {
    @Suite("looks at its folder first")
    struct Folder {
        @Test("a folder that somebody uses now is refused, and whoever uses it is named")
        func inUse() async throws {
            try await withTemporaryFolder { folder in
                let path = folder.path(of: "cluster")
                try await PrivateClusterTests.withPersistentCluster(at: path) { cluster in
                    let second = try await PostgresCluster(.persistent(folder: path))
                    let error = await #expect(throws: ClusterError.self) { try await second.start() }
                    #expect(error?.code == .folderInUse)
                    #expect(error?.message.contains("process \(getpid())") == true)
                    let refused = await #expect(throws: ClusterError.self) { try await second.stop() }
                    #expect(refused?.code == .folderInUse)
                    #expect(cluster.isRunning)
                }
            }
        }

        @Test("a file where the folder should be is refused by name and stays")
        func fileInTheWay() async throws {
            try await withTemporaryFolder { folder in
                let path = try folder.write("a letter", to: "cluster")
                let cluster = try await PostgresCluster(.persistent(folder: path))
                let error = await #expect(throws: ClusterError.self) { try await cluster.start() }
                #expect(error?.code == .folderUnusable)
                #expect(error?.message.contains(path) == true)
                #expect(try folder.text(of: "cluster") == "a letter")
            }
        }

        @Test("a folder for data that others may enter is refused")
        func openSocketFolder() async throws {
            try await withTemporaryFolder { folder in
                let socketFolder = folder.path(of: "cluster/socket")
                try FileManager.default.createDirectory(atPath: socketFolder, withIntermediateDirectories: true)
                try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: socketFolder)
                let cluster = try await PostgresCluster(.persistent(folder: folder.path(of: "cluster")))
                let error = await #expect(throws: ClusterError.self) { try await cluster.start() }
                #expect(error?.code == .folderUnusable)
                #expect(error?.message.contains(socketFolder) == true)
            }
        }

        @Test("what a crashed server left in the way of the next, naming a process that lives, is cleared away")
        func staleFiles() async throws {
            try await withTemporaryFolder { folder in
                try await PrivateClusterTests.withPersistentCluster(at: folder.path(of: "cluster")) { cluster in
                    try await cluster.stop()
                    try await withTemporaryCluster { other in
                        // As after a crash, when the server's number has been given to a process of the same user.
                        try Self.leaveFiles(of: cluster, naming: try #require(other.processID))
                        try await cluster.start()
                        #expect(try await cluster.execute("SELECT 1") == "1")
                        #expect(other.isRunning)
                    }
                }
            }
        }

        @Test("half a data folder is moved aside, not lost, and a whole one is made")
        func halfDataFolder() async throws {
            try await withTemporaryFolder { folder in
                let path = folder.path(of: "cluster")
                try folder.write("15\n", to: "cluster/data/PG_VERSION")
                try folder.write("half", to: "cluster/initialising-abc/PG_VERSION")
                try await PrivateClusterTests.withPersistentCluster(at: path) { cluster in
                    try await cluster.execute("SELECT 1")
                }
                let names = try FileManager.default.contentsOfDirectory(atPath: path)
                #expect(names.count { $0.hasPrefix("data.incomplete-") } == 1)
                #expect(!names.contains { $0.hasPrefix("initialising-") })
            }
        }

        @Test("data of a version that is not installed are refused, with what to install")
        func otherVersion() async throws {
            try await withTemporaryFolder { folder in
                try folder.write("9\n", to: "cluster/data/PG_VERSION")
                try folder.write("", to: "cluster/data/global/pg_control")
                let error = await #expect(throws: ClusterError.self) {
                    _ = try await PostgresCluster(.persistent(folder: folder.path(of: "cluster")))
                }
                #expect(error?.code == .versionMissing)
                #expect(error?.message.contains("postgresql-9") == true)
            }
        }

        private static func leaveFiles(of cluster: PostgresCluster, naming processID: Int32) throws {
            let data = "\(cluster.folder)/data"
            let socket = "\(try #require(cluster.socketFolder))/.s.PGSQL.\(cluster.port)"
            let left = "\(processID)\n\(data)\n1700000000\n\(cluster.port)\n"
            for file in ["\(data)/postmaster.pid", socket, "\(socket).lock"] {
                try Data(left.utf8).write(to: URL(fileURLWithPath: file))
                // As the server itself writes it; only root may give it away.
                let owner = NSNumber(value: try FileFacts.owner(of: data))
                try FileManager.default.setAttributes([.ownerAccountID: owner], ofItemAtPath: file)
            }
        }

        @Test("the demo's folder lies in the project's where the server's user can enter that")
        func folderInProject() async throws {
            try await withTemporaryFolder { folder in
                let chosen = try PostgresCluster.defaultFolder(project: folder.path)
                #expect(chosen == "\(folder.path)/.coverdesk")
            }
        }

        @Test("the demo's folder lies elsewhere where the project's will not do, the same each time")
        func folderElsewhere() async throws {
            try await withTemporaryFolder { folder in
                // Nobody else may enter when root runs this, and not even its owner may write otherwise.
                try FileManager.default.setAttributes(
                    [.posixPermissions: geteuid() == 0 ? 0o700 : 0o500], ofItemAtPath: folder.path)
                let chosen = try PostgresCluster.defaultFolder(project: folder.path)
                #expect(!chosen.hasPrefix(folder.path))
                #expect(chosen.contains("/coverdesk/"))
                #expect(try PostgresCluster.defaultFolder(project: folder.path) == chosen)
            }
        }
    }
}

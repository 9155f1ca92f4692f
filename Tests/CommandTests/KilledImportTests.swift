import PostgresClient
import StorageTestSupport
import TestSupport
import Testing

@Suite("An import that is killed")
struct KilledImportTests {
    @Test("kill -9 in the middle leaves nothing, and the import can be run again")
    func leavesNothing() async throws {
        try await withDesk { desk in
            try await desk.whileLocked("demand") {
                try await TestProgram.coverdesk.withRunning(
                    ["import", Example.small], environment: desk.settings
                ) { program in
                    // Libraries and operators are written by now, demand waits for us.
                    try await desk.waitUntilBlocked()
                    program.kill()
                    _ = try await program.end()
                }
            }
            try await desk.waitUntilGone()
            #expect(try await desk.database.execute("SELECT count(*) FROM consortium") == "0")
            #expect(try await desk.database.execute("SELECT count(*) FROM operator") == "0")
            #expect(try await desk.json("import", Example.small)["is_done"] as? Bool == true)
        }
    }
}

extension Desk {
    /// Holds a table so that nobody else can read or write it while the body runs.
    fileprivate func whileLocked(_ table: String, _ body: () async throws -> Void) async throws {
        try await PostgresConnection.withConnection(
            try PostgresConfiguration(connectionString: database.connectionString)
        ) { connection in
            try await connection.withTransaction { transaction in
                try await transaction.executeScript("LOCK TABLE \(table) IN SHARE MODE")
                try await body()
            }
        }
    }

    fileprivate func waitUntilBlocked() async throws {
        try await eventually("the import is blocked") { try await count("cardinality(pg_blocking_pids(pid)) > 0") > 0 }
    }

    fileprivate func waitUntilGone() async throws {
        try await eventually("its sessions are gone") { try await count("pid <> pg_backend_pid()") == 0 }
    }

    private func count(_ condition: String) async throws -> Int {
        let found = try await database.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND \(condition)")
        return Int(found) ?? 0
    }
}
